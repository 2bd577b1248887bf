import ArgumentParser
import DenseSolvers
import Equations
import Experiments
import Networks
import Parallel
import Systems
import Tables

struct SolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solve",
    abstract: "Solve one sample of an equation and print it as CSV.",
    discussion: """
      The columns are x, K, f, where the equation has them q and v, and u, in
      ascending x.

      EXAMPLE: the solution as a picture

        bvp solve diffusion --points 500 > u.csv
        gnuplot -p -e "set datafile separator ','; plot 'u.csv' using 1:4 w l"

      EXAMPLE: a network's answer, refined, beside how far it may be believed

        bvp solve diffusion --method checkpoints/diffusion.safetensors --refine

      EXAMPLE: parameters of one's own

        bvp solve diffusion --set alpha=0.5 --set omega=0.7 --set beta=0
      """)

  @OptionGroup var equation: EquationArgument

  @Option(parsing: .unconditional, help: "The seed.")
  var seed: UInt64 = 0

  @Option(parsing: .unconditional, help: "The sample's index under its seed.")
  var index = 0

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Fix a parameter instead of drawing it.", valueName: "name=value"))
  var assignments: [Assignment] = []

  @Option(parsing: .unconditional, help: "Nodes of the collocation grid.")
  var nodes = 64

  @OptionGroup var points: PointsOptions

  @Option(
    help: ArgumentHelp(
      """
      \(SolverCatalogue.names.joined(separator: ", ")), or the path of a \
      checkpoint.
      """, valueName: "solver"))
  var method = Method.classical("lu")

  @Flag(
    help: """
      Refine a network's answer iteratively, by LU in Float32 and residuals in \
      Float64, and show the residuals.
      """)
  var refine = false

  @OptionGroup var messages: MessageOptions

  func validate() throws {
    try validateNodes(nodes)
    try validateNotNegative(index, "--index")
    if refine, case .classical = method {
      throw ValidationError("--refine goes with a checkpoint")
    }
    let names = assignments.map(\.name)
    for name in names where names.count(where: { $0 == name }) > 1 {
      throw ValidationError("--set gives '\(name)' more than once")
    }
  }

  func run() throws {
    let equation = try equation.load()
    let sampler = try EquationSampler(
      equation, nodes: nodes, seed: seed,
      overrides: Dictionary(
        uniqueKeysWithValues: assignments.map { ($0.name, $0.value) }))
    try requireMemory(equation)
    let problem = try sampler.sample(index)
    let system = SolvedSystem(
      Collocation(nodes: nodes, on: equation.domain).assemble(problem))
    let answer = try solution(equation, problem, system)
    if !messages.quiet { try comment(answer, system, on: equation.domain) }
    var isFirst = true
    try SolutionColumns(problem, u: answer.u, on: equation.domain)
      .forEachBlock(points: points.points) { block in
        Console.print(isFirst ? block.csv : block.csvRows)
        isFirst = false
      }
  }

  /// Refuses a system that does not fit into memory.
  private func requireMemory(_ equation: Equation) throws {
    var solving = 0.0
    if case .classical(let name) = method {
      let context = SolverCatalogue.Context(equation, nodes: nodes)
      solving = try SolverCatalogue.solver(name, for: context)
        .bytes(order: nodes)
    }
    try SystemMemory(order: nodes, threads: 1).require(
      solving: solving, for: self.equation.equation)
  }

  /// The answer, and whether it is one of A x = b to rounding.
  private func solution(
    _ equation: Equation, _ problem: BoundaryValueProblem,
    _ system: SolvedSystem
  ) throws -> (u: [Double], isExact: Bool) {
    switch method {
    case .classical(let name):
      let context = SolverCatalogue.Context(equation, nodes: nodes)
      let solver = try SolverCatalogue.solver(name, for: context)
      let u = try naming {
        try solver.solve(
          system, noise: .clean, workspace: SystemWorkspace())
      }
      return (u, solver.isExact)
    case .checkpoint(let path):
      let checkpoint = try Checkpoint(path: path)
      let predictor = try systemPredictor(
        checkpoint, path,
        engine: ComputeEngine(threads: ThreadPool.processorCount),
        precision: .f32, batch: 1, n: nodes)
      let answer = try predictor.predict(A: system.A, b: system.b)
      if !messages.quiet {
        try doubt(answer, of: checkpoint, predictor, equation, problem, system)
      }
      return (refine ? try refined(answer, system) : answer, false)
    }
  }

  /// Names the sample in a solver's failure.
  private func naming<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as SolveFailure {
      throw CommandFailure("\(equation.equation): sample \(index): \(error)")
    }
  }

  /// A network's answer after iterative refinement.
  private func refined(_ answer: [Double], _ system: SolvedSystem) throws
    -> [Double]
  {
    let refinement = try naming {
      try Refinement(A: system.A, b: system.b, start: answer)
    }
    messages.notice(
      "refinement, relative residual: "
        + refinement.history.map(NumberFormat.short.text)
        .joined(separator: " → "))
    return refinement.solution
  }

  /// Says why a network's answer should be doubted.
  private func doubt(
    _ answer: [Double], of checkpoint: Checkpoint, _ predictor: Predictor,
    _ equation: Equation, _ problem: BoundaryValueProblem,
    _ system: SolvedSystem
  ) throws {
    guard let domain = try TrainingDomain(checkpoint, predictor: predictor)
    else {
      Console.warning(
        "the checkpoint does not say what it was trained on; its answer "
          + "cannot be judged")
      return
    }
    let found = try SolutionDiagnosis(system, u: answer, on: equation.domain)
    let doubts = domain.doubts(
      problem, condition: found.condition, residual: found.residual)
    for doubt in doubts {
      Console.warning("outside of what the network was trained on: \(doubt)")
    }
  }

  /// Says how well the solution solves and is resolved.
  private func comment(
    _ answer: (u: [Double], isExact: Bool), _ system: SolvedSystem,
    on domain: ClosedRange<Double>
  ) throws {
    let short = NumberFormat.short.text
    let found = try SolutionDiagnosis(system, u: answer.u, on: domain)
    Console.notice(
      "κ₂(A) = \(short(found.condition)), relative residual "
        + short(found.residual))
    guard answer.isExact, !found.isResolved else { return }
    Console.warning(
      "u is not resolved by \(nodes) nodes: its last Chebyshev coefficients "
        + "are \(short(found.tail)) of the largest; try more --nodes")
  }
}
