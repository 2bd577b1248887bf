import ArgumentParser
import Equations
import Experiments
import Networks
import Systems
import Tables
import Training

struct BenchCommand: DealtCommand {
  enum Job: String, CaseIterable, ExpressibleByArgument {
    case train
    case infer
    case generate
    case solve
    case transform
    case newton
  }

  enum Model: String, CaseIterable, ExpressibleByArgument {
    case algebraformer
    case compact
    case polya
    case greens
    case lstm
    case gru

    /// The recipe of a preset, which says how the model is trained.
    func recipe(nodes: Int) -> Recipe {
      var recipe =
        switch self {
        case .compact: Recipe.pretraining(.compact, equation: nil)
        case .algebraformer: Recipe.pretraining(.paper, equation: nil)
        case .polya: Recipe.pretraining(.compact, equation: nil, model: .polya)
        case .greens:
          Recipe.pretraining(.compact, equation: nil, model: .greens)
        case .lstm: Recipe.pretraining(.paper, equation: nil, model: .lstm)
        case .gru: Recipe.pretraining(.paper, equation: nil, model: .gru)
        }
      recipe.network.nodes = nodes
      return recipe
    }
  }

  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure the speed of the hot paths on this machine.",
    discussion: """
      Each figure is the best of several runs. The limit is the rate of one of
      the model's own matrix products, alone.

      EXAMPLE: a training step of the paper's network

        bvp bench train --model algebraformer --batch 64

      EXAMPLE: LU, QR and SVD

        bvp bench solve
      """)

  @Argument(help: "train, infer, generate, solve, transform or newton.")
  var job: Job

  @Option(
    help: """
      algebraformer, lstm, gru (the paper's), polya, greens or compact. \
      (default: compact)
      """)
  var model: Model?

  @Option(
    parsing: .unconditional,
    help: """
      Samples in a run. (default: 64 for networks, 5000 for generate, 512 for \
      solve, 4096 for transform)
      """)
  var batch: Int?

  @Option(
    parsing: .unconditional,
    help: "Samples that a worker takes at a time. (default: the preset's)")
  var chunk: Int?

  @Option(
    help: """
      What a training step ends in: adamw or muon. (default: what the model's \
      preset trains with)
      """)
  var optimizer: OptimizerKind?

  @Option(
    help: "The equation to generate and to solve. (default: diffusion)",
    completion: .equation)
  var equation: String?

  @Option(
    parsing: .unconditional,
    help: "Nodes of the collocation grid. (default: 64)")
  var nodes: Int?

  @Option(parsing: .unconditional, help: "Runs that count.")
  var repeats = 6

  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var format: FormatOptions

  /// The options of a job besides those that all have.
  private var ownOptions: [String] {
    switch job {
    case .train:
      [
        "--model", "--batch", "--chunk", "--optimizer", "--nodes",
        "--precision",
      ]
    case .infer: ["--model", "--batch", "--nodes", "--precision"]
    case .generate, .solve: ["--batch", "--equation", "--nodes"]
    case .transform: ["--batch", "--nodes"]
    case .newton: []
    }
  }

  func validate() throws {
    let given = [
      ("--model", model != nil), ("--batch", batch != nil),
      ("--chunk", chunk != nil),
      ("--optimizer", optimizer != nil), ("--equation", equation != nil),
      ("--nodes", nodes != nil), ("--precision", precision.precision != nil),
    ]
    for (option, isGiven) in given where isGiven && !ownOptions.contains(option)
    {
      throw ValidationError("\(option) means nothing to bench \(job)")
    }
    try validateNodes(order)
    guard (1...1_000_000).contains(batch ?? 1) else {
      throw ValidationError("--batch must lie between 1 and 1000000")
    }
    guard (1...1_000_000).contains(chunk ?? 1) else {
      throw ValidationError("--chunk must lie between 1 and 1000000")
    }
    guard (1...10_000).contains(repeats) else {
      throw ValidationError("--repeats must lie between 1 and 10000")
    }
  }

  func run() throws {
    var remarks: [String] = []
    let rows = try measure { remarks.append($0) }
    remarks.forEach(Console.notice)
    try format.show(ResultTable(rows), json: .lines)
  }

  private var order: Int { nodes ?? 64 }

  private func measure(_ report: (String) -> Void) throws -> [BenchmarkRow] {
    let model = model ?? .compact
    let equation = equation ?? "diffusion"
    let nodes = order
    let benchmark = Benchmark(threads: threads.count, repeats: repeats)
    switch job {
    case .train, .infer:
      let recipe = model.recipe(nodes: nodes)
      let chunk = chunk ?? recipe.schedule.chunk
      return [
        try benchmark.network(
          model.rawValue, recipe.configuration(),
          precision: precision.toTrain(
            recipe.configuration(), chunk: chunk, threads: threads.count,
            isTraining: job == .train, report: report),
          batch: batch ?? 64, chunk: chunk,
          rightHandSides: recipe.data.rightHandSides.count,
          optimizer: job == .train ? optimizer ?? recipe.optimizer.kind : nil)
      ]
    case .generate:
      return [
        try benchmark.generate(
          Equation.load(equation), count: batch ?? 5000, nodes: nodes,
          cancellation: Interrupt.watch())
      ]
    case .solve:
      let equation = try Equation.load(equation)
      let context = SolverCatalogue.Context(equation, nodes: nodes)
      return try SolverCatalogue.defaultNames.map {
        try benchmark.solve(
          SolverCatalogue.solver($0, for: context), equation,
          count: batch ?? 512, nodes: nodes)
      }
    case .newton: return [try benchmark.newton()]
    case .transform:
      return [try benchmark.transform(count: batch ?? 4096, nodes: nodes)]
    }
  }
}
