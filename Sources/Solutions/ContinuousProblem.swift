import Equations

/// A boundary value problem as functions of x.
public struct ContinuousProblem {
  public let domain: ClosedRange<Double>
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
  /// - Throws: `EquationError` for an unknown parameter or a sample that cannot
  ///   be drawn.
  public init(
    _ equation: Equation, seed: UInt64, index: Int,
    overrides: [String: Double] = [:]
  ) throws {
    let sampler = try EquationSampler(
      equation, points: [], seed: seed, overrides: overrides)
    let sample = try sampler.sample(index)
    self.init(
      on: equation.domain, breakpoints: try sampler.breakpoints(index),
      left: sample.left, right: sample.right,
      coefficients: equation.formulas(
        seed: seed, index: index, overrides: overrides))
  }
}
