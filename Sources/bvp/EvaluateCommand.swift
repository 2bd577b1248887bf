import ArgumentParser
import Equations
import Experiments
import Networks
import Parallel
import Systems
import Tables
import Training

struct EvaluateCommand: DealtCommand {
  static let configuration = CommandConfiguration(
    commandName: "evaluate",
    abstract: "Measure a network's error on a dataset or on fresh samples.",
    discussion: """
      mse is the mean of (û − u)² over samples and nodes; the relative mse of
      a sample with u ≠ 0 is ‖û − u‖²/‖u‖². Both are computed in Float64. The
      columns zeros and failures count samples with u = 0 and without a finite
      error, and are empty where there are none; label_median and label_p90 are the
      relative mse of the solutions u themselves, against those of the equation
      resolved to 1e-8; mean_mse is the mse of the samples' mean solution, which
      costs nothing. Without --data
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

  @Option(
    parsing: .unconditional, help: "The fresh samples' seed. (default: 201)")
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: "Use the first samples only. (default: all; 5000 fresh ones)")
  var samples: Int?

  @OptionGroup var inference: InferenceOptions
  @OptionGroup var format: FormatOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    try validatePositive(samples, "--samples")
    if data != nil, seed != nil || equation != nil {
      throw ValidationError("--data goes with neither --equation nor --seed")
    }
  }

  func run() throws {
    let cancellation = Interrupt.watch()
    let checkpoint = try Checkpoint(path: self.checkpoint)
    try requireSystems(checkpoint, self.checkpoint)
    let source = try systems(checkpoint)
    try checkpoint.refuseTrainedSamples(
      source.origin, name: self.checkpoint, identity: source.identity)
    guard let count = source.count, count > 0 else {
      throw CommandFailure("\(data ?? source.identity): has no samples")
    }
    let predictor = try inference.predictor(
      checkpoint, self.checkpoint, n: source.n)
    let tally = try domainTally(checkpoint, predictor, source)
    var errors = try messages.progress(
      "evaluate", total: count, unit: "samples"
    ) { bar in
      try predictor.evaluate(
        SystemExamples(source), count: count, cancellation: cancellation,
        progress: { done, answer in
          try tally?.add(done - 1, answer: answer)
          bar.update(done)
        })
    }
    if !messages.quiet { tally?.remarks.forEach(Console.warning) }
    if let labels = try labelErrors(source, cancellation) {
      errors.labelMedian = labels.median
      errors.labelP90 = labels.p90
    }
    try format.show(ResultTable([errors]), json: .lines)
    for remark in remarks(
      zeros: errors.zeros, failures: errors.failures, of: errors.samples)
    {
      messages.notice(remark)
    }
  }

  /// How far the right answers themselves are from the equation's.
  private func labelErrors(
    _ source: any SystemSource, _ cancellation: Cancellation
  ) throws -> LabelErrors? {
    if let dataset = source as? DatasetSource { return dataset.labelErrors }
    guard let origin = source.origin, let count = source.count else {
      return nil
    }
    return try LabelErrors.estimate(
      Equation(yaml: origin.law, path: source.identity), nodes: source.n,
      seed: origin.seed, samples: origin.first..<origin.first + count,
      threads: inference.threads.count, cancellation: cancellation)
  }

  /// What the network is measured on.
  private func systems(_ checkpoint: Checkpoint) throws -> any SystemSource {
    if let data {
      let reader = try DatasetReader(path: data)
      try requireCount(samples, "--samples", of: reader.count, in: data)
      return try DatasetSource(reader, limit: samples)
    }
    let trained = try checkpoint.notes["recipe"].map {
      try Recipe(note: $0, path: self.checkpoint)
    }
    let equation: Equation
    if let name = self.equation {
      equation = try Equation.load(name)
    } else if let source = trained?.data.equation {
      equation = try Equation(yaml: source, path: self.checkpoint)
    } else {
      throw CommandFailure(
        "\(self.checkpoint): does not say what it was trained on; give --data "
          + "or --equation")
    }
    let seed = seed ?? 201
    return try EquationSource(
      equation, nodes: checkpoint.configuration.n, seed: seed,
      count: samples ?? 5000)
  }
}
