import ArgumentParser
import Datasets
import Networks
import Training

struct EvaluateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a network's error on a dataset.",
    discussion: """
      mse is the mean of (û − u)² over samples and nodes; the relative mse of
      a sample is ‖û − u‖²/‖u‖². Both are computed in Float64.

      EXAMPLE:

        bvp evaluate checkpoints/diffusion.safetensors --data test.safetensors
      """)

  @Argument(help: "A checkpoint.")
  var checkpoint: String

  @Option(help: "The dataset.")
  var data: String

  @Option(help: "Use the first samples only. (default: all)")
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

  func run() throws {
    let reader = try DatasetReader(path: data)
    let source = DatasetSource(reader, limit: samples)
    let count = source.limit
    guard count > 0 else { throw CommandFailure("\(data): has no samples") }
    let predictor = try Predictor(
      Checkpoint(path: checkpoint),
      engine: ComputeEngine(threads: threads.count),
      precision: precision.precision, n: reader.n)
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
}
