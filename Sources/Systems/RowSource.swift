import Chebyshev
import DenseSolvers
import Equations
import Solutions

/// What makes the rows of a dataset.
protocol RowSource: Sendable {
  /// What errors call the samples' equation.
  var name: String { get }

  /// Makes the rows of a sample.
  ///
  /// - Parameters:
  ///   - index: the sample.
  ///   - workspace: memory of the calling thread.
  ///   - row: receives each row.
  /// - Throws: ``SystemError/unsolvable(name:index:reason:)`` if nobody can
  ///   solve the sample.
  func forEachRow(
    of index: Int, workspace: SystemWorkspace,
    _ row: (DatasetRow) throws -> Void
  ) throws
}

/// A row of a dataset.
struct DatasetRow {
  let problem: BoundaryValueProblem
  let system: SolvedSystem
  /// ‖Au − b‖/(‖A‖‖u‖ + ‖b‖) of what u solves.
  let residual: Double
  /// Of a step of Newton's method, where it starts, at the nodes.
  let start: [Double]?
}

/// The samples of a linear equation, a row each.
struct LinearRows: RowSource {
  let equation: Equation
  let source: EquationSource
  let labels: DatasetLabels

  var name: String { equation.name }

  func forEachRow(
    of index: Int, workspace: SystemWorkspace,
    _ row: (DatasetRow) throws -> Void
  ) throws {
    var system = workspace.takeSystem(order: source.n)
    defer { workspace.system = system }
    try source.load(index, into: &system, workspace: workspace)
    if labels == .resolved {
      system.u = try resolvedSolution(
        equation, seed: source.seed, index: index, tolerance: 1e-10)(
          chebpts(source.n, on: equation.domain))
    }
    try row(
      DatasetRow(
        problem: workspace.problem, system: system,
        residual: relativeResidual(
          A: system.A, b: system.b, x: system.u, n: system.n),
        start: nil))
  }
}

/// The samples of a nonlinear equation: the system of Newton's first step beside
/// the equation's solution, or those of all steps beside what they lead to.
struct NonlinearRows: RowSource {
  private let solver: GridNonlinearSolver
  private let newton: NewtonSystems
  private let labels: DatasetLabels

  var name: String { solver.equation.name }

  init(
    _ equation: Equation, nodes: Int, seed: UInt64, _ newton: NewtonSystems,
    labels: DatasetLabels
  ) throws {
    solver = try GridNonlinearSolver(equation, nodes: nodes, seed: seed)
    try SystemMemory(order: nodes, threads: 1).require(for: equation.path)
    self.newton = newton
    self.labels = labels
    // A formula that is wrong is so for every sample.
    _ = try solver.start(newton.initial, 0)
  }

  func forEachRow(
    of index: Int, workspace: SystemWorkspace,
    _ row: (DatasetRow) throws -> Void
  ) throws {
    var steps: [(start: [Double], end: [Double])] = []
    do {
      let u = try solver.solve(
        index, from: newton.initial, workspace: workspace.solver
      ) { _, start, end in
        if newton.isEveryStep || steps.isEmpty { steps.append((start, end)) }
      }
      guard !newton.isEveryStep else {
        for step in steps {
          let (problem, system) = try self.system(index, at: step.start)
          var solved = SolvedSystem(system)
          solved.u = step.end
          try row(
            DatasetRow(
              problem: problem, system: solved,
              residual: residual(system, step.end), start: step.start))
        }
        return
      }
      let first = try system(index, at: solver.start(newton.initial, index))
      let own = try labels == .grid ? u : resolved(index)
      var solved = SolvedSystem(first.system)
      solved.u = own
      try row(
        DatasetRow(
          problem: first.problem, system: solved,
          residual: residual(try system(index, at: own).system, own),
          start: nil))
    } catch let error
      where error is NewtonFailure || error is SingularProblem
      || error is SolveFailure
    {
      throw SystemError.unsolvable(name: name, index: index, reason: "\(error)")
    }
  }

  private func system(
    _ index: Int, at u: [Double]
  ) throws -> (problem: BoundaryValueProblem, system: LinearSystem) {
    try solver.linearisation(index, at: u)
  }

  private func residual(_ system: LinearSystem, _ u: [Double]) -> Double {
    relativeResidual(A: system.A, b: system.b, x: u, n: system.n)
  }

  private func resolved(_ index: Int) throws -> [Double] {
    try resolvedSolution(
      solver.equation, seed: solver.seed, index: index, tolerance: 1e-10,
      initial: newton.initial)(solver.nodes)
  }
}

extension RowSource {
  /// Makes the rows of a sample, none of one that nobody can solve if these are
  /// left out.
  func rows(
    of index: Int, workspace: SystemWorkspace, leavesOut: Bool,
    _ row: (DatasetRow) throws -> Void
  ) throws {
    do {
      try forEachRow(of: index, workspace: workspace, row)
    } catch SystemError.unsolvable where leavesOut {
    }
  }
}

extension DatasetContents {
  /// What makes the rows of a dataset with these contents.
  ///
  /// - Throws: `EquationError` if the equation has no such contents.
  func source(
    _ equation: Equation, nodes: Int, seed: UInt64
  ) throws -> any RowSource {
    guard let newton else {
      return LinearRows(
        equation: equation,
        source: try EquationSource(
          equation, nodes: nodes, seed: seed, count: nil),
        labels: labels)
    }
    return try NonlinearRows(
      equation, nodes: nodes, seed: seed, newton, labels: labels)
  }
}
