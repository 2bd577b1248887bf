import ArgumentParser
import Newton
import Tables

extension PNormProblem.Scaling: ExpressibleByArgument {}
extension PNormProblem.Start: ExpressibleByArgument {}

struct NewtonGenerateCommand: DealtCommand {
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

  @Option(parsing: .unconditional, help: "The number of problems.")
  var problems: Int

  @Option(name: .shortAndLong, help: "The dataset.", completion: .file())
  var output: String

  @Option(parsing: .unconditional, help: "The seed.")
  var seed: UInt64 = 0

  @Option(
    parsing: .unconditional, help: "The first problem of the seed's sequence.")
  var first = 0

  @Option(
    name: .customShort("p"), parsing: .unconditional,
    help: "The exponent, at least 2.")
  var exponent = 6.0

  @Option(
    name: .customLong("rows"), parsing: .unconditional,
    help: "m, the rows of A.")
  var rows = 10_000

  @Option(
    name: .customLong("columns"), parsing: .unconditional,
    help: "n, the columns of A.")
  var columns = 60

  @Option(help: "What A is scaled to: frobenius, spectral or none.")
  var scaling = PNormProblem.Scaling.frobenius

  @Option(help: "x₀: zero, normal or uniform.")
  var start = PNormProblem.Start.zero

  @Option(help: "Of |f_k − f_{k+1}|.")
  var tolerance = 1e-5

  @Option(parsing: .unconditional, help: "The most steps of a problem.")
  var limit = 50

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var force: ForceOptions
  @OptionGroup var messages: MessageOptions

  private var law: PNormProblem.Law {
    PNormProblem.Law(
      p: exponent, rows: rows, columns: columns, scaling: scaling, start: start)
  }

  func validate() throws {
    guard (1...10_000_000).contains(problems) else {
      throw ValidationError("--problems must lie between 1 and 10000000")
    }
    guard (0...(1 << 53)).contains(first) else {
      throw ValidationError("--first must not be negative, nor over 2⁵³")
    }
    guard exponent >= 2, exponent <= 100 else {
      throw ValidationError("-p must lie between 2 and 100")
    }
    guard law.isOfSensibleSize else {
      throw ValidationError(
        "--columns must lie between 2 and 4096, --rows between the columns and "
          + "10000000")
    }
    guard tolerance > 0, tolerance.isFinite else {
      throw ValidationError("--tolerance must be positive and finite")
    }
    guard (1...10_000).contains(limit) else {
      throw ValidationError("--limit must lie between 1 and 10000")
    }
  }

  func run() throws {
    try force.check(output)
    let cancellation = Interrupt.watch()
    let generator = NewtonGenerator(
      law, seed: seed, problems: first..<(first + problems),
      tolerance: tolerance, limit: limit, threads: threads.count)
    let summary = try messages.progress(
      "newton", total: problems, unit: "problems"
    ) { bar in
      try generator.write(
        to: output, replaces: force.force, cancellation: cancellation,
        progress: { bar.update($0) })
    }
    if !messages.quiet { describe(summary) }
  }

  private func describe(_ summary: NewtonGenerator.Summary) {
    let short = NumberFormat.short.text
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
