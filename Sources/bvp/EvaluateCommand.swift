import ArgumentParser
import Datasets
import Equations
import Networks
import Training

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a network's error on a dataset or on fresh samples.",
    discussion: """
      mse is the mean of (û − u)² over samples and nodes; the relative mse of
      a sample is ‖û − u‖²/‖u‖². Both are computed in Float64. Without --data
      the systems are fresh samples of the equation the network was trained
      on, the same as those of a dataset that generate makes with that seed.

      EXAMPLE:

        bvp evaluate checkpoints/diffusion.safetensors --data test.safetensors

      EXAMPLE: 5,000 fresh samples

        bvp evaluate checkpoints/diffusion.safetensors --seed 7
      """)

  @Argument(help: "A checkpoint.")
  var checkpoint: String

  @Option(help: "The dataset. (default: fresh samples)")
  var data: String?

  @Option(
    help: ArgumentHelp(
      "The equation, file or name, of the fresh samples. "
        + "(default: the checkpoint's)"))
  var equation: String?

  @Option(help: "The fresh samples' seed. (default: 1)")
  var seed: UInt64?

  @Option(
    help: "Use the first samples only. (default: all; 5000 fresh ones)")
  var samples: Int?

  @Option(help: "auto, f32 or bf16.")
  var precision: PrecisionChoice = .f32

  @OptionGroup var format: FormatOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  /// The keys are a contract with scripts.
  private struct Result: Encodable {
    let mse: Double
    let relative_mse: Metrics.Distribution
    let samples: Int
  }

  func validate() throws {
    guard (samples ?? 1) >= 1 else {
      throw ValidationError("--samples must be positive")
    }
    if data != nil, seed != nil || equation != nil {
      throw ValidationError("--data goes with neither --equation nor --seed")
    }
  }

  func run() throws {
    let checkpoint = try Checkpoint(path: self.checkpoint)
    let source = try systems(checkpoint)
    guard let count = source.count, count > 0 else {
      throw CommandFailure("\(data ?? source.identity): has no samples")
    }
    let predictor = try Predictor(
      checkpoint, engine: ComputeEngine(threads: threads.count),
      precision: precision.precision, n: source.n)
    let bar = ProgressBar(
      "evaluate", total: count, unit: "samples", isQuiet: output.quiet)
    let metrics = try predictor.evaluate(
      source, count: count, progress: { bar.update($0) })
    bar.clear()
    let relative = metrics.relativeMSE
    let figures = [
      metrics.mse, relative.mean, relative.median, relative.p10, relative.p90,
    ]
    switch format.choice {
    case .json:
      try printJSON(
        Result(mse: metrics.mse, relative_mse: relative, samples: count))
    case .csv:
      Console.print("samples,mse,mean,median,p10,p90")
      Console.print(
        (["\(count)"] + figures.map(csvNumber)).joined(separator: ","))
    case .table:
      var table = Table(
        ["samples", "mse", "relative mse", "median", "p10", "p90"], leading: 0)
      table.add(["\(count)"] + figures.map(short))
      table.print()
    }
  }

  /// What the network is measured on.
  private func systems(_ checkpoint: Checkpoint) throws -> any SystemSource {
    if let data {
      return DatasetSource(try DatasetReader(path: data), limit: samples)
    }
    let trained = try checkpoint.notes["recipe"].map {
      try Recipe(path: self.checkpoint, text: $0)
    }
    let equation: Equation
    if let name = self.equation {
      equation = try Equation.load(name)
    } else if let trained, !trained.equation.isEmpty {
      equation = try Equation(yaml: trained.equation, path: self.checkpoint)
    } else {
      throw CommandFailure(
        "\(self.checkpoint): does not say what it was trained on; give --data "
          + "or --equation")
    }
    let seed = seed ?? 1
    if let trained, trained.seed == seed, trained.data == nil,
      trained.equation == equation.source
    {
      throw CommandFailure(
        "--seed \(seed): the network was trained on samples of this seed")
    }
    return try EquationSource(
      equation, nodes: checkpoint.configuration.n, seed: seed,
      count: samples ?? 5000)
  }
}
