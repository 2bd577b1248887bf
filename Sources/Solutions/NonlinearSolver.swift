import Chebyshev
import Equations
import Foundation

/// Solves samples of nonlinear equations, by a damped Newton–Kantorovich
/// iteration whose linear problems are boundary value problems like any other.
public struct NonlinearSolver {
  public let equation: Equation
  public let seed: UInt64
  public let index: Int
  public var overrides: [String: Double]
  public let tolerance: Double
  /// When to give up; nil is never.
  public var deadline: ContinuousClock.Instant?

  public init(
    _ equation: Equation, seed: UInt64, index: Int,
    overrides: [String: Double] = [:], tolerance: Double = 1e-10
  ) {
    self.equation = equation
    self.seed = seed
    self.index = index
    self.overrides = overrides
    self.tolerance = tolerance
  }

  /// The sample's parameters and fields, to be evaluated at any points.
  private func draw() throws -> EquationSampler {
    try EquationSampler(equation, points: [], seed: seed, overrides: overrides)
  }

  // MARK: In pieces

  /// Solves to the tolerance, on pieces that are refined as each step asks.
  ///
  /// - Parameters:
  ///   - start: the first guess.
  ///   - report: receives every step.
  /// - Returns: the solution; its error is the larger of the last correction and
  ///   the last linear problem's.
  /// - Throws: ``NewtonFailure``, ``SingularProblem``, `EquationError`.
  public func solve(
    from start: PiecewiseSolution, report: (NewtonStep) throws -> Void
  ) throws -> (answer: AdaptiveSolver.Answer, steps: Int) {
    let draw = try draw()
    let breakpoints = try draw.breakpoints(index)
    let ends = try draw.linearisation(
      index, at: FunctionValues(u: [], du: []))
    var last: AdaptiveSolver.Answer?
    func values(_ u: PiecewiseSolution, _ points: [Double]) -> FunctionValues {
      let both = u.withDerivative(points)
      return FunctionValues(u: both.u, du: both.slope)
    }
    let iteration = NewtonKantorovich<PiecewiseSolution>(
      correct: { u, trial, tolerance in
        let problem = ContinuousProblem(
          on: equation.domain, breakpoints: breakpoints, left: ends.left,
          right: ends.right
        ) { points in
          try draw.at(points).linearisation(
            index, at: values(u, points), trial: values(trial, points))
        }
        let answer = try AdaptiveSolver(
          tolerance: tolerance, deadline: deadline, fallsBack: false
        ).solve(problem)
        last = answer
        return answer.u
      },
      isResolved: { last?.error ?? 1 <= $0 },
      residual: { try residual($0, draw) },
      mix: { $0.mixed($1, with: $2) },
      distance: { $0.distance(to: $1) },
      size: \.scale, nodes: \.nodes)
    let found = try iteration.solve(from: start, tolerance: tolerance) {
      step, _, _ in try report(step)
    }
    let error = max(last?.error ?? 0, found.correction)
    return (
      AdaptiveSolver.Answer(
        u: found.u, error: error,
        reciprocalCondition: last?.reciprocalCondition ?? 0,
        isResolved: error <= tolerance),
      found.steps
    )
  }

  /// Solves for one value of a parameter after another, each from the solution
  /// of the last.
  ///
  /// The values are spaced evenly, or geometrically where both ends have one
  /// sign; the distance between them follows how many steps Newton's method
  /// takes.
  ///
  /// - Parameters:
  ///   - name: the parameter.
  ///   - ends: its first and its last value.
  ///   - start: the first guess.
  ///   - report: receives every step.
  ///   - arrival: receives every value that was solved for.
  /// - Returns: the solution for the last value.
  /// - Throws: as ``solve(from:report:)`` does, where no value however near can
  ///   be reached.
  public func solve(
    along name: String, _ ends: (first: Double, last: Double),
    from start: PiecewiseSolution, report: (NewtonStep) throws -> Void,
    arrival: (Double) throws -> Void
  ) throws -> AdaptiveSolver.Answer {
    func value(_ part: Double) -> Double {
      if part == 1 { return ends.last }
      guard ends.first * ends.last > 0 else {
        return ends.first + part * (ends.last - ends.first)
      }
      return ends.first * pow(ends.last / ends.first, part)
    }
    var solver = self
    solver.overrides[name] = ends.first
    var answer = try solver.solve(from: start, report: report).answer
    try arrival(ends.first)
    var (part, stride) = (0.0, 0.25)
    while part < 1 {
      let next = min(1, part + stride)
      solver.overrides[name] = value(next)
      do {
        let found = try solver.solve(from: answer.u, report: report)
        answer = found.answer
        part = next
        try arrival(value(next))
        if found.steps <= 6 { stride *= 2 }
        if found.steps > 12 { stride *= 0.5 }
      } catch let error where error is NewtonFailure || error is SingularProblem
      {
        stride *= 0.5
        if stride < 1e-4 { throw error }
      }
    }
    return answer
  }

  /// The largest |−g′ + w u′ + q u − f| between the nodes.
  private func residual(
    _ u: PiecewiseSolution, _ draw: EquationSampler
  ) throws -> Double {
    var largest = 0.0
    for piece in u.pieces {
      let points = chebpts(piece.values.count, on: piece.domain)
      let inner = Array(points.dropFirst().dropLast())
      let at = FunctionValues(
        u: Array(piece.values.dropFirst().dropLast()),
        du: Array(piece.slopes.dropFirst().dropLast()))
      let sample = try draw.at(inner).sample(index, at: at)
      let slopes = try ChebyshevSeries(values: piece.flux, on: piece.domain)
        .derivative.values(piece.values.count)
      for i in inner.indices {
        let sides = sample.sides(i, u: at.u[i], slope: at.du[i])
        largest = max(largest, abs(sides.source - slopes[i + 1]))
      }
    }
    return largest
  }

  /// A first guess, from a formula of x and the parameters.
  ///
  /// - Throws: `EquationError` for the formula.
  public func start(_ formula: String) throws -> PiecewiseSolution {
    let domain = equation.domain
    let draw = try draw()
    let breakpoints = try draw.breakpoints(index).map(\.x)
    let ends = [domain.lowerBound] + breakpoints + [domain.upperBound]
    return try PiecewiseSolution(
      pieces: zip(ends, ends.dropFirst()).map { low, high in
        let points = chebpts(65, on: low...high)
        let sampler = draw.at(points)
        let values = try sampler.values(ofFormula: formula, index)
        let slopes = try ChebyshevSeries(values: values, on: low...high)
          .derivative.values(points.count)
        let sample = try sampler.sample(
          index, at: FunctionValues(u: values, du: slopes))
        let flux = points.indices.map {
          sample.sides($0, u: values[$0], slope: slopes[$0]).flux
        }
        return .init(
          domain: low...high, values: values, flux: flux, slopes: slopes)
      })
  }
}
