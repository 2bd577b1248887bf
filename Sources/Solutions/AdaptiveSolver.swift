import Chebyshev
import DenseSolvers
import Equations
import Foundation

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

  /// No solution within the time that there was.
  public struct TookTooLong: Error, CustomStringConvertible {
    public let description =
      "no solution to the tolerance was found in the time that there is; fixed "
      + "nodes take less"
  }

  /// The tolerance of the relative error in the maximum norm.
  public let tolerance: Double

  /// When to give up; nil is never.
  public let deadline: ContinuousClock.Instant?

  /// Nodes that a piece starts with, and the most it has before it is halved.
  private static let firstNodes = 33
  private static let mostNodes = 65

  /// So many nodes at most, in all pieces.
  public static let largestNodes = 8192

  public init(
    tolerance: Double = 1e-10, deadline: ContinuousClock.Instant? = nil
  ) {
    self.tolerance = tolerance
    self.deadline = deadline
  }

  private func checkTime() throws {
    if let deadline, ContinuousClock.now > deadline { throw TookTooLong() }
  }

  private typealias Mesh = [PiecewiseCollocation.Piece]

  /// Solves a problem.
  ///
  /// - Throws: ``SingularProblem`` if it has no unique solution that double
  ///   precision could tell; ``TookTooLong``; what its coefficients throw.
  public func solve(_ problem: ContinuousProblem) throws -> Answer {
    let matrices = PiecewiseCollocation.MatrixCache()
    func solve(_ mesh: Mesh) throws -> Discrete {
      try checkTime()
      return try Discrete(
        PiecewiseCollocation(problem, pieces: mesh, matrices: matrices))
    }
    var mesh = try firstMesh(problem)
    var found = try solve(mesh)
    var lastError: Double?
    var wasFull = false
    while true {
      let rough = unresolved(found)
      let finer = refined(mesh, rough.isEmpty ? Set(mesh.indices) : rough)
      let nodes = finer.reduce(0) { $0 + $1.nodes }
      let limit = max(Self.largestNodes, 4 * Self.mostNodes * mesh.count)
      if nodes > limit || (nodes > Self.largestNodes && !rough.isEmpty)
        || nodes == found.u.nodes
      {
        return try answer(found, error: lastError ?? 1)
      }
      let next = try solve(finer)
      let difference = next.distance(to: found)
      defer {
        mesh = finer
        found = next
        lastError = difference
        wasFull = rough.isEmpty
      }
      guard rough.isEmpty, unresolved(next).isEmpty else { continue }
      // Two fine grids that don't agree better than two coarser ones differ by
      // rounding alone.
      let hasStalled = wasFull && difference > 0.5 * (lastError ?? .infinity)
      if difference <= tolerance || hasStalled {
        return try answer(next, error: difference)
      }
    }
  }

  private func answer(_ found: Discrete, error: Double) throws -> Answer {
    if error > 0.01, let singular = found.suspicion { throw singular }
    return Answer(
      u: found.u, error: max(error, 10 * .ulpOfOne),
      reciprocalCondition: found.reciprocalCondition,
      isResolved: error <= tolerance)
  }

  // MARK: Meshes

  /// The pieces between breakpoints, halved until their nodes see what the
  /// coefficients do at 4,096 points of the domain.
  private func firstMesh(_ problem: ContinuousProblem) throws -> Mesh {
    let (low, high) = (problem.domain.lowerBound, problem.domain.upperBound)
    let ends = [low] + problem.breakpoints.map(\.x) + [high]
    var mesh = zip(ends, ends.dropFirst()).map {
      PiecewiseCollocation.Piece(domain: $0...$1, nodes: Self.firstNodes)
    }
    // Multiples of the golden section, which meet no pattern.
    let probes = (1...4096).map { (index: Int) -> Double in
      let part = (Double(index) * 0.6180339887498949)
        .truncatingRemainder(dividingBy: 1)
      return low + (high - low) * part
    }.sorted()
    let sample = try problem.coefficients(probes)
    for _ in 0..<16 where mesh.count < 128 {
      try checkTime()
      let unseen = try self.unseen(mesh, problem, probes, sample)
      if unseen.isEmpty { break }
      mesh = mesh.indices.flatMap { index -> Mesh in
        let piece = mesh[index]
        guard unseen.contains(index) else { return [piece] }
        return Self.halves(of: piece)
      }
    }
    return mesh
  }

  /// The pieces in which a coefficient is another at some probe than the
  /// polynomial through its values at the nodes by a hundredth of its size.
  private func unseen(
    _ mesh: Mesh, _ problem: ContinuousProblem, _ probes: [Double],
    _ sample: BoundaryValueProblem
  ) throws -> Set<Int> {
    let n = Self.firstNodes
    let nodes = mesh.flatMap { piece -> [Double] in
      // A little inside, as coefficients may jump at the ends.
      let inset = 1e-9 * piece.half
      return chebpts(
        n, on: piece.domain.lowerBound + inset...piece.domain.upperBound - inset
      )
    }
    let atNodes = try problem.coefficients(nodes)
    var result: Set<Int> = []
    for (own, probed) in zip(atNodes.coefficients, sample.coefficients) {
      // K matters by its factor, all else by its size.
      let isK = own.name == "K"
      let (a, b) =
        isK
        ? (own.values.map { log($0) }, probed.values.map { log($0) })
        : (own.values, probed.values)
      let size = isK ? 10 : b.reduce(0) { max($0, abs($1)) }
      var first = 0
      for (index, piece) in mesh.enumerated() {
        var last = first
        while last < probes.count, probes[last] < piece.domain.upperBound {
          last += 1
        }
        let inside = Array(probes[first..<last])
        let values = Array(a[index * n..<(index + 1) * n])
        let interpolated = bary(inside, values, on: piece.domain)
        if inside.count > 4,
          zip(interpolated, b[first..<last]).contains(where: {
            abs($0 - $1) > 0.01 * size
          })
        {
          result.insert(index)
        }
        first = last
      }
    }
    return result
  }

  private func refined(_ mesh: Mesh, _ marked: Set<Int>) -> Mesh {
    mesh.indices.flatMap { index -> Mesh in
      let piece = mesh[index]
      guard marked.contains(index) else { return [piece] }
      guard piece.nodes >= Self.mostNodes else {
        return [.init(domain: piece.domain, nodes: 2 * piece.nodes - 1)]
      }
      // Nodes of a narrower piece would collide.
      guard piece.half > 1e-11 * max(abs(piece.middle), piece.half) else {
        return [piece]
      }
      return Self.halves(of: piece)
    }
  }

  private static func halves(of piece: PiecewiseCollocation.Piece) -> Mesh {
    [
      piece.domain.lowerBound...piece.middle,
      piece.middle...piece.domain.upperBound,
    ].map { .init(domain: $0, nodes: firstNodes) }
  }

  /// The pieces whose coefficients have not decayed, of those that matter most.
  private func unresolved(_ found: Discrete) -> Set<Int> {
    let flux = found.u.pieces.reduce(0) {
      $1.flux.reduce($0) { max($0, abs($1)) }
    }
    // Rounding is seldom amplified by as much as the condition number.
    let noise = min(1e-7, 0.1 * .ulpOfOne / found.reciprocalCondition)
    let tails = found.u.pieces.map {
      max(
        tail($0.values, scale: found.u.scale, tolerance, noise),
        tail($0.flux, scale: flux, tolerance, noise))
    }
    guard let worst = tails.max(), worst > 0 else { return [] }
    return Set(tails.indices.filter { tails[$0] > 0.01 * worst })
  }

  /// The last coefficients over a scale; 0 if they are below a tenth of the
  /// tolerance, or level off as rounding does.
  private func tail(
    _ values: [Double], scale: Double, _ tolerance: Double, _ noise: Double
  ) -> Double {
    guard scale > 0, let coefficients = try? vals2coeffs(values) else {
      return 0
    }
    let sizes = coefficients.map { abs($0) / scale }
    let quarter = sizes.count / 4
    let last = sizes.suffix(quarter).max() ?? 0
    let before = sizes.dropLast(quarter).suffix(quarter).max() ?? 0
    if last <= 0.1 * tolerance { return 0 }
    return last < noise && last > 0.3 * before ? 0 : last
  }
}

/// A discrete solution.
private struct Discrete {
  let u: PiecewiseSolution
  let reciprocalCondition: Double
  /// What to say if the solution turns out to be no good; nil far from a
  /// singular system.
  let suspicion: SingularProblem?

  init(_ collocation: PiecewiseCollocation) throws {
    let (system, unit) = try collocation.assemble()
    let solution = try system.solve(
      nullVectorBelow: SingularProblem.suspiciousLimit)
    let rcond = solution.reciprocalCondition
    reciprocalCondition = rcond
    suspicion =
      rcond < SingularProblem.suspiciousLimit
      ? SingularProblem(
        nullVector: collocation.solution(solution.nullVector),
        on: collocation.pieces.map(\.domain), reciprocalCondition: rcond) : nil
    if rcond < SingularProblem.certainLimit, let suspicion { throw suspicion }
    guard solution.x.allSatisfy(\.isFinite) else {
      throw SolveFailure.nonFiniteSolution
    }
    let values = collocation.solution(solution.x)
    let flux = collocation.flux(solution.x, unit: unit)
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
