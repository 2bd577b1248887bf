import ArgumentParser
import Networks
import Systems
import Tables
import TensorFiles
import Training

struct CalibrateCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "calibrate",
    abstract: "Give a network's answers a band that holds the solution.",
    discussion: """
      The checkpoint that is written has a split-conformal band: u lies within it
      at all nodes at once in the share --coverage of systems of the same law, by
      whatever the network errs. solve prints it as u_low and u_high and draws it;
      evaluate and robustness say, as covered, in how many systems it holds.

      EXAMPLE:

        bvp calibrate checkpoints/diffusion.safetensors \\
          --output calibrated.safetensors
        bvp evaluate calibrated.safetensors
        bvp solve diffusion --method calibrated.safetensors --plot u.svg
      """)

  @Argument(
    help: "A checkpoint.", completion: .file(extensions: ["safetensors"]))
  var checkpoint: String

  @OptionGroup var systems: TestSystemsOptions

  @Option(
    parsing: .unconditional,
    help: "The share of systems in which the band is to hold u.")
  var coverage = 0.9

  @Option(
    name: .shortAndLong, help: "The checkpoint to write.", completion: .file())
  var output: String

  @OptionGroup var inference: InferenceOptions
  @OptionGroup var force: ForceOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    guard coverage > 0, coverage < 1 else {
      throw ValidationError(
        "--coverage must lie between 0 and 1, not \(coverage)")
    }
  }

  func run() throws {
    try force.check(output)
    let cancellation = Interrupt.watch()
    var checkpoint = try Checkpoint(path: self.checkpoint)
    let (source, count) = try systems.source(
      for: checkpoint, self.checkpoint,
      freshSeed: TestSystemsOptions.calibrationSeed,
      threads: inference.threads.count)
    guard source.n == checkpoint.configuration.n else {
      throw CommandFailure(
        "\(self.checkpoint): has n = \(checkpoint.configuration.n), the "
          + "systems have \(source.n)")
    }
    let predictor = try inference.predictor(
      checkpoint, self.checkpoint, n: source.n, report: messages.notice)
    var calibration = ConformalBand.Calibration()
    try messages.progress("calibrate", total: count, unit: "samples") { bar in
      try predictor.predict(
        SystemExamples(source), 0..<count, cancellation: cancellation
      ) { index, answer, u in
        calibration.add(answer: answer, u: u)
        bar.update(index + 1)
      }
    }
    let band = try calibration.band(coverage: coverage, data: source.identity)
    checkpoint.notes[ConformalBand.key] = try Checkpoint.note(band)
    try checkpoint.add(
      learned: SystemExamples(source).learnedOrigin(
        threads: inference.threads.count))
    try checkpoint.write(to: output)
    let percent = NumberFormat.percent.text(coverage)
    let width = NumberFormat.short.text(band.widths.max() ?? 0)
    messages.notice(
      "\(percent) of such systems have u within \(width) of max |u|, where the "
        + "band is widest")
  }
}
