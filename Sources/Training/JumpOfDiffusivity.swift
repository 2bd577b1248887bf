import Equations

extension Equation {
  /// Where K of a sample jumps: there the factors of the operator are not smooth, and
  /// cannot be read off the matrix of one grid.
  ///
  /// - Parameters:
  ///   - seed: of the samples.
  ///   - index: which of them.
  ///   - overrides: parameters that are fixed.
  /// - Returns: the first such point; nil of a K without.
  /// - Throws: `EquationError` for a sample that cannot be drawn.
  public func jumpOfDiffusivity(
    seed: UInt64, index: Int = 0, overrides: [String: Double] = [:]
  ) throws -> Double? {
    let sampler = try EquationSampler(
      self, nodes: 3, seed: seed, overrides: overrides)
    let formulas = formulas(seed: seed, index: index, overrides: overrides)
    let width = domain.upperBound - domain.lowerBound
    for point in try sampler.breakpoints(index) {
      // A kink is as smooth as it looks from so near.
      let sides = [point.x - 1e-9 * width, point.x + 1e-9 * width]
      let K = try formulas(sides).K
      if abs(K[0] - K[1]) > 1e-6 * max(abs(K[0]), abs(K[1])) { return point.x }
    }
    return nil
  }
}
