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
    /// Whether what is left is rounding of the discrete system.
    var isRounding = false
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

  /// Whether a looser tolerance is tried where this one is not met.
  private let fallsBack: Bool

  /// Nodes that a piece starts with, and the most it has before it is halved.
  private static let firstNodes = 33
  private static let fewestNodes = 5
  private static let mostNodes = 65

  /// How often a solution that seems resolved is held against its equations
  /// between the nodes and solved again.
  private static let mostLooks = 6

  /// How often grids may agree no better than coarser ones.
  private static let mostStalls = 2

  /// So many nodes at most, in all pieces.
  public static let largestNodes = 8192

  public init(
    tolerance: Double = 1e-10, deadline: ContinuousClock.Instant? = nil,
    fallsBack: Bool = true
  ) {
    self.tolerance = tolerance
    self.deadline = deadline
    self.fallsBack = fallsBack
  }

  private func checkTime() throws {
    if let deadline, ContinuousClock.now > deadline { throw TookTooLong() }
  }

  private typealias Mesh = [PiecewiseCollocation.Piece]

  /// Solves a problem.
  ///
  /// Where the tolerance is not met, as rounding of the coefficients is larger or
  /// nodes do not suffice, it is the solution to the tightest of some looser
  /// tolerances that is, unless that promises less: asking for more never gives
  /// less.
  ///
  /// - Throws: ``SingularProblem`` if it has no unique solution that double
  ///   precision could tell; ``TookTooLong``; what its coefficients throw.
  public func solve(_ problem: ContinuousProblem) throws -> Answer {
    let first: Result<Answer, SingularProblem>
    do {
      first = .success(try attempt(problem))
    } catch let singular as SingularProblem {
      first = .failure(singular)
    }
    var error = Double.infinity
    if case .success(let answer) = first {
      let isEnough = answer.isResolved || answer.isRounding || !fallsBack
      if isEnough { return answer }
      error = answer.error
    }
    // Estimates as near as that do not tell which one is better.
    guard fallsBack, let best = try tightestThatIsMet(problem),
      best.error <= 2 * error
    else { return try first.get() }
    return Answer(
      u: best.u, error: best.error,
      reciprocalCondition: best.reciprocalCondition,
      isResolved: best.error <= tolerance, isRounding: false)
  }

  /// The solution to the tightest of some looser tolerances that is met.
  private func tightestThatIsMet(_ problem: ContinuousProblem) throws -> Answer?
  {
    var best: Answer?
    for looser in [1e-4, 1e-6, 1e-8, 1e-10, 1e-12]
    where looser >= 10 * tolerance {
      do {
        let solver = AdaptiveSolver(tolerance: looser, deadline: deadline)
        let found = try solver.attempt(problem)
        guard found.isResolved else { break }
        best = found
      } catch let error where error is TookTooLong || error is SingularProblem {
        break
      }
    }
    return best
  }

  /// Refines until the tolerance is met or nothing more is gained.
  private func attempt(_ problem: ContinuousProblem) throws -> Answer {
    let matrices = PiecewiseCollocation.MatrixCache()
    let probes = try ResidualProbes(problem, matrices)
    func solve(_ mesh: Mesh) throws -> Discrete {
      try checkTime()
      return try Discrete(
        PiecewiseCollocation(problem, pieces: mesh, matrices: matrices))
    }
    var (mesh, found) = try start(problem, probes, solve)
    var lastError: Double?
    var best: (found: Discrete, error: Double)?
    var wasFull = false
    var (stalls, looks) = (0, 0)
    while true {
      let rough = try unresolved(found)
      let finer = refined(mesh, rough.isEmpty ? Set(mesh.indices) : rough)
      guard isWithinLimit(finer, isRough: !rough.isEmpty),
        finer.reduce(0, { $0 + $1.nodes }) != found.u.nodes
      else {
        let look = try seeing(mesh, found, probes)
        return try answer(
          best ?? (found, lastError ?? 1), look, isRough: !rough.isEmpty)
      }
      let next = try solve(finer)
      if next.isSingular, let singular = next.suspicion { throw singular }
      let difference = next.distance(to: found)
      let before = lastError
      (mesh, found, lastError) = (finer, next, difference)
      guard rough.isEmpty, try unresolved(next).isEmpty else {
        wasFull = rough.isEmpty
        continue
      }
      if difference < best?.error ?? .infinity { best = (next, difference) }
      // Fine grids that agree no better than coarser ones differ by rounding
      // alone: at once where rounding may make so much, else when more have been
      // tried.
      let isLevel = wasFull && difference > 0.5 * (before ?? .infinity)
      stalls = isLevel ? stalls + 1 : 0
      wasFull = true
      guard
        difference <= tolerance
          || stalls >= (next.isRounding(difference) ? 1 : Self.mostStalls)
      else { continue }
      let look = try seeing(mesh, next, probes)
      guard let seeing = look.mesh else {
        return try answer(best ?? (next, difference), look)
      }
      looks += 1
      guard looks <= Self.mostLooks, isWithinLimit(seeing, isRough: true) else {
        return try answer((next, difference), look)
      }
      (mesh, found) = (seeing, try solve(seeing))
      lastError = found.distance(to: next)
      best = nil
      wasFull = false
    }
  }

  /// Whether so many nodes are allowed; the last refinement, which only confirms
  /// what is resolved, may have some more.
  private func isWithinLimit(_ mesh: Mesh, isRough: Bool) -> Bool {
    mesh.reduce(0) { $0 + $1.nodes } <= (isRough ? 1 : 4) * Self.largestNodes
  }

  /// The first mesh, and what is solved on it.
  ///
  /// - Throws: ``SingularProblem`` if the system is singular though it sees all;
  ///   one that steps over a feature says nothing of the problem.
  private func start(
    _ problem: ContinuousProblem, _ probes: ResidualProbes,
    _ solve: (Mesh) throws -> Discrete
  ) throws -> (Mesh, Discrete) {
    var mesh = try firstMesh(problem, probes)
    var found = try solve(mesh)
    while found.isSingular,
      let seeing = try seeing(mesh, found, probes).mesh,
      isWithinLimit(seeing, isRough: true)
    {
      (mesh, found) = (seeing, try solve(seeing))
    }
    if found.isSingular, let singular = found.suspicion { throw singular }
    return (mesh, found)
  }

  /// A solution with its estimated error, after a last look between its nodes.
  ///
  /// - Throws: ``SingularProblem``; but what is not resolved is not singular.
  private func answer(
    _ best: (found: Discrete, error: Double), _ look: Look,
    isRough: Bool = false
  ) throws -> Answer {
    let found = best.found
    let error = look.mesh == nil ? best.error : max(best.error, look.error)
    if look.mesh == nil, !isRough, error > 0.01, let singular = found.suspicion
    {
      throw singular
    }
    return Answer(
      u: found.u, error: max(error, 10 * .ulpOfOne),
      reciprocalCondition: found.reciprocalCondition,
      isResolved: error <= tolerance, isRounding: found.isRounding(error))
  }

  // MARK: Meshes

  /// The pieces between breakpoints, halved until their nodes see what the
  /// coefficients do at the probes.
  private func firstMesh(
    _ problem: ContinuousProblem, _ probes: ResidualProbes
  ) throws -> Mesh {
    let ends =
      [problem.domain.lowerBound] + problem.breakpoints.map(\.x)
      + [problem.domain.upperBound]
    // Of many pieces each has less to say.
    var nodes = Self.firstNodes
    while nodes > Self.fewestNodes,
      2 * nodes * (ends.count - 1) > Self.largestNodes
    {
      nodes = (nodes + 1) / 2
    }
    var mesh = zip(ends, ends.dropFirst()).map {
      PiecewiseCollocation.Piece(domain: $0...$1, nodes: nodes)
    }
    for _ in 0..<16 where mesh.count < 128 {
      try checkTime()
      let unseen = try self.unseen(mesh, problem, probes)
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
    _ mesh: Mesh, _ problem: ContinuousProblem, _ probes: ResidualProbes
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
    let inside = mesh.map { probes.inside($0.domain) }
    // K matters by its factor, all else by its size.
    func scaled(_ sample: BoundaryValueProblem) -> [[Double]] {
      sample.coefficients.map { name, values in
        name == "K" ? values.map { log($0) } : values
      }
    }
    let (known, probed) = (scaled(atNodes), scaled(probes.sample))
    let sizes = zip(atNodes.coefficients, probed).map { coefficient, values in
      coefficient.name == "K" ? 10 : values.reduce(0) { max($0, abs($1)) }
    }
    var result: Set<Int> = []
    for (index, piece) in mesh.enumerated() where inside[index].count > 4 {
      let interpolated = bary(
        Array(probes.x[inside[index]]),
        known.map { Array($0[index * n..<(index + 1) * n]) },
        nodes: chebpts(n, on: piece.domain), weights: baryWeights(n))
      for (values, (there, size)) in zip(interpolated, zip(probed, sizes))
      where zip(values, there[inside[index]]).contains(where: {
        abs($0 - $1) > 0.01 * size
      }) {
        result.insert(index)
      }
    }
    return result
  }

  /// What is between the nodes of a solution.
  private typealias Look = (
    /// One whose points of collocation see all; nil where those of the solution
    /// do.
    mesh: Mesh?,
    /// How far u may be off, relative to the largest |u|.
    error: Double
  )

  /// Looks for what the nodes of a solution on a mesh do not see.
  private func seeing(
    _ mesh: Mesh, _ found: Discrete, _ probes: ResidualProbes
  ) throws -> Look {
    let enough = 0.1 * tolerance
    var total: Double?
    var seen: Mesh = []
    var pending = mesh
    while !pending.isEmpty, seen.count + pending.count < Self.largestNodes / 33
    {
      try checkTime()
      let errors = try probes.errors(
        pending, of: found.u, fluxScale: found.fluxScale, tolerance: tolerance)
      total = total ?? errors.reduce(0, +)
      var halved: Mesh = []
      for (piece, error) in zip(pending, errors) {
        if error > enough, piece.half > Self.leastHalf(piece) {
          halved += Self.halves(of: piece)
        } else {
          seen.append(piece)
        }
      }
      pending = halved
    }
    let all = (seen + pending).sorted {
      $0.domain.lowerBound < $1.domain.lowerBound
    }
    return (all.count == mesh.count ? nil : all, total ?? 0)
  }

  /// Nodes of a narrower piece would collide.
  private static func leastHalf(_ piece: PiecewiseCollocation.Piece) -> Double {
    1e-11 * max(abs(piece.middle), piece.half)
  }

  private func refined(_ mesh: Mesh, _ marked: Set<Int>) -> Mesh {
    mesh.indices.flatMap { index -> Mesh in
      let piece = mesh[index]
      guard marked.contains(index) else { return [piece] }
      guard piece.nodes >= Self.mostNodes else {
        return [.init(domain: piece.domain, nodes: 2 * piece.nodes - 1)]
      }
      guard piece.half > Self.leastHalf(piece) else { return [piece] }
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
  private func unresolved(_ found: Discrete) throws -> Set<Int> {
    // Rounding is seldom amplified by as much as the condition number.
    let noise = min(1e-7, 0.1 * .ulpOfOne / found.reciprocalCondition)
    let fluxNoise =
      noise * found.u.fluxScale
      / max(found.fluxScale, .leastNormalMagnitude)
    let tails = try found.u.pieces.map {
      max(
        try tail($0.values, scale: found.u.scale, noise: noise),
        try tail($0.flux, scale: found.fluxScale, noise: fluxNoise))
    }
    guard let worst = tails.max(), worst > 0 else { return [] }
    return Set(tails.indices.filter { tails[$0] > 0.01 * worst })
  }

  /// The last coefficients over a scale; 0 if they are below a tenth of the
  /// tolerance, or level off as rounding does.
  private func tail(
    _ values: [Double], scale: Double, noise: Double
  ) throws -> Double {
    guard scale > 0 else { return 0 }
    let sizes = try vals2coeffs(values).map { abs($0) / scale }
    let quarter = sizes.count / 4
    let last = sizes.suffix(quarter).max() ?? 0
    let before = sizes.dropLast(quarter).suffix(quarter).max() ?? 0
    if last <= 0.1 * tolerance { return 0 }
    return last < noise && last > 0.3 * before ? 0 : last
  }
}

/// A discrete solution.
private struct Discrete {
  /// The solution; of a singular system what it nearly maps to zero.
  let u: PiecewiseSolution
  let isSingular: Bool
  /// What errors of the flux are measured by: by how much it may change until u
  /// changes by as much as it is, or the flux itself where that is less.
  let fluxScale: Double
  let reciprocalCondition: Double
  /// What to say if the solution turns out to be no good; nil far from a
  /// singular system.
  let suspicion: SingularProblem?

  init(_ collocation: PiecewiseCollocation) throws {
    let (system, unit) = try collocation.assemble()
    let solution = try system.solve(
      nullVectorBelow: SingularProblem.suspiciousLimit,
      for: collocation.sources(stretches: 8, unit: unit))
    let rcond = solution.reciprocalCondition
    reciprocalCondition = rcond
    suspicion =
      rcond < SingularProblem.suspiciousLimit
      ? SingularProblem(
        nullVector: collocation.solution(solution.nullVector),
        on: collocation.pieces.map(\.domain), reciprocalCondition: rcond) : nil
    isSingular = rcond < SingularProblem.certainLimit
    let x = isSingular ? solution.nullVector : solution.x
    guard x.allSatisfy(\.isFinite) else { throw SolveFailure.nonFiniteSolution }
    let values = collocation.solution(x)
    let flux = collocation.flux(x, unit: unit)
    u = PiecewiseSolution(
      pieces: try collocation.pieces.indices.map {
        let domain = collocation.pieces[$0].domain
        return .init(
          domain: domain, values: values[$0], flux: flux[$0],
          slopes: try ChebyshevSeries(values: values[$0], on: domain)
            .derivative.values(values[$0].count))
      })
    let sensitivity = solution.others.reduce(0) {
      collocation.solution($1).joined().reduce($0) { max($0, abs($1)) }
    }
    fluxScale =
      sensitivity > 0 ? min(u.fluxScale, u.scale / sensitivity) : u.fluxScale
  }

  /// Whether rounding may make so large a relative difference.
  func isRounding(_ difference: Double) -> Bool {
    difference < 10 * .ulpOfOne / reciprocalCondition
  }

  /// The largest difference to another solution, relative to the largest |u|.
  func distance(to other: Discrete) -> Double {
    let largest = u.distance(to: other.u)
    return u.scale > 0 ? largest / u.scale : largest
  }
}
