import ArgumentParser

/// Options of verbs that say what they are doing.
struct MessageOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Show no progress and no messages.")
  var quiet = false

  /// Shows the progress of a job that counts `total` of a unit; the bar is gone
  /// when the job ends, in whatever way.
  func progress<T>(
    _ title: String, total: Int, unit: String,
    _ job: (ProgressBar) throws -> T
  ) rethrows -> T {
    let bar = ProgressBar(title, total: total, unit: unit, isQuiet: quiet)
    defer { bar.clear() }
    return try job(bar)
  }

  /// Warns of something unless nothing is to be said.
  func warning(_ message: String) {
    if !quiet { Console.warning(message) }
  }

  /// Says something unless nothing is to be said.
  func notice(_ message: String) {
    if !quiet { Console.notice(message) }
  }
}
