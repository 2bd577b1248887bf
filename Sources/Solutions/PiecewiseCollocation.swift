import Chebyshev
import DenseSolvers
import Equations
import Foundation

/// A problem on pieces of its domain, each with a Chebyshev grid of its own.
///
/// Unknowns are u and the flux g = K u′ − v u at the nodes of every piece, from
/// right to left, and the equations
///
///     K u′ − v u − g = 0,   −g′ + w u′ + q u = f
///
/// are asked for between the nodes (``RectangularCollocation``). At a breakpoint
/// u and g are continuous or jump by what is given; each end has its condition.
/// One of these that has the integral of u takes a further unknown a piece, the
/// mean of u up to there from the other end, so that the matrix keeps its band.
/// First derivatives alone keep the condition number that of D, not of D². All is
/// in units of the domain's width and of a typical K, so that the units of the
/// equation play no part in it.
struct PiecewiseCollocation {
  /// A piece's interval and its number of nodes.
  struct Piece {
    var domain: ClosedRange<Double>
    var nodes: Int

    var middle: Double { 0.5 * (domain.lowerBound + domain.upperBound) }
    var half: Double { 0.5 * (domain.upperBound - domain.lowerBound) }
  }

  let problem: ContinuousProblem
  /// Ascending, without gaps.
  let pieces: [Piece]

  /// The first column of a piece's u, which that of g follows; the integral from
  /// the right end stands before, that from the left end after both.
  private let offsets: [Int]
  /// Whether the condition at that end has the integral of u.
  private let integral: (left: Bool, right: Bool)
  private let matrices: MatrixCache
  /// The width of the domain.
  private let width: Double
  /// The number of unknowns.
  let order: Int

  /// The matrices by their number of nodes, made once.
  final class MatrixCache {
    private var made: [Int: RectangularCollocation] = [:]

    func callAsFunction(_ n: Int) -> RectangularCollocation {
      if let matrices = made[n] { return matrices }
      let matrices = RectangularCollocation(nodes: n)
      made[n] = matrices
      return matrices
    }
  }

  init(
    _ problem: ContinuousProblem, pieces: [Piece], matrices: MatrixCache
  ) {
    self.problem = problem
    self.pieces = pieces
    self.matrices = matrices
    integral = (problem.left.integral != 0, problem.right.integral != 0)
    var offsets: [Int] = []
    var offset = 0
    for piece in pieces {
      offset += integral.left ? 1 : 0
      offsets.append(offset)
      offset += 2 * piece.nodes + (integral.right ? 1 : 0)
    }
    self.offsets = offsets
    order = offset
    width = problem.domain.upperBound - problem.domain.lowerBound
  }

  /// The system; A's rows are the left end's condition, then each piece's
  /// equations and what joins it to the next, then the right end's condition.
  ///
  /// - Returns: the system, and the unit of the flux.
  func assemble() throws -> (system: BandedSystem, flux: Double) {
    let widest = 2 * (pieces.map(\.nodes).max() ?? 0) + 1
    var system = BandedSystem(
      n: order,
      bandwidth: widest + [integral.left, integral.right].count { $0 })
    let sample = try problem.coefficients(
      pieces.flatMap { piece in
        matrices(piece.nodes).points.map { piece.middle + piece.half * $0 }
      })
    // K's geometric mean: it may vary over decades.
    let logarithms = sample.K.reduce(0) { $0 + log($1) }
    let unit = exp(logarithms / Double(max(1, sample.K.count))) / width
    var row = 0
    var point = 0
    set(problem.left, at: 0, isRight: false, row: row, &system)
    for index in pieces.indices {
      row = firstRow(index)
      if integral.left { addMean(index, isRight: true, row - 1, &system) }
      fill(index, sample, from: point, row, unit, &system)
      row += 2 * (pieces[index].nodes - 1)
      point += pieces[index].nodes - 1
      if integral.right {
        addMean(index, isRight: false, row, &system)
        row += 1
      }
      if index + 1 < pieces.count { join(index, row: row, unit, &system) }
    }
    set(
      problem.right, at: pieces.count - 1, isRight: true, row: row, &system)
    return (system, unit)
  }

  /// The row of a piece's first equation.
  private func firstRow(_ index: Int) -> Int { offsets[index] + 1 }

  /// Writes the equation of the mean of u over the pieces on one side of the
  /// domain and this one.
  private func addMean(
    _ index: Int, isRight: Bool, _ row: Int, _ system: inout BandedSystem
  ) {
    /// The column of a piece's mean.
    func column(_ index: Int) -> Int {
      isRight ? offsets[index] - 1 : offsets[index] + 2 * pieces[index].nodes
    }
    let before = isRight ? index + 1 : index - 1
    let piece = pieces[index]
    system[row, column(index)] = 1
    if pieces.indices.contains(before) { system[row, column(before)] = -1 }
    for (j, weight) in quadwts(piece.nodes, on: piece.domain).enumerated() {
      system[row, offsets[index] + j] = -weight / width
    }
  }

  /// Writes a piece's equations.
  ///
  /// - Parameters:
  ///   - index: the piece.
  ///   - sample: the coefficients at the points of all pieces.
  ///   - point: the first of this piece's.
  ///   - row: the first of its rows.
  ///   - unit: of the flux, a typical K over the width.
  ///   - system: receives them.
  private func fill(
    _ index: Int, _ sample: BoundaryValueProblem, from point: Int, _ row: Int,
    _ unit: Double, _ system: inout BandedSystem
  ) {
    let piece = pieces[index]
    let n = piece.nodes
    let m = n - 1
    let matrices = matrices(n)
    let first = offsets[index]
    for i in 0..<m {
      let K = sample.K[point + i] / width / unit
      let v = (sample.v?[point + i] ?? 0) / unit
      let w = (sample.w?[point + i] ?? 0) / unit
      let q = (sample.q?[point + i] ?? 0) * width / unit
      let flux = row + 2 * i
      for j in 0..<n {
        let value = matrices.interpolation[j * m + i]
        let slope = matrices.differentiation[j * m + i] * (width / piece.half)
        system[flux, first + j] = K * slope - v * value
        system[flux, first + n + j] = -value
        system[flux + 1, first + j] = w * slope + q * value
        system[flux + 1, first + n + j] = -slope
      }
      system.b[flux + 1] = sample.f[point + i] * width / unit
    }
  }

  /// Joins a piece to the next one.
  private func join(
    _ index: Int, row: Int, _ unit: Double, _ system: inout BandedSystem
  ) {
    let (n, next) = (pieces[index].nodes, pieces[index + 1].nodes)
    let (own, other) = (offsets[index], offsets[index + 1])
    system[row, other + next - 1] = 1
    system[row, own] = -1
    system[row + 1, other + 2 * next - 1] = 1
    system[row + 1, own + n] = -1
    let x = pieces[index].domain.upperBound
    guard let breakpoint = problem.breakpoints.first(where: { $0.x == x })
    else { return }
    system.b[row] = breakpoint.jump
    system.b[row + 1] = breakpoint.fluxJump / unit
  }

  /// Writes a condition α u + β u′ + ι ∫u = γ.
  private func set(
    _ condition: BoundaryCondition, at index: Int, isRight: Bool, row: Int,
    _ system: inout BandedSystem
  ) {
    let piece = pieces[index]
    let n = piece.nodes
    let first = offsets[index]
    let scale = max(
      abs(condition.alpha), abs(condition.beta) / width,
      abs(condition.integral) * width)
    if condition.beta != 0 {
      let D = diffmat(n, on: piece.domain)
      for j in 0..<n {
        system[row, first + j] =
          condition.beta / scale * D[(isRight ? 0 : n - 1) * n + j]
      }
    }
    if condition.alpha != 0 {
      system[row, first + (isRight ? 0 : n - 1)] += condition.alpha / scale
    }
    if condition.integral != 0 {
      let mean = isRight ? first + 2 * n : first - 1
      system[row, mean] = condition.integral * width / scale
    }
    system.b[row] = condition.gamma / scale
  }

  /// Right-hand sides of a source of unit integral over each of some stretches of
  /// the domain, and nothing else.
  ///
  /// - Parameters:
  ///   - stretches: how many.
  ///   - unit: of the flux.
  /// - Returns: one a stretch, [order] each.
  func sources(stretches: Int, unit: Double) -> [[Double]] {
    var result = [[Double]](
      repeating: Array(repeating: 0, count: order), count: stretches)
    for (index, piece) in pieces.enumerated() {
      let points = matrices(piece.nodes).points
      for (i, point) in points.enumerated() {
        let x = piece.middle + piece.half * point - problem.domain.lowerBound
        let stretch = min(stretches - 1, Int(x / width * Double(stretches)))
        result[stretch][firstRow(index) + 2 * i + 1] = Double(stretches) / unit
      }
    }
    return result
  }

  /// u of a vector of unknowns, by pieces, each from right to left.
  func solution(_ x: [Double]) -> [[Double]] {
    zip(pieces, offsets).map { Array(x[$1..<$1 + $0.nodes]) }
  }

  /// The flux of a vector of unknowns, by pieces.
  func flux(_ x: [Double], unit: Double) -> [[Double]] {
    zip(pieces, offsets).map {
      x[$1 + $0.nodes..<$1 + 2 * $0.nodes].map { $0 * unit }
    }
  }
}
