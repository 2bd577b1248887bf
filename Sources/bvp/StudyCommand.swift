import ArgumentParser
import CSignals
import Experiments
import Foundation
import Networks
import Parallel
import Studies
import Tables
import TensorFiles
import Training

struct StudyCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "study",
    abstract: "Train many networks that differ in what a file says.",
    discussion: """
      The file has a base (equation, preset, from and any key of recipe.yaml),
      axes (a list of values of a key, {log: [1, 100], count: 3}, or names with
      settings each), seeds, what to measure, and a baseline, {AXIS: PLACE},
      that the others are compared with. The study is the product of axes and
      seeds. Its folder receives a run for each, and study.csv, a row a
      run; tables show geometric means over seeds, and the factor of one
      geometric standard deviation. A study that was stopped, by whatever means,
      goes on when the same command is given again, and what has been trained is
      not trained again. The status is 1 if a run has failed. Noise in a measure is
      relative and on A, as that of robustness, unless the file says otherwise.

      EXAMPLE: which runs there are, and how long they take

        bvp study scripts/studies/width.yaml --output runs/width --dry-run

      EXAMPLE: two at a time

        bvp study scripts/studies/width.yaml --output runs/width --jobs 2
      """)

  @Argument(help: "The study's file.", completion: .file(extensions: ["yaml"]))
  var file: String

  @Option(
    name: .shortAndLong, help: "The study's folder.", completion: .directory)
  var output: String

  @Option(
    parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "A setting in the place of the base's, or axes.NAME or baseline.NAME.",
      valueName: "key=value"))
  var set: [String] = []

  @Option(
    parsing: .unconditional, help: "Seeds in the place of the file's.")
  var seeds: CommaList<UInt64>?

  @Option(
    parsing: .unconditional,
    help: "Runs at a time, which share the threads.")
  var jobs = 1

  @Option(help: "Take only part K of N of the runs.")
  var shard: Shard?

  @Option(
    help: ArgumentHelp(
      "What decides which setting is best. (default: the first measure's median, "
        + "or test_mse)", valueName: "column"))
  var by: String?

  @Flag(help: "List the runs and how long they take, and train nothing.")
  var dryRun = false

  @Option(help: .hidden)
  var worker: Int32?

  @OptionGroup var format: FormatOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    try seeds?.checkDistinct("--seeds")
    if dryRun, by != nil {
      throw ValidationError(
        "--by means nothing with --dry-run, which finds no best")
    }
    guard (1...ThreadPool.largestCount).contains(jobs) else {
      throw ValidationError(
        "--jobs must lie between 1 and \(ThreadPool.largestCount)")
    }
  }

  /// The threads of a run.
  private var share: Int { max(1, threads.count / jobs) }

  func run() throws {
    try requireOutputName(output)
    let study = try study()
    if let by { try check(by, study) }
    try refuseFile(at: output)
    let precisions = PrecisionChoices(threads: share)
    let folder = try StudyFolder(
      study, in: output, precision: precisions.choose)
    let entries = part(of: folder.entries)
    if dryRun { return try show(plan: entries, of: folder) }
    let cancellation = Interrupt.watch()
    if let worker {
      guard cs_follow_parent(worker, SIGTERM) != 0 else { return }
      do { return try follow(folder, entries, cancellation) } catch is Cancelled
      { throw ExitCode(Interrupt.status) }
    }
    try begin(study)
    folder.remarks.forEach(messages.warning)
    folder.forgetFailures(of: entries)
    do {
      if jobs == 1 {
        try follow(folder, entries, cancellation)
      } else {
        try StudyWorkers(
          arguments(), count: jobs, messages: messages
        ).run(folder, entries, cancellation)
      }
    } catch is Cancelled {
      Console.notice("interrupted; the same command goes on")
      throw ExitCode(Interrupt.status)
    }
    try finish(folder, entries)
  }

  /// The file's study, with what was set.
  private func study() throws -> Study {
    var study = try Study(contentsOf: file)
    for setting in set {
      let parts = setting.split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty, !parts[1].isEmpty else {
        throw CommandFailure("--set takes KEY=VALUE, not '\(setting)'")
      }
      try study.set(String(parts[0]), to: String(parts[1]))
    }
    if let seeds { study.seeds = seeds.values }
    return study
  }

  private func check(_ by: String, _ study: Study) throws {
    // A share that some seeds never reach has no mean.
    let known = StudyFolder.quantities(of: study).filter {
      $0 != StudyTable.baselineQuantities[1]
    }
    guard known.contains(by) else {
      throw CommandFailure(
        "--by: nothing is best by '\(by)'; there are "
          + known.joined(separator: ", "))
    }
  }

  private func part(of entries: [StudyFolder.Entry]) -> [StudyFolder.Entry] {
    guard let shard else { return entries }
    return entries.enumerated().filter {
      $0.offset % shard.count == shard.index - 1
    }.map(\.element)
  }

  /// Makes the folder, and keeps what it is of.
  private func begin(_ study: Study) throws {
    try createFolder(output)
    let copy = output + "/study.yaml"
    try refuseReplacedInput(copy)
    let path = output + "/study.csv"
    try refuseReplacedInput(path)
    try checkRecord(beside: path)
    try afterOthers {
      if textOfFile(copy) != study.source {
        try writeAtomically(study.source, to: copy)
      }
    }
  }

  /// The arguments of a worker, which takes the runs that no other is at.
  private func arguments() -> [String] {
    var arguments = ["study", file, "--output", output]
    for setting in set { arguments += ["--set", setting] }
    if let seeds {
      let list = seeds.values.map { "\($0)" }.joined(separator: ",")
      arguments += ["--seeds", list]
    }
    if let shard { arguments += ["--shard", "\(shard.index)/\(shard.count)"] }
    return arguments
      + ["--threads", "\(share)", "--worker", "\(getpid())", "--quiet"]
  }

  // MARK: Running

  private func follow(
    _ folder: StudyFolder, _ entries: [StudyFolder.Entry],
    _ cancellation: Cancellation
  ) throws {
    // A worker tells of failures alone.
    var shown = messages
    if worker != nil { shown.quiet = true }
    var lines = StudyProgress(shown, count: entries.count)
    for (number, entry) in entries.enumerated() {
      try cancellation.check()
      lines.begin(entry.name, number)
      let outcome = try folder.run(
        entry, threads: share, cancellation: cancellation,
        report: { lines.show($0, $1) })
      lines.clear()
      switch outcome {
      case .done: break
      case .busy:
        shown.notice("\(entry.name): another process is at it")
      case .failed(let reason): messages.warning("\(entry.name): \(reason)")
      }
    }
  }

  private func finish(
    _ folder: StudyFolder, _ entries: [StudyFolder.Entry]
  ) throws {
    // Parts that end together write one after another, each what there is by then.
    let table = try afterOthers {
      let file = try AtomicFile(path: folder.tablePath)
      let table = try folder.table()
      try writeTable(table.result, to: file)
      return table
    }
    try format.show(table.result, text: table.text.lines)
    say(baselineOf: folder.study)
    let left = table.rows.count { $0.state != "done" }
    if left > 0 {
      messages.notice(
        "\(left) of \(table.rows.count) runs have no result yet: "
          + "the column state of \(folder.tablePath) says why")
    }
    let quantity =
      by ?? folder.study.measures.first.map { $0.column("median") }
      ?? "test_mse"
    for remark in [
      table.verdict(by: quantity), table.powerLawText(of: quantity),
    ] {
      if let remark { messages.notice(remark) }
    }
    let own = Set(entries.map(\.name))
    let failed = table.rows.count {
      own.contains($0.run) && !["done", "begun", "new"].contains($0.state)
    }
    if failed > 0 {
      try Console.flush()
      throw CommandFailure(
        "\(failed) of \(entries.count) runs have failed; the same command tries "
          + "them again")
    }
  }

  /// Says what the others are compared with.
  private func say(baselineOf study: Study) {
    guard let baseline = study.baselineTitle else { return }
    messages.notice(
      "the baseline is \(baseline): × baseline is the test mse over that of its run "
        + "of the same seed, reached after a share of the samples that it saw")
  }

  /// Writes what another process may be writing at the moment.
  private func afterOthers<T>(_ write: () throws -> T) throws -> T {
    for _ in 0..<200 {
      do { return try write() } catch SafetensorsError.busy {
        Thread.sleep(forTimeInterval: 0.05)
      }
    }
    return try write()
  }

  // MARK: The plan

  private func show(
    plan entries: [StudyFolder.Entry], of folder: StudyFolder
  ) throws {
    var times = StepTimes(threads: share)
    var total = 0.0
    var rows: [PlannedRun] = []
    for entry in entries {
      let state = try folder.state(entry)
      var row = PlannedRun()
      row.run = entry.name
      row.state = state
      row.steps = entry.recipe.plannedSteps
      row.samples = row.steps * entry.recipe.schedule.batch
      row.parameters = try entry.recipe.configuration().layout.parameterCount
      row.seconds =
        state == "done"
        ? 0
        : try Double(max(0, row.steps - entry.step)) * times.of(entry.recipe)
      total += row.seconds
      rows.append(row)
    }
    try format.show(ResultTable(rows))
    say(baselineOf: folder.study)
    let left = rows.count { $0.state != "done" }
    messages.notice(
      "\(left) of \(rows.count) runs to do, about "
        + "\(ProgressBar.time(total / Double(jobs)))"
        + (jobs > 1 ? " with \(jobs) at a time" : "")
        + ", tests and measures not counted")
  }
}

/// A run that is to be done.
private struct PlannedRun: ResultRow {
  var run = ""
  var state = ""
  var steps = 0
  var samples = 0
  var parameters = 0
  var seconds = 0.0

  static var fields: [ResultField<PlannedRun>] {
    [
      .column("run", \.run), .column("state", \.state),
      .column("steps", \.steps), .column("samples_seen", \.samples),
      .column("parameters", \.parameters),
      .column("seconds", \.seconds, heading: "seconds left", unit: "s"),
    ]
  }
}

/// The time of a step by a recipe, measured once for each kind of network.
private struct StepTimes {
  let threads: Int
  private var known: [String: Double] = [:]

  init(threads: Int) { self.threads = threads }

  mutating func of(_ recipe: Recipe) throws -> Double {
    let shape = try recipe.configuration()
    let (batch, chunk) = (recipe.schedule.batch, recipe.schedule.chunk)
    let rhs = recipe.data.rhs ?? 1
    let key =
      "\(shape.summary) \(batch) \(chunk) \(rhs) \(recipe.optimizer.kind) "
      + "\(recipe.precision.products)"
    if let time = known[key] { return time }
    let row = try Benchmark(threads: threads, repeats: 2).network(
      "step", shape, precision: recipe.precision.products,
      batch: min(batch, recipe.data.samples), chunk: min(chunk, batch),
      optimizer: recipe.optimizer.kind)
    let seconds = row.millisecondsPerStep / 1e3
    known[key] = seconds
    return seconds
  }
}

/// The faster precision of each kind of network on this machine.
private final class PrecisionChoices {
  private let threads: Int
  private var known: [String: Precision] = [:]

  init(threads: Int) { self.threads = threads }

  func choose(for recipe: Recipe) throws -> Precision {
    let shape = try recipe.configuration()
    if let precision = known[shape.summary] { return precision }
    let found = try PrecisionTrial(
      shape, engine: ComputeEngine(threads: threads),
      chunk: min(recipe.schedule.chunk, recipe.schedule.batch),
      isTraining: true
    ).fastest
    known[shape.summary] = found
    return found
  }
}
