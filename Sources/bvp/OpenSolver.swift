import DenseSolvers
import Equations
import Experiments
import Networks
import Parallel
import Systems
import Training

/// Who solves systems of one order, opened once for all of them.
enum OpenSolver {
  case classical(any SystemSolver)
  case network(OpenNetwork)

  /// Opens what a method names.
  ///
  /// - Parameters:
  ///   - method: the solver.
  ///   - equation: what the systems are of.
  ///   - nodes: the order that is asked for; nil leaves it to the solver.
  /// - Returns: the solver, and the order.
  /// - Throws: what reading a checkpoint throws.
  static func open(
    _ method: Method, for equation: Equation, nodes: Int?
  ) throws -> (solver: OpenSolver, nodes: Int) {
    switch method {
    case .classical(let name):
      let nodes = nodes ?? 64
      let context = SolverCatalogue.Context(equation, nodes: nodes)
      return (
        .classical(try SolverCatalogue.solver(name, for: context)), nodes
      )
    case .checkpoint(let path):
      let checkpoint = try Checkpoint(path: path)
      let nodes = nodes ?? checkpoint.configuration.n
      return (.network(try OpenNetwork(checkpoint, path, n: nodes)), nodes)
    }
  }

  /// What solving a system takes of memory besides what all take.
  func bytes(order n: Int) -> Double {
    if case .classical(let solver) = self { solver.bytes(order: n) } else { 0 }
  }
}

/// A network, and what it was trained on.
final class OpenNetwork {
  let path: String
  let checkpoint: Checkpoint
  let predictor: Predictor
  /// The band around its own answers.
  let band: ConformalBand?
  /// What it was trained on, when somebody has asked; nil if it does not say.
  private var domain: TrainingDomain??
  /// What has been told.
  private var told: Set<String> = []

  init(_ checkpoint: Checkpoint, _ path: String, n: Int) throws {
    self.checkpoint = checkpoint
    self.path = path
    predictor = try systemPredictor(
      checkpoint, path,
      engine: ComputeEngine(threads: ThreadPool.processorCount),
      precision: .f32, batch: 1, n: n)
    band = try checkpoint.band(path, n: n)
  }

  /// Why an answer should be doubted, a sentence each; none that was told of an
  /// earlier one.
  func doubts(
    _ answer: [Double], _ problem: BoundaryValueProblem, _ system: SolvedSystem,
    _ equation: Equation
  ) throws -> [String] {
    let domain =
      try self.domain ?? TrainingDomain(checkpoint, predictor: predictor)
    self.domain = .some(domain)
    guard let domain else {
      return tell([
        (
          "domain",
          "what the network was trained on cannot be sampled again; its answer "
            + "cannot be judged"
        )
      ])
    }
    let found = try SolutionDiagnosis(system, u: answer, on: equation.domain)
    let doubts = domain.doubts(
      problem, condition: found.condition,
      residual: equilibratedResidual(
        A: system.A, b: system.b, x: answer, n: system.n))
    return tell(
      doubts.map {
        ($0.subject, "outside of what the network was trained on: \($0.text)")
      })
  }

  private func tell(_ doubts: [(subject: String, text: String)]) -> [String] {
    // A coefficient may be out of two ranges.
    let new = doubts.filter { !told.contains($0.subject) }
    told.formUnion(new.map(\.subject))
    return new.map(\.text)
  }
}
