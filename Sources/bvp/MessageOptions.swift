import ArgumentParser

/// Options of verbs that say what they are doing.
struct MessageOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Show no progress and no messages.")
  var quiet = false

  /// The progress of a job that counts `total` of a unit.
  func progress(_ title: String, total: Int, unit: String) -> ProgressBar {
    ProgressBar(title, total: total, unit: unit, isQuiet: quiet)
  }

  /// Says something unless nothing is to be said.
  func notice(_ message: String) {
    if !quiet { Console.notice(message) }
  }
}
