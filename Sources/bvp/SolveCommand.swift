import ArgumentParser
import Chebyshev
import DenseSolvers
import Equations
import Experiments
import Foundation
import Networks
import Training

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
enum Method: ExpressibleByArgument {
  case dense(DenseSolver)
  case checkpoint(String)

  init?(argument: String) {
    if let solver = DenseSolver(rawValue: argument) {
      self = .dense(solver)
    } else if argument.contains("/") || argument.contains(".") {
      self = .checkpoint(argument)
    } else {
      return nil
    }
  }
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
      lu, qr, svd, tikhonov, tsvd, tikhonov-gcv, tsvd-gcv, or the path of a \
      checkpoint.
      """, valueName: "solver"))
  var method = Method.dense(.lu)

  @Flag(
    help: """
      Refine a network's answer iteratively, by LU in Float32 and residuals in \
      Float64, and show the residuals.
      """)
  var refine = false

  @OptionGroup var output: OutputOptions

  func validate() throws {
    try validateNodes(nodes)
    try validatePoints(points)
    guard index >= 0 else {
      throw ValidationError("--index must not be negative")
    }
    if refine, case .dense = method {
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
    let system = Collocation(nodes: nodes, on: equation.domain)
      .assemble(problem)
    let u = try solution(problem, system)
    if !output.quiet { try comment(system, u, on: equation.domain) }
    let columns = SolutionColumns(problem, u: u, on: equation.domain)
    Console.print(columns.header)
    for row in columns.rows(points: points) { Console.print(row) }
  }

  private func solution(_ problem: BoundaryValueProblem, _ system: LinearSystem)
    throws -> [Double]
  {
    switch method {
    case .dense(let solver):
      do {
        return try solver.solve(A: system.A, b: system.b, n: nodes)
      } catch {
        throw CommandFailure("\(equation): sample \(index): \(error)")
      }
    case .checkpoint(let path):
      let checkpoint = try Checkpoint(path: path)
      let predictor = try Predictor(
        checkpoint, engine: ComputeEngine(threads: 1), precision: .f32,
        batch: 1, n: nodes)
      let answer = try predictor.predict(A: system.A, b: system.b)
      if !output.quiet {
        try doubt(answer, of: checkpoint, predictor, problem, system)
      }
      guard refine else { return answer }
      return try refined(answer, system)
    }
  }

  /// A network's answer after iterative refinement.
  private func refined(_ answer: [Double], _ system: LinearSystem) throws
    -> [Double]
  {
    let refinement: Refinement
    do {
      refinement = try Refinement(A: system.A, b: system.b, start: answer)
    } catch {
      throw CommandFailure("\(equation): sample \(index): \(error)")
    }
    if !output.quiet {
      Console.notice(
        "refinement, relative residual: "
          + refinement.history.map(short).joined(separator: " → "))
    }
    return refinement.solution
  }

  /// Says why a network's answer should be doubted.
  private func doubt(
    _ answer: [Double], of checkpoint: Checkpoint, _ predictor: Predictor,
    _ problem: BoundaryValueProblem, _ system: LinearSystem
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
    _ system: LinearSystem, _ u: [Double], on domain: ClosedRange<Double>
  ) throws {
    let residual = relativeResidual(A: system.A, b: system.b, x: u, n: nodes)
    let condition = try conditionNumber(system.A, n: nodes)
    Console.notice(
      "κ₂(A) = \(short(condition)), relative residual \(short(residual))")
    let tail = ChebyshevSeries(values: u, on: domain).tail
    guard case .dense(let solver) = method, !solver.isRegularized,
      tail > 1e-6
    else { return }
    Console.warning(
      "u is not resolved by \(nodes) nodes: its last Chebyshev coefficients "
        + "are \(short(tail)) of the largest; try more --nodes")
  }
}
