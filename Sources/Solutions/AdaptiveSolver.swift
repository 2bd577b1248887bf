import Chebyshev
import DenseSolvers
import Equations

/// Solves a boundary value problem to a tolerance: refines each piece of the
/// domain until its coefficients have decayed and two resolutions agree.
public struct AdaptiveSolver: Sendable {
  /// A solution and how far it may be trusted.
  public struct Answer: Sendable {
    public let u: PiecewiseSolution
    /// The largest difference to a coarser solution, relative to the largest
    /// |u|; no less than ten units of rounding.
    public let error: Double
    /// 1/κ₁ of the discrete system after scaling.
    public let reciprocalCondition: Double
    /// Whether ``error`` is within the tolerance.
    public let isResolved: Bool
  }

  /// The tolerance of the relative error in the maximum norm.
  public let tolerance: Double

  /// Nodes that a piece starts with, and the most it has before it is halved.
  private static let firstNodes = 33
  private static let mostNodes = 65

  /// So many nodes at most, in all pieces.
  public static let largestNodes = 8192

  public init(tolerance: Double = 1e-10) {
    self.tolerance = tolerance
  }

  private typealias Mesh = [PiecewiseCollocation.Piece]

  /// Solves a problem.
  ///
  /// - Throws: ``SingularProblem`` if it has no unique solution that double
  ///   precision could tell; what its coefficients throw.
  public func solve(_ problem: ContinuousProblem) throws -> Answer {
    let matrices = PiecewiseCollocation.MatrixCache()
    func solve(_ mesh: Mesh) throws -> Discrete {
      try Discrete(
        PiecewiseCollocation(problem, pieces: mesh, matrices: matrices))
    }
    var mesh = firstMesh(problem)
    var found = try solve(mesh)
    var lastError = Double.infinity
    while true {
      let rough = unresolved(found)
      let finer = refined(mesh, rough.isEmpty ? Set(mesh.indices) : rough)
      let nodes = finer.reduce(0) { $0 + $1.nodes }
      if nodes > Self.largestNodes || nodes == found.u.nodes {
        return answer(found, error: min(lastError, 1))
      }
      let next = try solve(finer)
      let difference = next.distance(to: found)
      defer {
        mesh = finer
        found = next
        lastError = difference
      }
      guard rough.isEmpty, unresolved(next).isEmpty else { continue }
      // Two fine grids that don't agree better than two coarser ones differ by
      // rounding alone.
      if difference <= tolerance || difference > 0.5 * lastError {
        return answer(next, error: difference)
      }
    }
  }

  private func answer(_ found: Discrete, error: Double) -> Answer {
    Answer(
      u: found.u, error: max(error, 10 * .ulpOfOne),
      reciprocalCondition: found.reciprocalCondition,
      isResolved: error <= tolerance)
  }

  private func firstMesh(_ problem: ContinuousProblem) -> Mesh {
    let ends =
      [problem.domain.lowerBound] + problem.breakpoints.map(\.x)
      + [problem.domain.upperBound]
    return zip(ends, ends.dropFirst()).map {
      .init(domain: $0...$1, nodes: Self.firstNodes)
    }
  }

  private func refined(_ mesh: Mesh, _ marked: Set<Int>) -> Mesh {
    mesh.indices.flatMap { index -> Mesh in
      let piece = mesh[index]
      guard marked.contains(index) else { return [piece] }
      guard piece.nodes >= Self.mostNodes else {
        return [.init(domain: piece.domain, nodes: 2 * piece.nodes - 1)]
      }
      // Nodes of a narrower piece would collide.
      let middle = piece.middle
      guard piece.half > 1e-11 * max(abs(middle), piece.half) else {
        return [piece]
      }
      return [
        .init(domain: piece.domain.lowerBound...middle, nodes: Self.firstNodes),
        .init(domain: middle...piece.domain.upperBound, nodes: Self.firstNodes),
      ]
    }
  }

  /// The pieces whose coefficients have not decayed, of those that matter most.
  private func unresolved(_ found: Discrete) -> Set<Int> {
    let tails = found.u.pieces.map {
      Self.tail($0.values, scale: found.u.scale, tolerance)
    }
    guard let worst = tails.max(), worst > 0 else { return [] }
    return Set(tails.indices.filter { tails[$0] > 0.01 * worst })
  }

  /// The last coefficients over the largest |u|; 0 if they are below a tenth of
  /// the tolerance, or level off as rounding does.
  private static func tail(
    _ values: [Double], scale: Double, _ tolerance: Double
  ) -> Double {
    guard scale > 0, let coefficients = try? vals2coeffs(values) else {
      return 0
    }
    let sizes = coefficients.map { abs($0) / scale }
    let quarter = sizes.count / 4
    let last = sizes.suffix(quarter).max() ?? 0
    let before = sizes.dropLast(quarter).suffix(quarter).max() ?? 0
    if last <= 0.1 * tolerance { return 0 }
    return last < 1e-7 && last > 0.3 * before ? 0 : last
  }
}

/// A discrete solution.
private struct Discrete {
  let u: PiecewiseSolution
  let reciprocalCondition: Double

  init(_ collocation: PiecewiseCollocation) throws {
    let system = try collocation.assemble()
    let solution = try system.solve(nullVectorBelow: SingularProblem.limit)
    reciprocalCondition = solution.reciprocalCondition
    if solution.reciprocalCondition < SingularProblem.limit {
      throw SingularProblem(
        nullVector: collocation.solution(solution.nullVector),
        on: collocation.pieces.map(\.domain),
        reciprocalCondition: solution.reciprocalCondition)
    }
    let values = collocation.solution(solution.x)
    let flux = collocation.flux(solution.x)
    u = PiecewiseSolution(
      pieces: try collocation.pieces.indices.map {
        let domain = collocation.pieces[$0].domain
        return .init(
          domain: domain, values: values[$0], flux: flux[$0],
          slopes: try ChebyshevSeries(values: values[$0], on: domain)
            .derivative.values(values[$0].count))
      })
  }

  /// The largest difference to another solution, relative to the largest |u|.
  func distance(to other: Discrete) -> Double {
    let largest = u.distance(to: other.u)
    return u.scale > 0 ? largest / u.scale : largest
  }
}
