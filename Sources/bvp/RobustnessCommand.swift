import ArgumentParser
import Equations
import Experiments
import Networks
import Systems
import Tables
import Training

struct RobustnessCommand: DealtCommand {
  static let configuration = CommandConfiguration(
    commandName: "robustness",
    abstract: "Compare solvers on noisy systems with clean solutions.",
    discussion: """
      Noise ξ is standard normal and the same for every solver; boundary rows
      stay clean. relative: each entry times 1 + σξ; absolute: plus σξ; rms:
      plus σξ times the root mean square of the entries; --law gives ξ another
      distribution of unit variance, or replaces entries. The error of a sample
      is ‖û − u‖²/‖u‖²; the table shows its median, the CSV its mean and
      percentiles, the residual, the error by band of Chebyshev coefficients
      (lowest quarter, second quarter, upper half) and at the boundary. Samples
      with u = 0 have no relative error: the column zeros counts them.

      What the solvers know:

        \(SolverCatalogue.knowledge.joined(separator: "\n  "))
        a network: A, b, training set
        \(ErrorBound.name): \(ErrorBound.knowledge)

      projection fits the operator's coefficients to A by least squares, but for
      a q or v whose formula has nothing random in it. map finds the most
      probable parameters and fields of the equation file. bound is no solver but
      the expected error of one that takes from noise and law all that is in them:
      the Cramér–Rao bound with the prior.

      EXAMPLE:

        bvp robustness runs/diffusion/model.safetensors \\
          --data test.safetensors --noise relative --target A
      """)

  @Argument(
    help: "Checkpoints.", completion: .file(extensions: ["safetensors"]))
  var checkpoints: [String] = []

  @Option(help: "The dataset.", completion: .file(extensions: ["safetensors"]))
  var data: String

  @OptionGroup var noise: NoiseOptions

  @Option(
    help: ArgumentHelp(
      """
      Of \(ClassicalSolvers.all.joined(separator: ", ")); or all, or none. \
      (default: \(SolverCatalogue.defaultNames.joined(separator: ",")))
      """, valueName: "solvers"),
    completion: .names(SolverCatalogue.names + ["bound", "all", "none"]))
  var solvers: ClassicalSolvers?

  @Option(
    parsing: .unconditional, help: "Use the first samples only. (default: all)")
  var samples: Int?

  @Option(
    parsing: .unconditional,
    help: "Use this sample alone, counted from 0 in the file.")
  var sample: Int?

  @Option(
    parsing: .unconditional,
    help: "Draw the noise so often on that sample. (default: 1)")
  var draws: Int?

  @OptionGroup var inference: InferenceOptions
  @OptionGroup var table: TableOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    try validatePositive(samples, "--samples")
    try validatePositive(draws, "--draws")
    if let sample { try validateNotNegative(sample, "--sample") }
    if sample != nil, samples != nil {
      throw ValidationError("--sample and --samples exclude each other")
    }
    if draws != nil, sample == nil {
      throw ValidationError("--draws needs --sample")
    }
    if checkpoints.isEmpty {
      try inference.refuse(without: "a checkpoint", threads: false)
    }
  }

  func run() throws {
    let file = try table.open()
    let cancellation = Interrupt.watch()
    let systems = try SystemFile(path: data)
    try requireCount(samples, "--samples", of: systems.count, in: data)
    let source = try chosen(systems)
    let count = source.count ?? 0
    try requireSamples(count, in: data)
    let experiment = Robustness(
      noises: noise.noises, solvers: try contestants(source, systems),
      bound: try bound(systems), threads: inference.threads.count)
    let rows = try messages.progress(
      "robustness", total: count, unit: "samples"
    ) { bar in
      try experiment.run(
        on: source, count: count, cancellation: cancellation,
        progress: { bar.update($0) })
    }
    let title =
      "\(systems.dataset?.equation.name ?? data): \(rows.first?.noiseTitle ?? "no noise"), "
      + "\(count) samples, median relative MSE"
    try table.show(
      ResultTable(rows), text: [title, ""] + RobustnessRow.medians(rows).lines,
      in: file)
    let zeros = rows.compactMap(\.zeros).max()
    for remark in remarks(zeros: zeros, of: count) { messages.notice(remark) }
  }

  /// The systems to use.
  private func chosen(_ systems: SystemFile) throws -> any SystemSource {
    guard let sample else { return try systems.source(limit: samples) }
    guard sample < systems.count else {
      throw CommandFailure(
        "\(data): there is no sample \(sample); it holds \(systems.count)")
    }
    return try RepeatedSystem(
      row: sample, of: systems.source(limit: sample + 1), count: draws ?? 1)
  }

  /// Those that are no networks, by name.
  private func classicalNames(_ systems: SystemFile) -> [String] {
    solvers?.names(for: systems.dataset?.equation, noise.law)
      ?? SolverCatalogue.defaultNames
  }

  private func bound(_ systems: SystemFile) throws -> ErrorBound? {
    guard classicalNames(systems).contains(ErrorBound.name) else { return nil }
    guard let reader = systems.dataset else {
      throw CommandFailure(
        "\(data): has no equation, which the bound needs")
    }
    guard ErrorBound.exists(for: noise.law) else {
      throw CommandFailure(
        "--solvers bound: noise of the law \(noise.law) has no Cramér–Rao bound"
      )
    }
    return try ErrorBound(
      reader.equation, nodes: reader.n, seed: reader.seed
    ) { try reader.index(sample ?? $0) }
  }

  private func contestants(_ source: any SystemSource, _ systems: SystemFile)
    throws -> [any SystemSolver]
  {
    let names = classicalNames(systems)
    let context = SolverCatalogue.Context(
      systems.dataset?.equation, nodes: source.n)
    let classical = try names.filter { $0 != ErrorBound.name }.map {
      try SolverCatalogue.solver($0, for: context)
    }
    let trained = try checkpoints.map { path in
      let checkpoint = try Checkpoint(path: path)
      try checkpoint.refuseTrainedSamples(
        of: SystemExamples(source), name: path,
        threads: inference.threads.count)
      return checkpoint
    }
    let bands = try zip(trained, checkpoints).map {
      try $0.band($1, n: source.n)
    }
    let predictors = try inference.predictors(
      trained, checkpoints, n: source.n, besides: ClassicalSolvers.all,
      report: messages.notice)
    let networks = zip(predictors, bands).map {
      NetworkSolver($0.name, $0.predictor, band: $1)
    }
    guard !names.isEmpty || !networks.isEmpty else {
      throw CommandFailure("there is no solver: --solvers none, no checkpoint")
    }
    return classical + networks
  }
}
