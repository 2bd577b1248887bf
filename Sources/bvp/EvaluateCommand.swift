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
      costs nothing; covered is the share of solutions within the band of a network
      that calibrate gave one. Without --data
      the systems are fresh samples of the equation the network was trained
      on, the same as those of a dataset that generate makes with that seed.

      EXAMPLE:

        bvp evaluate checkpoints/diffusion.safetensors --data test.safetensors

      EXAMPLE: 5,000 fresh samples

        bvp evaluate checkpoints/diffusion.safetensors --seed 7
      """)

  @Argument(
    help: "A checkpoint.", completion: .file(extensions: ["safetensors"]))
  var checkpoint: String

  @OptionGroup var systems: TestSystemsOptions
  @OptionGroup var inference: InferenceOptions
  @OptionGroup var format: FormatOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    let cancellation = Interrupt.watch()
    let checkpoint = try Checkpoint(path: self.checkpoint)
    let (source, count) = try systems.source(
      for: checkpoint, self.checkpoint,
      freshSeed: TestSystemsOptions.evaluationSeed,
      threads: inference.threads.count)
    let band = try checkpoint.band(self.checkpoint, n: source.n)
    let predictor = try inference.predictor(
      checkpoint, self.checkpoint, n: source.n, report: messages.notice)
    let tally = try domainTally(checkpoint, predictor, source)
    var errors = try messages.progress(
      "evaluate", total: count, unit: "samples"
    ) { bar in
      try predictor.evaluate(
        SystemExamples(source), count: count, band: band,
        cancellation: cancellation,
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
    guard !(source is GivenSystemsSource), let origin = source.origin,
      let count = source.count
    else { return nil }
    return try LabelErrors.estimate(
      Equation(yaml: origin.law, path: source.identity), nodes: source.n,
      seed: origin.seed, samples: origin.first..<origin.first + count,
      threads: inference.threads.count, cancellation: cancellation)
  }
}
