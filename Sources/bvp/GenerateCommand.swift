import ArgumentParser
import Equations
import Systems
import Tables

struct GenerateCommand: DealtCommand {
  static let configuration = CommandConfiguration(
    commandName: "generate",
    abstract: "Sample an equation and write the solved systems.",
    discussion: """
      Sample i of seed s is a function of (s, i) alone: the file is the same
      bytes for any number of threads, and shards join to the whole.

      EXAMPLE:

        bvp generate diffusion --samples 5000 --seed 1 --output test.safetensors

      EXAMPLE: the second of five parts, to be joined by `bvp join`

        bvp generate diffusion --samples 5000 --shard 2/5 --output 2.safetensors

      EXAMPLE: the systems of Newton's steps for a nonlinear equation

        bvp generate mine.yaml --linearised --samples 500 --output steps.st
      """)

  @OptionGroup var equation: EquationArgument

  @Option(parsing: .unconditional, help: "The number of samples.")
  var samples: Int

  @Option(
    name: .shortAndLong, help: "The file to write (safetensors).",
    completion: .file())
  var output: String

  @Option(parsing: .unconditional, help: "The seed.")
  var seed: UInt64 = 0

  @Option(parsing: .unconditional, help: "Nodes of the collocation grid.")
  var nodes = 64

  @Option(help: "Only this part of the samples, such as 2/5.")
  var shard: Shard?

  @Flag(help: "Store A and b as well.")
  var withSystems = false

  @Option(
    help: """
      What the solutions solve: grid, the systems on the grid, or resolved, the \
      equation itself, taken at the grid's nodes.
      """)
  var labels = LabelsChoice.grid

  @Flag(
    help: """
      Leave out samples that have no unique solution, or none that is found, and \
      say how many.
      """)
  var skipUnsolvable = false

  @OptionGroup var newton: NewtonOptions

  @Flag(
    help: """
      Of a nonlinear equation, store the linear system of every step of Newton's \
      method, solved, instead of the first one's beside the equation's solution.
      """)
  var linearised = false

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var force: ForceOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    guard (1...1_000_000_000).contains(samples) else {
      throw ValidationError("--samples must lie between 1 and 1000000000")
    }
    try validateNodes(nodes)
    if linearised, labels == .resolved {
      throw ValidationError(
        "--labels resolved and --linearised exclude each other: a step's "
          + "system is one of the grid")
    }
  }

  /// What the file is to hold of each sample.
  private func contents(_ equation: Equation) throws -> DatasetContents {
    try newton.refuse(
      for: equation, self.equation.equation,
      besides: ("--linearised", linearised))
    return DatasetContents(
      labels: labels.labels,
      newton: equation.isNonlinear
        ? NewtonSystems(initial: newton.start, isEveryStep: linearised) : nil,
      leavesOut: skipUnsolvable)
  }

  func run() throws {
    let equation = try equation.load()
    try force.check(output)
    let cancellation = Interrupt.watch()
    let range =
      shard.map {
        DatasetGenerator.shard($0.index, of: $0.count, count: samples)
      } ?? 0..<samples
    let generator = DatasetGenerator(
      equation, nodes: nodes, seed: seed, samples: range,
      threads: threads.count, withSystems: withSystems,
      contents: try contents(equation),
      labelSamples: 0..<samples)
    let summary = try messages.progress(
      "generate", total: range.count, unit: "samples"
    ) { bar in
      try generator.write(
        to: output, replaces: force.force, cancellation: cancellation,
        progress: { bar.update($0) })
    }
    if summary.leftOut > 0, !messages.quiet {
      Console.warning(
        "\(summary.leftOut) of \(summary.samples) samples left out, as they have "
          + "no unique solution, or none that is found")
    }
    guard summary.samples > 0 else {
      return messages.notice(
        "\(output): holds no samples, as this part of \(samples) is empty; join "
          + "takes it like any other")
    }
    messages.notice(
      "\(output): \(rows(summary)) of \(equation.name), "
        + "largest relative residual "
        + NumberFormat.short.text(summary.largestResidual))
    if let errors = summary.labelErrors { messages.notice(errors.text) }
  }

  private func rows(_ summary: DatasetGenerator.Summary) -> String {
    linearised
      ? "\(summary.rows) steps of \(summary.samples - summary.leftOut) samples"
      : "\(summary.rows) samples"
  }
}

/// What a dataset's solutions solve, as users say it.
enum LabelsChoice: String, CaseIterable, ExpressibleByArgument {
  case grid
  case resolved

  var labels: DatasetLabels { self == .grid ? .grid : .resolved }
}

extension LabelErrors {
  /// The figures in a sentence.
  var text: String {
    let short = NumberFormat.short.text
    return "labels against the resolved solution, relative MSE: median "
      + "\(short(median)), p90 \(short(p90)) (\(samples) samples"
      + (unresolved > 0
        ? "; of \(unresolved) more the equation has no solution that is found)"
        : ")")
  }
}
