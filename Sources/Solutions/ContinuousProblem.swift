import Equations

/// A boundary value problem as functions of x.
public struct ContinuousProblem {
  public let domain: ClosedRange<Double>
  /// More breakpoints are refused.
  private static let mostBreakpoints = 4096
  /// Ascending, inside of the domain.
  public let breakpoints: [Breakpoint]
  public let left: BoundaryCondition
  public let right: BoundaryCondition
  /// The coefficients at points that are no breakpoints.
  let coefficients: ([Double]) throws -> BoundaryValueProblem

  public init(
    on domain: ClosedRange<Double>, breakpoints: [Breakpoint] = [],
    left: BoundaryCondition, right: BoundaryCondition,
    coefficients: @escaping ([Double]) throws -> BoundaryValueProblem
  ) {
    self.domain = domain
    self.breakpoints = breakpoints
    self.left = left
    self.right = right
    self.coefficients = coefficients
  }

  /// A sample of an equation.
  ///
  /// - Throws: `EquationError` for an unknown parameter, a sample that cannot be
  ///   drawn, or a coefficient that is not finite at an end.
  public init(
    _ equation: Equation, seed: UInt64, index: Int,
    overrides: [String: Double] = [:]
  ) throws {
    let sampler = try EquationSampler(
      equation, points: [], seed: seed, overrides: overrides)
    let breakpoints = try sampler.breakpoints(index)
    guard breakpoints.count <= Self.mostBreakpoints else {
      throw EquationError(
        file: equation.path, sample: index,
        message: "has \(breakpoints.count) jumps and kinks in sample "
          + "\(index); \(Self.mostBreakpoints) at most can be resolved")
    }
    // What is infinite, or 0/0, at a point that no grid is without is known
    // before any work.
    let sample = try sampler.at(
      [equation.domain.lowerBound, equation.domain.upperBound]
    ).sample(index)
    self.init(
      on: equation.domain, breakpoints: breakpoints,
      left: sample.left, right: sample.right,
      coefficients: { try sampler.at($0).sample(index) })
  }

  /// Refuses coefficients that cannot be printed at the breakpoints.
  ///
  /// - Throws: `EquationError` that names the one that is not finite there.
  public func requireFiniteAtBreakpoints() throws {
    _ = try coefficients(breakpoints.map(\.x))
  }
}
