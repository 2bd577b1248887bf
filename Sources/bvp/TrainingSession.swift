import ArgumentParser
import Networks
import Parallel
import Ranks
import Tables
import Training

/// Follows a recipe and shows how it goes.
struct TrainingSession {
  private let run: TrainingRun
  private let messages: MessageOptions
  private let threads: Int
  /// What was measured before the run.
  private let preface: [String]
  private var recipe: Recipe { run.recipe }

  /// Begins a run by a new recipe, or resumes one by its own.
  ///
  /// - Parameters:
  ///   - verb: the name of the job.
  ///   - options: where the run is kept.
  ///   - threads: threads to use.
  ///   - messages: what is said.
  ///   - recipe: makes the recipe that the command asks for, of a run that
  ///     begins or of one that goes on, and remarks on it.
  ///   - sources: makes the examples of a recipe.
  /// - Throws: what a training throws; `ExitCode` if it was interrupted.
  static func run(
    _ verb: String, _ options: RunOptions, _ threads: ThreadOptions,
    _ messages: MessageOptions,
    recipe: (SavedRun?, (String) -> Void) throws -> Recipe,
    sources: (Recipe) throws -> TrainingSources
  ) throws {
    try options.check()
    var preface: [String] = []
    let new = try RecipeFlags.naming {
      try options.resume ? nil : recipe(nil) { preface.append($0) }
    }
    let folder = RunFolder(options.output)
    let lock = try folder.lock()
    defer { withExtendedLifetime(lock) {} }
    // Another process may have written into it before it was locked.
    try options.check()
    let saved = try options.resume ? SavedRun(folder) : nil
    if let saved, !saved.verb.hasPrefix(verb) {
      throw CommandFailure(
        "\(options.output): is a run of \(saved.verb), not of \(verb)")
    }
    var asked = try RecipeFlags.naming {
      try new ?? recipe(saved) { preface.append($0) }
    }
    var located = asked
    if let saved { (asked, located) = saved.resumed(asked) }
    let cancellation = Interrupt.watch()
    let run = try RecipeFlags.naming {
      try TrainingRun(
        asked, sources: sources(located), folder: folder,
        resumes: saved != nil, threads: threads.count)
    }
    if saved == nil { try recordCommand(beside: folder.metrics) }
    try TrainingSession(
      run: run, messages: messages, threads: threads.count, preface: preface
    ).follow(verb, cancellation)
  }

  private func follow(_ verb: String, _ cancellation: Cancellation) throws {
    announce()
    if !messages.quiet { show([], 0) }
    var last: TrainingRow?
    let outcome = try messages.progress(
      verb, total: run.samplesSeen(after: run.totalSteps), unit: "samples"
    ) { bar in
      try run.run(cancellation: cancellation) { event in
        switch event {
        case .progress(let progress):
          bar.show(progress, of: run)
        case .evaluation(let row):
          bar.clear()
          last = row
          if !messages.quiet { show([row], 1) }
        }
      }
    }
    guard outcome == .finished else {
      Console.notice(
        "interrupted at step \(run.step) of \(run.totalSteps); to go on, add "
          + "--resume to the same command")
      throw ExitCode(Interrupt.status)
    }
    let tested = recipe.data.test.samples
    for remark in remarks(zeros: run.zeroTestSolutions, of: tested) {
      messages.notice("test: " + remark)
    }
    if recipe.network.encoding.isOfSystems, let doubt = last?.doubt {
      messages.warning(doubt)
    }
    messages.notice("the network is \(run.folder.model)")
  }

  private func announce() {
    preface.forEach(messages.notice)
    var precision = recipe.precision.products.rawValue
    if let share = recipe.precision.f32Share, share > 0,
      recipe.precision.products != .f32
    {
      precision += " and f32 for the last " + NumberFormat.percent.text(share)
    }
    messages.notice(
      "\(run.network.configuration.summary); "
        + "\(precision), \(workers), "
        + "\(run.encoding.kind.rawValue) tokens, "
        + recipe.optimizer.kind.rawValue)
    guard run.step > 0 else { return }
    if recipe.schedule.isFromBeforeChunks {
      messages.notice(
        "the run began before batches had chunks; it goes on in chunks of "
          + "\(recipe.schedule.chunk), and rounds otherwise than it would have")
    }
    messages.notice("resuming after step \(run.step) of \(run.totalSteps)")
    if run.isBeingExtended {
      let rate = NumberFormat.short.text
      messages.notice(
        "the run is extended: from here the learning rate is that of "
          + "\(run.totalSteps) steps, \(rate(run.learningRate(at: run.step))) "
          + "after \(rate(run.learningRate(at: run.step - 1)))")
    }
  }

  /// Who computes.
  private var workers: String {
    let ranks = Ranks.all.size
    let threads = "\(threads) thread\(threads == 1 ? "" : "s")"
    return ranks == 1 ? threads : "\(ranks) ranks of \(threads)"
  }

  /// Shows lines of a table that grows, the header (0) or a row (1).
  private func show(_ rows: [TrainingRow], _ line: Int) {
    Console.write(ResultTable(rows).text.lines(width: 9)[line] + "\n")
  }
}

extension TrainingRow {
  /// What is said of a network that is no better than the answer 0.
  fileprivate var doubt: String? {
    guard !(testRelativeMSE <= 1) else { return nil }
    let error = NumberFormat.short.text(testRelativeMSE)
    let cause =
      testRelativeMSE < 10
      ? "it has not learned to solve the systems"
      : "it diverged; a lower --learning-rate may help"
    return "the relative mse is \(error), that of the answer 0 is 1: \(cause)"
  }
}
