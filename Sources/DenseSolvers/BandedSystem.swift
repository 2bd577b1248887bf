import CLAPACKE

/// A system A x = b whose matrix has entries near the diagonal alone.
public struct BandedSystem: Sendable {
  /// The number of equations and of unknowns.
  public let n: Int

  /// The number of diagonals below the main one, and above it.
  public let bandwidth: Int

  /// LAPACK's band storage, [n, 2 bandwidth + 1]: the entries of a column, from
  /// the topmost diagonal down.
  private var band: [Double]

  /// The right-hand side, [n].
  public var b: [Double]

  /// A system of order `n`, all zero.
  public init(n: Int, bandwidth: Int) {
    self.n = n
    self.bandwidth = min(bandwidth, max(0, n - 1))
    band = Array(repeating: 0, count: n * (2 * self.bandwidth + 1))
    b = Array(repeating: 0, count: n)
  }

  /// An entry of the matrix within the band.
  public subscript(row: Int, column: Int) -> Double {
    get { band[place(row, column)] }
    set { band[place(row, column)] = newValue }
  }

  private func place(_ row: Int, _ column: Int) -> Int {
    precondition(
      abs(row - column) <= bandwidth, "an entry outside of the band")
    return column * (2 * bandwidth + 1) + bandwidth + row - column
  }

  /// A solution with what LAPACK says of it.
  public struct Solution: Sendable {
    /// The solution, [n].
    public let x: [Double]
    /// 1/κ₁ of the matrix after its rows and columns were scaled.
    public let reciprocalCondition: Double
    /// A vector of unit maximum that the matrix nearly maps to zero, [n].
    public let nullVector: [Double]
    /// The solutions for other right-hand sides, to a few digits, [n] each.
    public let others: [[Double]]
  }

  /// Solves by LU with partial pivoting, scaling and iterative refinement
  /// (dgbsvx).
  ///
  /// - Parameters:
  ///   - limit: below this reciprocal condition the null vector is worked out;
  ///     elsewhere it is empty.
  ///   - others: more right-hand sides, [n] each, that are solved for without
  ///     refinement.
  /// - Returns: the solution, which is not worth much near a singular matrix.
  /// - Throws: ``SolveFailure`` if a number is not finite.
  public func solve(
    nullVectorBelow limit: Double = 0, for others: [[Double]] = []
  ) throws(SolveFailure) -> Solution {
    guard b.allSatisfy(\.isFinite), band.allSatisfy(\.isFinite) else {
      throw .nonFiniteInput
    }
    let order = Int32(n)
    let k = Int32(bandwidth)
    var matrix = band
    var right = b
    var factors = [Double](repeating: 0, count: n * (3 * bandwidth + 1))
    var pivots = [Int32](repeating: 0, count: n)
    var (rows, columns) = (
      [Double](repeating: 1, count: n), [Double](repeating: 1, count: n)
    )
    var x = [Double](repeating: 0, count: n)
    var equed = CChar(0)
    var (rcond, forward, backward) = (0.0, 0.0, 0.0)
    var work = [Double](repeating: 0, count: 3 * n)
    var integers = [Int32](repeating: 0, count: n)
    let info = LAPACKE_dgbsvx_work(
      LAPACK_COL_MAJOR, lapackChar("E"), lapackChar("N"), order, k, k, 1,
      &matrix, 2 * k + 1, &factors, 3 * k + 1, &pivots, &equed, &rows,
      &columns, &right, order, &x, order, &rcond, &forward, &backward, &work,
      &integers)
    if info < 0 { throw .invalidArgument(Int(-info)) }
    if info > 0, info <= order {
      // An exact zero on U's diagonal: no solution, yet a null vector.
      rcond = 0
      let place = (Int(info) - 1) * (3 * bandwidth + 1) + 2 * bandwidth
      factors[place] = .ulpOfOne * .ulpOfOne
    }
    let factorized = Factors(
      n: n, bandwidth: bandwidth, values: factors, pivots: pivots,
      rows: Self.isScaled("R", equed) ? rows : [],
      columns: Self.isScaled("C", equed) ? columns : [])
    return Solution(
      x: x, reciprocalCondition: rcond,
      nullVector: rcond < limit ? factorized.nullVector() : [],
      others: others.map { factorized.solve($0) })
  }

  /// Whether LAPACK scaled the rows, "R", or the columns, "C", or both, "B".
  private static func isScaled(
    _ side: Unicode.Scalar, _ equed: CChar
  ) -> Bool {
    equed == lapackChar(side) || equed == lapackChar("B")
  }
}

/// The factors of a banded matrix whose rows and columns were scaled.
private struct Factors {
  let n: Int
  let bandwidth: Int
  let values: [Double]
  let pivots: [Int32]
  /// What rows and columns were multiplied by; empty is by 1.
  let rows: [Double]
  let columns: [Double]

  /// The solution for a right-hand side.
  func solve(_ b: [Double]) -> [Double] {
    var x = b
    for (index, scale) in rows.enumerated() { x[index] *= scale }
    solve(&x, "N")
    for (index, scale) in columns.enumerated() { x[index] *= scale }
    return x
  }

  /// Solves with the scaled matrix, or its transpose.
  private func solve(_ x: inout [Double], _ transposed: Unicode.Scalar) {
    let (order, k) = (Int32(n), Int32(bandwidth))
    _ = LAPACKE_dgbtrs_work(
      LAPACK_COL_MAJOR, lapackChar(transposed), order, k, k, 1, values,
      3 * k + 1, pivots, &x, order)
  }

  /// The right singular vector of the smallest singular value, by two steps of
  /// inverse iteration.
  func nullVector() -> [Double] {
    var z = (0..<n).map { 1 + 0.5 * Double($0 % 7) / 7 }
    func normalize() {
      let largest = z.reduce(0) { max($0, abs($1)) }
      guard largest > 0, largest.isFinite else { return }
      for index in z.indices { z[index] /= largest }
    }
    for _ in 0..<2 {
      for transposed in ["T", "N"] as [Unicode.Scalar] {
        solve(&z, transposed)
        normalize()
      }
    }
    for (index, scale) in columns.enumerated() { z[index] *= scale }
    normalize()
    return z
  }
}
