import Equations
import Tables

/// A step of Newton's method, for the table that shows them.
public struct NewtonStep: Sendable, Equatable {
  /// From 1.
  public let number: Int
  /// The largest |F(u)| before the step, F being the equation's residual.
  public let residual: Double
  /// The largest |δ| of the full step over the largest |u|.
  public let correction: Double
  /// The part of the full step that was taken.
  public let damping: Double
  /// The nodes of the solution after it.
  public let nodes: Int
}

/// Newton's method did not get to a solution.
public struct NewtonFailure: Error, CustomStringConvertible {
  public let steps: Int
  public let correction: Double
  public let reason: String

  public var description: String {
    "Newton's method does not converge: \(reason) after \(steps) "
      + "step\(steps == 1 ? "" : "s") (relative correction "
      + "\(NumberFormat.short.text(correction)))"
  }
}

/// A damped Newton iteration in function space, whatever functions are made of.
///
/// A step is shortened until the next simplified correction, taken with the same
/// operator, is smaller than the last one: the natural monotonicity test, which
/// does not depend on how the equation is scaled; Deuflhard, *Newton Methods for
/// Nonlinear Problems* (2004), section 3.3.
struct NewtonKantorovich<Function> {
  /// û − L⁻¹F(û), L being the operator linearised at the first function and û
  /// the second; to a relative tolerance.
  let correct: (Function, Function, Double) throws -> Function
  /// Whether the last correction is known to a tolerance.
  var isResolved: (Double) -> Bool = { _ in true }
  /// The largest |F|.
  let residual: (Function) throws -> Double
  /// (1 − λ) u + λ w.
  let mix: (Function, Double, Function) -> Function
  let distance: (Function, Function) -> Double
  /// The largest |u|.
  let size: (Function) -> Double
  let nodes: (Function) -> Int

  private static var mostSteps: Int { 60 }
  private static var leastDamping: Double { 1e-5 }

  /// Iterates from `start` until the correction is within the tolerance.
  ///
  /// - Parameters:
  ///   - start: the first guess.
  ///   - tolerance: of the relative correction.
  ///   - report: receives every step, where it starts and where its full
  ///     correction leads.
  /// - Returns: the solution and the last relative correction.
  /// - Throws: ``NewtonFailure``; ``SingularProblem`` of a step.
  func solve(
    from start: Function, tolerance: Double,
    report: (NewtonStep, Function, Function) throws -> Void
  ) throws -> (u: Function, correction: Double, steps: Int) {
    var u = start
    var damping = 1.0
    var last = Double.infinity
    var isFine = false
    for number in 1...Self.mostSteps {
      let finest = 0.1 * tolerance
      let precision = isFine ? finest : max(finest, min(1e-4, 1e-3 * last))
      let full = try correct(u, u, precision)
      let length = distance(full, u)
      let correction = length / max(size(full), .leastNormalMagnitude)
      guard correction.isFinite else {
        throw NewtonFailure(
          steps: number, correction: correction, reason: "u overflows")
      }
      let residual = try residual(u)
      // What two solutions to the tolerance differ by cannot be told from a
      // correction, once the iteration has stopped contracting.
      let isLast =
        correction <= tolerance
        || (correction < 1e-6 && correction > 0.5 * last)
      // One that was asked for to a few digits may not have seen all.
      let isDone =
        isLast && (precision <= finest || isResolved(tolerance))
      var next = full
      if isLast {
        damping = 1
      } else {
        (next, damping) = try step(
          from: u, to: full, length, damping, precision, number)
      }
      try report(
        NewtonStep(
          number: number, residual: residual, correction: correction,
          damping: damping, nodes: nodes(next)), u, full)
      if isDone { return (full, correction, number) }
      u = next
      isFine = isFine || isLast
      last = isLast ? .infinity : correction
      damping = min(1, 4 * damping)
    }
    throw NewtonFailure(
      steps: Self.mostSteps, correction: last, reason: "no solution is found")
  }

  /// The longest step on the way to the full one that passes the test.
  private func step(
    from u: Function, to full: Function, _ length: Double, _ first: Double,
    _ precision: Double, _ number: Int
  ) throws -> (Function, Double) {
    var damping = first
    while damping >= Self.leastDamping {
      let trial = damping == 1 ? full : mix(u, damping, full)
      do {
        let next = try correct(u, trial, precision)
        if distance(next, trial) <= (1 - 0.25 * damping) * length {
          return (trial, damping)
        }
      } catch is EquationError {
        // f or q is not defined there: not so far.
      }
      damping *= 0.5
    }
    throw NewtonFailure(
      steps: number, correction: length / max(size(u), .leastNormalMagnitude),
      reason: "no step however short comes nearer")
  }
}
