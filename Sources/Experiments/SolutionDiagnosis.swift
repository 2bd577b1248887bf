import Chebyshev
import DenseSolvers
import Equations
import Systems

/// How far the solution of one system may be believed.
public struct SolutionDiagnosis: Sendable {
  /// κ₂(A).
  public let condition: Double
  /// ‖Au − b‖/(‖A‖‖u‖ + ‖b‖).
  public let residual: Double
  /// The last Chebyshev coefficients of u over the largest.
  public let tail: Double

  /// A solution with a larger ``tail`` is not resolved by its grid.
  public static let resolvedTail = 1e-6

  /// Whether the grid resolves the solution.
  public var isResolved: Bool { tail <= Self.resolvedTail }

  /// Looks at a solution at the nodes of a domain.
  ///
  /// - Throws: `SolveFailure` if A has no condition number, `TransformFailure`.
  public init(
    _ system: SolvedSystem, u: [Double], on domain: ClosedRange<Double>
  ) throws {
    condition = try conditionNumber(system.A, n: system.n)
    residual = relativeResidual(
      A: system.A, b: system.b, x: u, n: system.n)
    tail = try ChebyshevSeries(values: u, on: domain).tail
  }
}
