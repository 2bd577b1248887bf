import ArgumentParser
import Chebyshev
import Datasets
import Equations
import Networks
import TensorFiles
import Training

struct PredictCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "predict",
    abstract: "Write a network's solutions of a dataset's systems.",
    discussion: """
      The file holds `solutions` [samples, n] and, with --with-tokens, the
      encoded `tokens` [samples, n, n + 1], so that any framework can be fed
      the same input; both are Float32.

      EXAMPLE:

        bvp predict checkpoints/diffusion.safetensors \\
          --data test.safetensors --output predicted.safetensors
      """)

  @Argument(help: "A checkpoint.")
  var checkpoint: String

  @Option(help: "The dataset.")
  var data: String

  @Option(name: .shortAndLong, help: "The file to write.")
  var output: String

  @Option(help: "auto, f32 or bf16.")
  var precision: PrecisionChoice = .f32

  @Flag(help: "Write the tokens as well.")
  var withTokens = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var force: ForceOptions
  @OptionGroup var messages: OutputOptions

  func run() throws {
    try force.check(output)
    Interrupt.watch()
    let reader = try DatasetReader(path: data)
    let source = DatasetSource(reader)
    let predictor = try Predictor(
      Checkpoint(path: checkpoint),
      engine: ComputeEngine(threads: threads.count),
      precision: precision.precision, n: reader.n)
    let n = reader.n
    let count = source.limit
    var tensors: [(String, DType, [Int])] = [
      ("x", .F64, [n]), ("solutions", .F32, [count, n]),
    ]
    if withTokens { tensors.append(("tokens", .F32, [count, n, n + 1])) }
    let writer = try SafetensorsWriter(
      path: output, tensors: tensors,
      metadata: [
        "format": "bvp-prediction/1", "checkpoint": checkpoint, "data": data,
      ])
    try writer.write("x", doubles: chebpts(n, on: reader.equation.domain))
    let bar = ProgressBar(
      "predict", total: count, unit: "samples", isQuiet: messages.quiet)
    try predictor.predict(
      0..<count,
      load: { index, system in
        try source.load(index, into: &system)
        if withTokens {
          try writer.write(
            "tokens", at: index * n * (n + 1),
            floats: predictor.encoding.tokens(A: system.A, b: system.b))
        }
      },
      isCancelled: { Interrupt.isRequested },
      body: { index, prediction, _ in
        try writer.write(
          "solutions", at: index * n, floats: prediction.map(Float.init))
        bar.update(index + 1)
      })
    bar.clear()
    guard !Interrupt.isRequested else {
      throw CommandFailure("interrupted; nothing was written")
    }
    try writer.finish()
  }
}
