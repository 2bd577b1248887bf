import ArgumentParser
import Experiments
import Foundation
import Networks
import Newton
import TensorFiles
import Training

extension PNormProblem.Scaling: ExpressibleByArgument {}
extension PNormProblem.Start: ExpressibleByArgument {}

struct NewtonCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "newton",
    abstract: "Learn the steps of Newton's method for min ‖Ax − b‖ₚᵖ.",
    discussion: """
      EXAMPLE: the paper's experiment with a small network

        bvp newton generate --problems 1250 --output train.safetensors
        bvp newton generate --problems 125 --seed 1 --output test.safetensors
        bvp newton train --data train.safetensors --test-data test.safetensors \\
          --output runs/newton
        bvp newton compare runs/newton/model.safetensors \\
          --data test.safetensors --output newton.csv
      """,
    subcommands: [
      NewtonGenerateCommand.self, NewtonTrainCommand.self,
      NewtonCompareCommand.self,
    ])
}

// MARK: generate

struct NewtonGenerateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Solve random problems and keep the trajectories.",
    discussion: """
      A and b are uniform on [0, 1), then scaled; Newton's method runs from x₀
      until |f_k − f_{k+1}| ≤ the tolerance, f = ‖Ax − b‖ₚ. A Hessian that is not
      positive definite is damped, and the number of problems where that
      happened is reported.

      EXAMPLE:

        bvp newton generate --problems 1250 --output train.safetensors
      """)

  @Option(help: "The number of problems.")
  var problems: Int

  @Option(name: .shortAndLong, help: "The dataset.")
  var output: String

  @Option(help: "The seed.")
  var seed: UInt64 = 0

  @Option(help: "The first problem of the seed's sequence.")
  var first = 0

  @Option(name: .customShort("p"), help: "The exponent, at least 2.")
  var exponent = 6.0

  @Option(name: .customLong("rows"), help: "m, the rows of A.")
  var rows = 10_000

  @Option(name: .customLong("columns"), help: "n, the columns of A.")
  var columns = 60

  @Option(help: "What A is scaled to: frobenius, spectral or none.")
  var scaling = PNormProblem.Scaling.frobenius

  @Option(help: "x₀: zero, normal or uniform.")
  var start = PNormProblem.Start.zero

  @Option(help: "Of |f_k − f_{k+1}|.")
  var tolerance = 1e-5

  @Option(help: "The most steps of a problem.")
  var limit = 50

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var force: ForceOptions
  @OptionGroup var messages: OutputOptions

  func validate() throws {
    guard (1...10_000_000).contains(problems), first >= 0 else {
      throw ValidationError(
        "--problems must be positive, --first must not be negative")
    }
    guard exponent >= 2, exponent <= 100 else {
      throw ValidationError("-p must lie between 2 and 100")
    }
    guard (2...4096).contains(columns), rows > columns, rows <= 10_000_000
    else {
      throw ValidationError(
        "--columns must lie between 2 and 4096, --rows above that")
    }
    guard tolerance > 0, tolerance.isFinite, (1...10_000).contains(limit) else {
      throw ValidationError("--tolerance and --limit must be positive")
    }
  }

  func run() throws {
    try force.check(output)
    Interrupt.watch()
    let generator = NewtonGenerator(
      PNormProblem.Law(
        p: exponent, rows: rows, columns: columns, scaling: scaling,
        start: start), seed: seed, problems: first..<(first + problems),
      tolerance: tolerance, limit: limit, threads: threads.count)
    let bar = ProgressBar(
      "newton", total: problems, unit: "problems", isQuiet: messages.quiet)
    let summary = try generator.write(
      to: output, progress: { bar.update($0) },
      isCancelled: { Interrupt.isRequested })
    bar.clear()
    guard !messages.quiet else { return }
    Console.notice(
      "\(summary.problems) problems, \(summary.steps) steps "
        + "(\(short(Double(summary.steps) / Double(summary.problems))) each, "
        + "\(short(summary.millisecondsPerStep)) ms a step); mean f from "
        + "\(short(summary.objectives.start)) to "
        + "\(short(summary.objectives.end))")
    if summary.damped > 0 {
      Console.warning(
        "\(summary.damped) problems had a Hessian that was damped")
    }
    if summary.unconverged > 0 {
      Console.warning(
        "\(summary.unconverged) problems did not converge in \(limit) steps")
    }
  }
}

// MARK: train

struct NewtonTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network on the steps of trajectories.",
    discussion: """
      Token i is entry i of Aᵀb and of the iterate x, each times one gain; the
      target is entry i of Newton's step over the root mean square of all
      training steps. The test mse is that of the step as it is, the relative
      one that of each step over its own norm.

      EXAMPLE:

        bvp newton train --data train.safetensors --test-data test.safetensors \\
          --width 32 --depth 2 --output runs/newton
      """)

  @Option(help: "The trajectories to learn from.")
  var data: String

  @Option(help: "The embedding dimension.")
  var width: Int?

  @Option(help: "Transformer blocks.")
  var depth: Int?

  @Option(help: "Attention heads.")
  var heads: Int?

  @OptionGroup(title: "Run") var folder: RunOptions
  @OptionGroup(title: "Recipe") var training: TrainingOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    guard training.testData != nil || folder.resume else {
      throw ValidationError("--test-data is missing")
    }
  }

  func run() throws {
    try TrainingSession.run(
      "newton", folder, isQuiet: output.quiet, newRecipe: newRecipe)
  }

  private func newRecipe() throws -> Recipe {
    var recipe = Recipe.newton(training.preset)
    let dataset = try NewtonDataset(path: data)
    recipe.data = data
    recipe.nodes = dataset.n
    recipe.width = width ?? recipe.width
    recipe.depth = depth ?? recipe.depth
    recipe.heads = heads ?? recipe.heads
    training.apply(to: &recipe, threads: threads.count)
    recipe.samples = min(recipe.samples, dataset.count)
    if let path = training.testData {
      recipe.testSamples = min(
        recipe.testSamples, try NewtonDataset(path: path).count)
    }
    try recipe.validate()
    return recipe
  }
}

// MARK: compare

struct NewtonCompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Set learned steps beside classical ones: objective and time.",
    discussion: """
      Every method runs from x₀ until |f_k − f_{k+1}| ≤ the dataset's tolerance;
      what it takes to know f is part of its time. NAME + newton is the hybrid
      that finishes with classical steps when a learned one lowers f by less
      than one per cent. The CSV has every iterate: problem,method,step,seconds,
      objective; the table is the means, beside the time of a step when all
      problems go through the network at once.

      EXAMPLE:

        bvp newton compare runs/newton/model.safetensors \\
          --data test.safetensors --table
      """)

  @Argument(help: "Checkpoints that learned Newton steps.")
  var checkpoints: [String] = []

  @Option(help: "The test problems.")
  var data: String

  @Option(help: "Use the first problems only. (default: all)")
  var problems: Int?

  @Option(help: "The most steps.")
  var limit = 50

  @Option(help: "The networks' precision: auto, f32 or bf16.")
  var precision: PrecisionChoice = .f32

  @Option(name: .shortAndLong, help: "Write the CSV to this file as well.")
  var output: String?

  @OptionGroup var format: FormatOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var force: ForceOptions
  @OptionGroup var messages: OutputOptions

  func validate() throws {
    guard (problems ?? 1) >= 1, limit >= 1 else {
      throw ValidationError("--problems and --limit must be positive")
    }
  }

  func run() throws {
    if let output { try force.check(output) }
    Interrupt.watch()
    let dataset = try NewtonDataset(path: data)
    let count = min(problems ?? dataset.problems, dataset.problems)
    let engine = try ComputeEngine(threads: threads.count)
    let names = checkpointNames(checkpoints, besides: ["newton"])
    let networks = try zip(checkpoints, names).map { path, name in
      let checkpoint = try Checkpoint(path: path)
      guard checkpoint.configuration.n == dataset.n else {
        throw CommandFailure(
          "\(path): has n = \(checkpoint.configuration.n), the problems have "
            + "\(dataset.n)")
      }
      return try NewtonComparison.Contestant(
        name, checkpoint, engine: engine, precision: precision.precision,
        capacity: count)
    }
    let bar = ProgressBar(
      "compare", total: count, unit: "problems", isQuiet: messages.quiet)
    let result = try NewtonComparison(
      dataset, networks: networks, threads: threads.count, limit: limit
    ).run(
      count: count, isCancelled: { Interrupt.isRequested },
      progress: { bar.update($0) })
    bar.clear()
    guard let result else { throw CommandFailure("interrupted") }
    let csv = Self.csv(result.records)
    if let output { try writeTable(csv, to: output) }
    switch format.choice {
    case .csv: for line in csv { Console.print(line) }
    case .json: try printJSON(result.summaries.map(Row.init))
    case .table: Self.show(result.summaries)
    }
  }

  /// The keys are a contract with scripts.
  private struct Row: Encodable {
    let method: String
    let parameters: Int?
    let problems: Int
    let steps: Double
    let objective: Double
    let excess: Double
    let converged: Double
    let milliseconds: Double
    let speedup: Double
    let batched_milliseconds_per_step: Double?

    init(_ summary: NewtonComparison.Summary) {
      method = summary.method
      parameters = summary.parameters
      problems = summary.problems
      steps = summary.steps
      objective = summary.objective
      excess = summary.excess
      converged = summary.converged
      milliseconds = summary.milliseconds
      speedup = summary.speedup
      batched_milliseconds_per_step = summary.batchedMillisecondsPerStep
    }
  }

  private static func csv(_ records: [NewtonComparison.Record]) -> [String] {
    ["problem,method,step,seconds,objective"]
      + records.map {
        [
          "\($0.problem)", csvField($0.method), "\($0.step)",
          csvNumber($0.seconds), csvNumber($0.objective),
        ].joined(separator: ",")
      }
  }

  private static func show(_ summaries: [NewtonComparison.Summary]) {
    var table = Table([
      "method", "parameters", "steps", "final f", "f/f* − 1", "converged",
      "ms", "speed-up", "batched ms/step",
    ])
    for row in summaries {
      table.add([
        row.method, row.parameters.map { "\($0)" } ?? "–", short(row.steps),
        String(format: "%.6f", row.objective), short(row.excess),
        "\(Int((100 * row.converged).rounded())) %", short(row.milliseconds),
        short(row.speedup), row.batchedMillisecondsPerStep.map(short) ?? "–",
      ])
    }
    table.print()
  }
}
