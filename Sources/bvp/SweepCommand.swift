import ArgumentParser
import Equations
import Experiments
import Networks
import TensorFiles
import Training

struct SweepCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Measure networks beyond what they were trained on.",
    discussion: """
      One thing is given value after value, and everything else is drawn as
      ever: a parameter of the equation, in or out of its law; length, the
      correlation length of its random fields; or nodes, the grid that the
      problem is posed on: the network then solves at its own nodes and is
      resampled through its Chebyshev series.

      EXAMPLE: frequencies that the training set has not, above 0.75

        bvp sweep checkpoints/diffusion.safetensors --equation diffusion \\
          --vary omega --values 0.25,0.5,0.75,0.8,0.9,1,1.5
      """)

  @Argument(help: "Checkpoints.")
  var checkpoints: [String]

  @Option(help: "An equation file, or the name of a shipped equation.")
  var equation = "diffusion"

  @Option(help: "What to vary: a parameter's name, length or nodes.")
  var vary: String

  @Option(help: "Its values.")
  var values: CommaList<Double>

  @Option(help: "Samples at each value.")
  var samples = 500

  @Option(help: "The samples' seed.")
  var seed: UInt64 = 1_000_003

  @Option(help: "The networks' precision: auto, f32 or bf16.")
  var precision: PrecisionChoice = .f32

  @Option(name: .shortAndLong, help: "Write the CSV to this file as well.")
  var output: String?

  @OptionGroup var format: FormatOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var force: ForceOptions
  @OptionGroup var messages: OutputOptions

  func validate() throws {
    guard samples >= 1 else {
      throw ValidationError("--samples must be positive")
    }
    try values.check("--values", "finite", \.isFinite)
    if vary == "nodes" {
      for value in values.values {
        guard let nodes = Int(exactly: value) else {
          throw ValidationError("--values: nodes must be whole numbers")
        }
        try validateNodes(nodes)
      }
    }
  }

  func run() throws {
    if let output { try force.check(output) }
    Interrupt.watch()
    let sweep = try makeSweep()
    let bar = ProgressBar(
      "sweep", total: values.values.count, unit: "values",
      isQuiet: messages.quiet)
    let results = try sweep.run(
      count: samples, isCancelled: { Interrupt.isRequested },
      progress: { bar.update($0) })
    bar.clear()
    guard let results else { throw CommandFailure("interrupted") }
    let csv = csv(results)
    if let output { try writeTable(csv, to: output) }
    switch format.choice {
    case .csv: for line in csv { Console.print(line) }
    case .json: try printJSON(results.map { Row($0, variable: vary) })
    case .table: show(results)
    }
  }

  private func makeSweep() throws -> Sweep {
    let equation = try Equation.load(equation)
    let engine = try ComputeEngine(threads: threads.count)
    let names = checkpointNames(checkpoints)
    var order: Int?
    let networks = try zip(checkpoints, names).map { path, name in
      let checkpoint = try Checkpoint(path: path)
      let n = checkpoint.configuration.n
      guard order == nil || order == n else {
        throw CommandFailure(
          "\(path): solves systems of order \(n), the first network of order "
            + "\(order ?? n)")
      }
      order = n
      return (
        name,
        try Predictor(
          checkpoint, engine: engine, precision: precision.precision, n: n)
      )
    }
    guard let order else { throw CommandFailure("there is no checkpoint") }
    let variable: Sweep.Variable =
      vary == "length" ? .length : vary == "nodes" ? .nodes : .parameter(vary)
    if variable == .length, equation.fields.isEmpty {
      throw CommandFailure("\(equation.name): has no random field")
    }
    return Sweep(
      equation, variable, values: values.values, networks: networks,
      nodes: order, seed: seed)
  }
}

// MARK: Output

extension SweepCommand {
  /// The keys are a contract with scripts.
  private struct Row: Encodable {
    let variable: String
    let value: Double
    let network: String
    let samples: Int
    let mse: Double
    let relative_mse: Metrics.Distribution
    let condition: Double

    init(_ result: Sweep.Result, variable: String) {
      self.variable = variable
      value = result.value
      network = result.network
      samples = result.samples
      mse = result.mse
      relative_mse = result.relativeMSE
      condition = result.condition
    }
  }

  private func csv(_ results: [Sweep.Result]) -> [String] {
    ["variable,value,network,samples,mse,mean,median,p10,p90,condition"]
      + results.map { result in
        let error = result.relativeMSE
        return [
          csvField(vary), csvNumber(result.value), csvField(result.network),
          "\(result.samples)", csvNumber(result.mse), csvNumber(error.mean),
          csvNumber(error.median), csvNumber(error.p10), csvNumber(error.p90),
          csvNumber(result.condition),
        ].joined(separator: ",")
      }
  }

  private func show(_ results: [Sweep.Result]) {
    var table = Table(
      [
        vary, "network", "samples", "mse", "relative mse", "median", "p90",
        "κ₂(A)",
      ], leading: 2)
    for result in results {
      table.add([
        csvNumber(result.value), result.network, "\(result.samples)",
        short(result.mse), short(result.relativeMSE.mean),
        short(result.relativeMSE.median), short(result.relativeMSE.p90),
        short(result.condition),
      ])
    }
    table.print()
  }
}
