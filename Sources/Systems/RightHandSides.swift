import DenseSolvers
import Foundation
import Randomness

/// The right-hand sides that a sample's matrix is learned with: its own, others of
/// the equation's law, and products of the matrix with random functions.
public struct RightHandSides: Sendable, Equatable {
  /// How many for each sample, its own among them.
  public var count: Int
  /// The share of them that are A z with random z.
  public var randomShare: Double

  public init(count: Int = 1, randomShare: Double = 0) {
    precondition(
      count > 0 && (0...1).contains(randomShare), "there is one at least")
    self.count = count
    self.randomShare = randomShare
  }

  /// How many are A z; the sample's own is none of them.
  private var randomCount: Int {
    min(count - 1, Int((randomShare * Double(count)).rounded()))
  }

  /// Draws right-hand sides, and solves for them.
  ///
  /// - Parameters:
  ///   - source: the systems.
  ///   - index: which of them.
  ///   - visit: how many samples were seen before; others are drawn each time.
  ///   - seed: of the draws.
  ///   - system: the one of this index, as it is without noise.
  ///   - workspace: memory of the calling thread.
  /// - Returns: the right-hand sides and the solutions, [count, n] each.
  /// - Throws: an error that names the sample where one cannot be made.
  public func draw(
    from source: any SystemSource, _ index: Int, visit: Int,
    seed: UInt64, _ system: SolvedSystem, workspace: SystemWorkspace
  ) throws -> (b: [Double], u: [Double]) {
    let n = system.n
    var b = system.b
    var u = system.u
    guard count > 1 else { return (b, u) }
    var random = CounterRandom(
      seed: seed, index: visit, stream: .randomSolution)
    for draw in 1..<(count - randomCount) {
      // A source without a law has random ones alone.
      let number = 1 + visit * count + draw
      guard
        let own = try source.rightHandSide(
          index, draw: number, workspace: workspace)
      else { break }
      b += own
    }
    let drawn = b.count - n
    if drawn > 0 {
      u += try DenseSolver.solveAll(
        A: system.A, B: Array(b[n...]), n: n, workspace: workspace.solver)
    }
    let norm = Self.norm(system.b)
    while b.count < count * n {
      let z = Self.randomFunction(n, &random)
      let Az = product(system.A, z)
      // As large as the sample's own: A makes rough functions large.
      let scale = (norm > 0 ? norm : 1) / Self.norm(Az)
      b += Az.map { scale * $0 }
      u += z.map { scale * $0 }
    }
    return (b, u)
  }

  private static func norm(_ values: [Double]) -> Double {
    values.reduce(0) { $0 + $1 * $1 }.squareRoot()
  }

  /// Values at Chebyshev nodes of a random series Σ exp(−k/8) ξ_k T_k.
  private static func randomFunction(
    _ n: Int, _ random: inout CounterRandom
  ) -> [Double] {
    let terms = min(n, 64)
    let coefficients = (0..<terms).map {
      exp(-Double($0) / 8) * random.nextNormal()
    }
    return (0..<n).map { i in
      let angle = Double.pi * Double(i) / Double(n - 1)
      return coefficients.enumerated().reduce(0.0) {
        $0 + $1.element * cos(Double($1.offset) * angle)
      }
    }
  }
}
