import ArgumentParser
import Equations
import Experiments
import Networks
import Systems
import Tables
import Training

struct SweepCommand: DealtCommand {
  static let configuration = CommandConfiguration(
    commandName: "sweep",
    abstract: "Measure networks beyond what they were trained on.",
    discussion: """
      One thing is given value after value, and everything else is drawn as
      ever: a parameter of the equation, in or out of its law; length, the
      correlation length of its random fields; or nodes, the grid that the
      problem is posed on: the network then solves at its own nodes and is
      resampled through its Chebyshev series (evaluate has polya networks solve on
      the grid of the data).

      EXAMPLE: frequencies that the training set has not, above 0.75

        bvp sweep checkpoints/diffusion.safetensors --equation diffusion \\
          --vary omega --values 0.25,0.5,0.75,0.8,0.9,1,1.5
      """)

  @Argument(
    help: "Checkpoints.", completion: .file(extensions: ["safetensors"]))
  var checkpoints: [String]

  @Option(
    help: "An equation file, or the name of a shipped equation.",
    completion: .equation)
  var equation = "diffusion"

  @Option(help: "What to vary: a parameter's name, length or nodes.")
  var vary: String

  @Option(
    parsing: .unconditional,
    help: "Its values, one or many: -2,-1,0.5.")
  var values: CommaList<Double>

  @Option(parsing: .unconditional, help: "Samples at each value.")
  var samples = 500

  @Option(parsing: .unconditional, help: "The samples' seed.")
  var seed: UInt64 = 1_000_003

  @OptionGroup var inference: InferenceOptions
  @OptionGroup var table: TableOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    try validatePositive(samples, "--samples")
    try values.check("--values", "finite", \.isFinite)
    try values.checkDistinct("--values")
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
    let file = try table.open()
    let cancellation = Interrupt.watch()
    let sweep = try makeSweep()
    let rows = try messages.progress(
      "sweep", total: values.values.count, unit: "values"
    ) { bar in
      try sweep.run(
        count: samples, cancellation: cancellation,
        progress: { bar.update($0) })
    }
    try table.show(ResultTable(rows), in: file)
    for row in rows where row.zeros != nil || row.failures != nil {
      for remark in remarks(
        zeros: row.zeros, failures: row.failures, of: row.samples)
      {
        messages.notice(
          "\(row.variable) = \(NumberFormat.exact.text(row.value)), "
            + "\(row.network): \(remark)")
      }
    }
  }

  private func makeSweep() throws -> Sweep {
    let equation = try Equation.load(equation)
    let networks = try checkpoints.map { try Checkpoint(path: $0) }
    // Whatever is varied, the rest of a sample is drawn by the seed.
    let origin = SampleOrigin(law: equation.source, seed: seed, count: samples)
    for (network, path) in zip(networks, checkpoints) {
      try network.refuseTrainedSamples(
        origin, name: path, identity: "\(equation.name), seed \(seed)")
    }
    guard let order = networks.first?.configuration.n else {
      throw CommandFailure("there is no checkpoint")
    }
    let variable = Sweep.Variable(vary)
    if variable == .length, equation.fields.isEmpty {
      throw CommandFailure("\(equation.name): has no random field")
    }
    return Sweep(
      equation, variable, values: values.values,
      networks: try inference.predictors(
        networks, checkpoints, n: order, report: messages.notice),
      nodes: order,
      seed: seed)
  }
}
