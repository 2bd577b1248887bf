import Chebyshev
import DenseSolvers
import Equations
import Tables

/// Solves samples of a nonlinear equation on one grid, by a damped
/// Newton–Kantorovich iteration each of whose steps is a linear system.
public struct GridNonlinearSolver: Sendable {
  /// The nodes, in descending order.
  public let nodes: [Double]
  public let tolerance: Double

  private let overrides: [String: Double]
  private let sampler: EquationSampler
  private let collocation: Collocation

  public var equation: Equation { sampler.equation }
  public var seed: UInt64 { sampler.seed }

  /// Prepares a grid.
  ///
  /// - Throws: `EquationError` for a number of nodes out of range, an unknown
  ///   parameter or a solution that jumps.
  public init(
    _ equation: Equation, nodes n: Int, seed: UInt64,
    overrides: [String: Double] = [:], tolerance: Double = 1e-10
  ) throws {
    try equation.requireOneGrid()
    sampler = try EquationSampler(
      equation, nodes: n, seed: seed, overrides: overrides)
    collocation = Collocation(nodes: n, on: equation.domain)
    nodes = sampler.nodes
    self.overrides = overrides
    self.tolerance = tolerance
  }

  /// The first guess at the nodes, from a formula of x and the parameters.
  ///
  /// - Throws: `EquationError` for the formula.
  public func start(_ formula: String, _ index: Int) throws -> [Double] {
    try sampler.values(ofFormula: formula, index)
  }

  /// The linear problem of a Newton step and its system.
  ///
  /// - Parameters:
  ///   - index: the sample.
  ///   - u: where the step starts, at the nodes.
  ///   - trial: as in `EquationSampler.linearisation`, at the nodes.
  /// - Returns: both.
  /// - Throws: `EquationError` where a coefficient is not finite.
  public func linearisation(
    _ index: Int, at u: [Double], trial: [Double]? = nil
  ) throws -> (problem: BoundaryValueProblem, system: LinearSystem) {
    let problem = try sampler.linearisation(
      index, at: values(u), trial: trial.map(values))
    return (problem, collocation.assemble(problem))
  }

  /// A solution whose values at the ends are what Dirichlet's conditions say, as
  /// rounding may leave where f or q is defined.
  private func exactAtEnds(
    _ u: [Double], _ problem: BoundaryValueProblem
  ) -> [Double] {
    var result = u
    for (end, condition) in [(0, problem.right), (u.count - 1, problem.left)]
    where condition.beta == 0 && condition.integral == 0 {
      result[end] = condition.gamma / condition.alpha
    }
    return result
  }

  private func values(_ u: [Double]) throws -> FunctionValues {
    FunctionValues(
      u: u,
      du: try ChebyshevSeries(values: u, on: equation.domain).derivative
        .values(u.count))
  }

  /// Solves a sample, each step's system by any solver.
  ///
  /// - Parameters:
  ///   - index: the sample.
  ///   - formula: the first guess.
  ///   - solve: solves A x = b, A in column-major order.
  ///   - report: receives every step, where it starts and where its full
  ///     correction leads.
  /// - Returns: the solution at the nodes.
  /// - Throws: ``NewtonFailure``, `EquationError`, what `solve` throws.
  public func solve(
    _ index: Int, from formula: String,
    by solve: (BoundaryValueProblem, LinearSystem) throws -> [Double],
    report: (NewtonStep, [Double], [Double]) throws -> Void
  ) throws -> [Double] {
    func largest(_ u: some Sequence<Double>) -> Double {
      u.reduce(0) { max($0, abs($1)) }
    }
    return try withoutActuallyEscaping(solve) { solve in
      let iteration = NewtonKantorovich<[Double]>(
        correct: { u, trial, _ in
          let step = try linearisation(index, at: u, trial: trial)
          return exactAtEnds(try solve(step.problem, step.system), step.problem)
        },
        residual: { u in
          let system = try linearisation(index, at: u).system
          return largest(system.residual(u).dropFirst().dropLast())
        },
        mix: { u, damping, full in
          zip(u, full).map { $0 + damping * ($1 - $0) }
        },
        distance: { largest(zip($0, $1).map { $0 - $1 }) },
        size: { largest($0) }, nodes: \.count)
      let found = try iteration.solve(
        from: start(formula, index), tolerance: tolerance, report: report)
      // A solver that does not solve its systems may stop anywhere.
      let system = try linearisation(index, at: found.u).system
      let residual = relativeResidual(
        A: system.A, b: system.b, x: found.u, n: nodes.count)
      guard residual <= 1e-3 * tolerance.squareRoot() else {
        throw NewtonFailure(
          steps: found.steps, correction: found.correction,
          reason: "the steps have become small, but the relative residual is "
            + NumberFormat.short.text(residual))
      }
      return found.u
    }
  }

  /// What a solution makes of the equation: a linear problem, and its coefficients.
  public struct Linearised {
    /// The coefficients at the nodes and at the solution.
    public let problem: BoundaryValueProblem
    /// The system of a Newton step from the solution.
    public let system: LinearSystem
    /// The coefficients at any points.
    public let formulas: ([Double]) throws -> BoundaryValueProblem
  }

  /// Looks at the equation of a sample at its solution.
  ///
  /// - Parameters:
  ///   - index: the sample.
  ///   - u: the solution at the nodes.
  /// - Returns: what it makes of the equation.
  /// - Throws: `EquationError` where a coefficient is not finite.
  public func linearised(_ index: Int, at u: [Double]) throws -> Linearised {
    let series = try ChebyshevSeries(values: u, on: equation.domain)
    let slope = series.derivative
    return Linearised(
      problem: try sampler.sample(index, at: values(u)),
      system: try linearisation(index, at: u).system,
      formulas: equation.formulas(
        seed: seed, index: index, overrides: overrides
      ) {
        FunctionValues(u: $0.map { series($0) }, du: $0.map { slope($0) })
      })
  }

  /// Solves a sample by LU.
  ///
  /// - Throws: ``NewtonFailure``, `EquationError`; ``SingularProblem`` or
  ///   `SolveFailure` for a step whose system has no unique solution.
  public func solve(
    _ index: Int, from formula: String, workspace: Workspace,
    report: (NewtonStep, [Double], [Double]) throws -> Void
  ) throws -> [Double] {
    try solve(
      index, from: formula,
      by: { _, system in
        var x = system.b
        try DenseSolver.lu.solve(
          A: system.A, b: system.b, n: system.n, x: &x, workspace: workspace)
        _ = try GridRegularity(
          afterLU: system.A, n: system.n, on: equation.domain,
          workspace: workspace)
        return x
      }, report: report)
  }
}
