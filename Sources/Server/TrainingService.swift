import Equations
import Foundation
import Networks
import Tables
import TensorFiles
import Training

/// The training runs of the workspace.
struct TrainingService: Sendable {
  let folder: ServedFolder
  let jobs: JobCenter

  // MARK: Which there are

  private enum State: String, Encodable {
    case running, stopped, finished, broken
  }

  private struct Run: Encodable, Sendable {
    let path: String
    var verb: String?
    var equation: String?
    var model: String?
    var state = State.stopped
    var step = 0
    var totalSteps: Int?
    var testMSE: Double?
    var testRelativeMSE: Double?
    var seconds: Double?
    var modified = 0.0
    var job: Int?
    var problem: String?
  }

  func list(_ fields: RequestFields) throws -> Answer {
    try fields.finish()
    return try .json(
      folder.runs().map {
        try Work.current.check()
        return describe($0)
      })
  }

  private func describe(_ run: RunFolder) -> Run {
    var result = Run(path: run.path)
    do {
      let recipe = try recipe(of: run)
      let rows = try rows(of: run)
      result.verb = recipe.verb
      result.equation = recipe.equation
      result.model = recipe.model
      result.totalSteps = recipe.totalSteps
      if let last = rows.last {
        result.step = last.step
        result.testMSE = last.testMSE.ifFinite
        result.testRelativeMSE = last.testRelativeMSE.ifFinite
        result.seconds = last.seconds.ifFinite
      }
      let stamps = [run.metrics, run.state, run.recipe].compactMap {
        folder.entry($0)?.modified
      }
      result.modified = stamps.max() ?? 0
      let job = jobs.live(at: run.path)
      result.job = job?.id
      result.problem = recipe.remark
      if job != nil || FolderLock.isHeld(run.path) {
        result.state = .running
      } else if result.step >= recipe.totalSteps {
        result.state = .finished
      }
    } catch {
      result.state = .broken
      result.problem = "\(error)".onOneLine
    }
    return result
  }

  /// What is shown of a recipe.
  private struct RecipeFacts: Sendable {
    let verb: String
    let equation: String
    let model: String
    let totalSteps: Int
    let samplesPerStep: Double
    /// What cannot be told of it.
    let remark: String?
    /// The commands that have extended the run since the one that began it, without
    /// the run's folder.
    let extensions: [[String]]
  }

  private func recipe(of run: RunFolder) throws -> RecipeFacts {
    guard let entry = folder.entry(run.recipe), entry.bytes <= 1 << 20 else {
      throw ServiceError.missing("\(run.recipe): cannot be read")
    }
    return try folder.cached(entry, as: "recipe") { _ in
      let recipe = try run.readRecipe()
      let name = Judged {
        try recipe.data.equation.map {
          try Equation(yaml: $0, path: run.recipe).name
        }
      }
      return RecipeFacts(
        verb: recipe.verb, equation: (name.value ?? nil) ?? "",
        model: recipe.network.model.rawValue, totalSteps: recipe.totalSteps,
        samplesPerStep: Double(recipe.schedule.batch),
        remark: name.warnings("its equation").first,
        extensions: Self.extensions(recipe))
    }
  }

  /// The options that have extended a run, one list for each time.
  private static func extensions(_ recipe: Recipe) -> [[String]] {
    let schedule = recipe.schedule
    guard let ends = schedule.earlierEnds, !ends.isEmpty else { return [] }
    let total = recipe.totalSteps
    return (ends.dropFirst() + [total]).map { end in
      schedule.steps == nil
        ? ["--epochs", "\(schedule.epochs * end / max(1, total))"]
        : ["--steps", "\(end)"]
    }
  }

  private func rows(of run: RunFolder) throws -> [TrainingRow] {
    guard let entry = folder.entry(run.metrics) else {
      guard FileManager.default.fileExists(atPath: run.metrics) else {
        return []
      }
      throw ServiceError.missing("\(run.metrics): is no file of the workspace")
    }
    guard entry.bytes <= 1 << 25 else {
      throw ServiceError.wrong("\(run.metrics): has more than 32 MiB")
    }
    return try folder.cached(entry, as: "metrics") { _ in
      try run.readMetrics()
    }
  }

  /// The run that a request names.
  private func run(_ path: String) throws -> RunFolder {
    let run = RunFolder(try folder.existing(path))
    guard folder.entry(run.recipe) != nil else {
      throw ServiceError.missing("\(path): is no run")
    }
    try folder.checkLinks(in: path)
    return run
  }

  // MARK: One

  private struct RunDetail: Encodable {
    let run: Run
    let recipe: String
    let command: String
    let columns: [String]
    let rows: [Numbers]
    let samplesPerSecond: Double?
    let secondsLeft: Double?
  }

  func detail(_ fields: RequestFields) throws -> Answer {
    let path = try fields.requiredText("path")
    let format: AnswerFormat = try fields.choice("format") ?? .json
    try fields.finish()
    let folder = try run(path)
    let rows = try rows(of: folder)
    if format == .csv {
      return .csv(
        ResultTable(rows), name: shortName(of: path, unless: "") + "-metrics")
    }
    let run = describe(folder)
    let speed = speed(run, rows)
    return try .json(
      RunDetail(
        run: run,
        recipe: try self.folder.text(folder.recipe) ?? "",
        command: try command(of: folder),
        columns: TrainingRow.fields.map(\.column.name),
        rows: rows.map {
          Numbers([
            Double($0.epoch), Double($0.step), Double($0.samples),
            $0.learningRate, $0.trainMSE, $0.testMSE, $0.testRelativeMSE,
            $0.seconds,
          ])
        }, samplesPerSecond: speed.samples, secondsLeft: speed.left))
  }

  /// How fast a run is, by its job or between its last two evaluations.
  private func speed(_ run: Run, _ rows: [TrainingRow]) -> (
    samples: Double?, left: Double?
  ) {
    guard run.state == .running else { return (nil, nil) }
    if let job = jobs.live(at: run.path), let rate = job.rate {
      return (rate, job.secondsLeft)
    }
    guard rows.count > 1, let last = rows.last, let total = run.totalSteps
    else {
      return (nil, nil)
    }
    let before = rows[rows.count - 2]
    let seconds = last.seconds - before.seconds
    let samples = Double(last.samples - before.samples)
    let steps = Double(last.step - before.step)
    guard seconds > 0, samples > 0, steps > 0 else { return (nil, nil) }
    return (
      samples / seconds, Double(total - last.step) * seconds / steps
    )
  }

  /// The command that began a run, as it was recorded, and those that have extended
  /// it since; none of a run without a record.
  private func command(of run: RunFolder) throws -> String {
    let record = try folder.text(run.metrics + ".command")?
      .trimmingCharacters(in: .whitespacesAndNewlines)
    guard let record, !record.isEmpty else { return "" }
    let facts = try recipe(of: run)
    let verb = ["bvp"] + facts.verb.components(separatedBy: " ")
    let more = facts.extensions.map {
      shellLine(verb + ["--resume", "--output", run.path] + $0)
    }
    return ([record] + more).joined(separator: "\n")
  }

  // MARK: New ones

  private enum Verb: String, CaseIterable { case pretrain, finetune }
  private enum OptimizerChoice: String, CaseIterable { case muon, adamw }

  func train(_ fields: RequestFields) throws -> Answer {
    guard let verb: Verb = try fields.choice("verb") else {
      throw fields.missing("verb")
    }
    let equation = try fields.text("equation")
    let name = try fields.requiredText("name")
    var words = [verb.rawValue] + (equation.map { [$0] } ?? [])
    let from = try fields.text("from")
    let data = try fields.text("data")
    let testData = try fields.text("testData")
    let model: NetworkConfiguration.Model? = try fields.choice("model")
    let preset: Recipe.Preset? = try fields.choice("preset")
    let optimizer: OptimizerChoice? = try fields.choice("optimizer")
    let online = try fields.flag("online") ?? false
    let rate = try fields.number(
      "learningRate", in: Double.leastNonzeroMagnitude...100)
    let counts = try Self.counts.compactMap { own -> (String, Int)? in
      try fields.integer(own.field, in: own.range).map { (own.flag, $0) }
    }
    try fields.finish()
    if let equation { _ = try folder.equation(equation) }
    if equation == nil, data == nil { throw fields.missing("equation") }
    if let from { words += ["--from", try folder.file(from).path] }
    if let data { words += ["--data", try folder.file(data).path] }
    if let testData {
      words += ["--test-data", try folder.file(testData).path]
    }
    if let model { words += ["--model", model.rawValue] }
    if let preset { words += ["--preset", preset.rawValue] }
    if let optimizer { words += ["--optimizer", optimizer.rawValue] }
    if online { words.append("--online") }
    if let rate { words += ["--learning-rate", NumberFormat.exact.text(rate)] }
    words += counts.flatMap { [$0, "\($1)"] }
    if verb == .finetune {
      guard from != nil else { throw fields.missing("from") }
      for (flag, isGiven) in [
        ("model", model != nil),
        ("width", counts.contains { $0.0 == "--width" }),
        ("depth", counts.contains { $0.0 == "--depth" }),
        ("heads", counts.contains { $0.0 == "--heads" }),
        ("nodes", counts.contains { $0.0 == "--nodes" }),
      ] where isGiven {
        throw ServiceError.wrong("'\(flag)' is the checkpoint's")
      }
    } else if from != nil {
      throw ServiceError.wrong("'from' goes with finetune")
    }
    let output = try folder.newPath("runs", name)
    return try .json(
      jobs.start(
        verb == .pretrain ? .pretrain : .finetune, path: output,
        arguments: words + ["--output", output], total: 0, unit: "samples"))
  }

  /// The fields that are integers, and their flags.
  private static let counts:
    [(field: String, flag: String, range: ClosedRange<Int>)] = [
      ("samples", "--samples", 1...1_000_000_000),
      ("nodes", "--nodes", SampleRequest.nodeCounts),
      ("steps", "--steps", 1...1_000_000_000),
      ("epochs", "--epochs", 1...1_000_000),
      ("batch", "--batch", 1...1_048_576),
      ("width", "--width", 1...65_536),
      ("depth", "--depth", 1...1024),
      ("heads", "--heads", 1...1024),
      ("seed", "--seed", SampleRequest.seeds),
      ("testSamples", "--test-samples", 1...1_000_000),
      ("evaluateEvery", "--evaluate-every", 1...1_000_000_000),
    ]

  func resume(_ fields: RequestFields) throws -> Answer {
    let path = try fields.requiredText("path")
    let steps = try fields.integer("steps", in: 1...1_000_000_000)
    try fields.finish()
    let own = try run(path)
    let facts = try recipe(of: own)
    guard facts.verb != "newton train" else {
      throw ServiceError.wrong("\(path): is a run of newton train")
    }
    guard own.hasState else {
      throw ServiceError.wrong("\(own.state): is not there to resume from")
    }
    if let steps, let last = try rows(of: own).last,
      last.step < facts.totalSteps
    {
      throw ServiceError.taken(
        "\(path): takes its own \(facts.totalSteps) steps before \(steps)")
    }
    if FolderLock.isHeld(own.path) {
      throw ServiceError.taken("\(path): another process is at it")
    }
    return try .json(
      jobs.start(
        facts.verb == "pretrain" ? .pretrain : .finetune, path: own.path,
        arguments: [facts.verb, "--resume", "--output", own.path]
          + (steps.map { ["--steps", "\($0)"] } ?? []),
        total: 0, unit: "samples"))
  }

  // MARK: Several

  private struct RunComparison: Encodable {
    struct Curve: Encodable {
      let path: String
      let steps: Numbers
      let testMSE: Numbers
      let testRelativeMSE: Numbers
      let trainMSE: Numbers
    }

    let header: [String]
    let rows: [[String]]
    let numeric: [Bool]
    let curves: [Curve]
    let command: String
  }

  func compare(_ fields: RequestFields) throws -> Answer {
    let paths = try fields.texts("path", most: 16)
    let format: AnswerFormat = try fields.choice("format") ?? .json
    try fields.finish()
    let folders = try paths.map(run)
    let rows = try folders.map(self.rows)
    let table = ResultTable(
      comparing: shortNames(of: paths, unless: "model"),
      settings: try folders.map { try $0.readRecipe().comparableSettings() },
      last: rows.map(\.last))
    if format == .csv { return .csv(table, name: "runs") }
    let text = table.text
    return try .json(
      RunComparison(
        header: text.header, rows: text.rows, numeric: text.isText.map { !$0 },
        curves: zip(paths, rows).map { path, rows in
          .init(
            path: path, steps: Numbers(rows.map { Double($0.step) }),
            testMSE: Numbers(rows.map(\.testMSE)),
            testRelativeMSE: Numbers(rows.map(\.testRelativeMSE)),
            trainMSE: Numbers(rows.map(\.trainMSE)))
        }, command: shellLine(["bvp", "compare"] + paths)))
  }

  /// The report of runs, by the command that makes it.
  func report(_ fields: RequestFields) throws -> Answer {
    let paths = try fields.texts("path", most: 16).map(folder.existing)
    try fields.finish()
    for path in paths { try folder.checkLinks(in: path) }
    let file = FileManager.default.temporaryDirectory
      .appendingPathComponent("bvp-report-\(UUID().uuidString).html")
    defer { unlink(file.path) }
    try folder.command(["report"] + paths + ["--output", file.path])
    guard let page = FileManager.default.contents(atPath: file.path) else {
      throw ServiceError.wrong("the report cannot be read")
    }
    return .page(page)
  }
}
