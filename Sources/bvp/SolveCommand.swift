import ArgumentParser
import Chebyshev
import DenseSolvers
import Equations
import Experiments
import Networks
import Systems
import Tables

/// A parameter that is fixed, "alpha=0.5".
struct Assignment: ExpressibleByArgument {
  let name: String
  let value: Double

  init?(argument: String) {
    let parts = argument.split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let value = Double(parts[1]),
      value.isFinite
    else { return nil }
    name = String(parts[0])
    self.value = value
  }
}

/// A solver given by name or as the path of a checkpoint.
enum Method: ExpressibleByArgument, CustomStringConvertible {
  case classical(String)
  case checkpoint(String)

  init?(argument: String) {
    if SolverCatalogue.names.contains(argument) {
      self = .classical(argument)
    } else if argument.contains("/") || argument.contains(".") {
      self = .checkpoint(argument)
    } else {
      return nil
    }
  }

  var description: String {
    switch self {
    case .classical(let name): name
    case .checkpoint(let path): path
    }
  }

  var defaultValueDescription: String { description }
}

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

  @Argument(help: "An equation file, or the name of a shipped equation.")
  var equation: String

  @Option(help: "The seed.")
  var seed: UInt64 = 0

  @Option(help: "The sample's index under its seed.")
  var index = 0

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Fix a parameter instead of drawing it.", valueName: "name=value"))
  var assignments: [Assignment] = []

  @Option(help: "Nodes of the collocation grid.")
  var nodes = 64

  @Option(
    help: "Resample on so many evenly spaced points. (default: the nodes)")
  var points: Int?

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
    try validatePoints(points)
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
    let equation = try Equation.load(equation)
    let sampler = try EquationSampler(
      equation, nodes: nodes, seed: seed,
      overrides: Dictionary(
        uniqueKeysWithValues: assignments.map { ($0.name, $0.value) }))
    let problem = try sampler.sample(index)
    let system = SolvedSystem(
      Collocation(nodes: nodes, on: equation.domain).assemble(problem))
    let (u, isExact) = try solution(equation, problem, system)
    if !messages.quiet {
      try comment(system, u, on: equation.domain, isExact: isExact)
    }
    Console.print(
      SolutionColumns(problem, u: u, on: equation.domain)
        .table(points: points).csv)
  }

  /// The answer, and whether it is one of A x = b to rounding.
  private func solution(
    _ equation: Equation, _ problem: BoundaryValueProblem,
    _ system: SolvedSystem
  ) throws -> (u: [Double], isExact: Bool) {
    switch method {
    case .classical(let name):
      let context = SolverCatalogue.Context(equation, nodes: nodes)
      guard let solver = try SolverCatalogue.solver(name, for: context) else {
        throw CommandFailure("\(name): is no solver")
      }
      let u = try naming {
        try solver.solve(
          system, noise: .clean, workspace: SystemWorkspace())
      }
      return (u, solver.isExact)
    case .checkpoint(let path):
      let checkpoint = try Checkpoint(path: path)
      let predictor = try Predictor(
        checkpoint, engine: ComputeEngine(threads: 1), precision: .f32,
        batch: 1, n: nodes)
      let answer = try predictor.predict(A: system.A, b: system.b)
      if !messages.quiet {
        try doubt(answer, of: checkpoint, predictor, problem, system)
      }
      return (refine ? try refined(answer, system) : answer, false)
    }
  }

  /// Names the sample in a solver's failure.
  private func naming<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error as SolveFailure {
      throw CommandFailure("\(equation): sample \(index): \(error)")
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
    _ problem: BoundaryValueProblem, _ system: SolvedSystem
  ) throws {
    guard let domain = try TrainingDomain(checkpoint, predictor: predictor)
    else {
      Console.warning(
        "the checkpoint does not say what it was trained on; its answer "
          + "cannot be judged")
      return
    }
    let doubts = domain.doubts(
      problem, condition: try conditionNumber(system.A, n: nodes),
      residual: relativeResidual(
        A: system.A, b: system.b, x: answer, n: nodes))
    for doubt in doubts {
      Console.warning("outside of what the network was trained on: \(doubt)")
    }
  }

  /// Says how well the solution solves and is resolved.
  private func comment(
    _ system: SolvedSystem, _ u: [Double], on domain: ClosedRange<Double>,
    isExact: Bool
  ) throws {
    let short = NumberFormat.short.text
    let residual = relativeResidual(A: system.A, b: system.b, x: u, n: nodes)
    let condition = try conditionNumber(system.A, n: nodes)
    Console.notice(
      "κ₂(A) = \(short(condition)), relative residual \(short(residual))")
    let tail = ChebyshevSeries(values: u, on: domain).tail
    guard isExact, tail > 1e-6 else { return }
    Console.warning(
      "u is not resolved by \(nodes) nodes: its last Chebyshev coefficients "
        + "are \(short(tail)) of the largest; try more --nodes")
  }
}
