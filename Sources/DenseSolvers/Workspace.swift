import CLAPACKE

/// Memory that a solver uses again from one system to the next.
///
/// Each thread has its own; it grows with the largest order seen.
public final class Workspace {
  private var n = 0
  private(set) var matrix: [Double] = []
  private var pivots: [Int32] = []
  private var integers: [Int32] = []
  var vector: [Double] = []
  var singularValues: [Double] = []
  var U: [Double] = []
  var VT: [Double] = []
  private var work: [Double] = []

  public init() {}

  /// Makes room for systems of order `order` and copies A into ``matrix``.
  func load(
    _ A: UnsafePointer<Double>, _ b: UnsafePointer<Double>, n order: Int
  ) {
    if order != n {
      n = order
      matrix = Array(repeating: 0, count: n * n)
      vector = Array(repeating: 0, count: n)
      pivots = Array(repeating: 0, count: n)
      U = []
      VT = []
      work = []
    }
    matrix.withUnsafeMutableBufferPointer {
      _ = $0.update(fromContentsOf: UnsafeBufferPointer(start: A, count: n * n))
    }
    vector.withUnsafeMutableBufferPointer {
      _ = $0.update(fromContentsOf: UnsafeBufferPointer(start: b, count: n))
    }
  }

  /// Makes room for an orthogonal factorisation, which LU does not need.
  private func makeRoom() {
    guard work.isEmpty else { return }
    singularValues = Array(repeating: 0, count: n)
    integers = Array(repeating: 0, count: 8 * n)
    // Enough for dgeqrf and dormqr with blocks of 64, and dgesdd (4n² + 7n).
    work = Array(repeating: 0, count: max(64 * n, 4 * n * n + 8 * n) + 8)
  }

  /// Factors ``matrix``, which is overwritten, and returns LAPACK's info.
  func decompose(values only: Bool = false) -> Int32 {
    makeRoom()
    let order = Int32(n)
    if only {
      return LAPACKE_dgesdd_work(
        LAPACK_COL_MAJOR, lapackChar("N"), order, order, &matrix, order,
        &singularValues, nil, 1, nil, 1, &work, Int32(work.count),
        &integers)
    }
    if U.count != n * n {
      U = Array(repeating: 0, count: n * n)
      VT = Array(repeating: 0, count: n * n)
    }
    return LAPACKE_dgesdd_work(
      LAPACK_COL_MAJOR, lapackChar("A"), order, order, &matrix, order,
      &singularValues, &U, order, &VT, order, &work, Int32(work.count),
      &integers)
  }

  func solveLU() -> Int32 { solveLU(&vector) }

  /// Replaces right-hand sides, n numbers each, by solutions.
  func solveLU(_ B: inout [Double]) -> Int32 {
    let order = Int32(n)
    return LAPACKE_dgesv_work(
      LAPACK_COL_MAJOR, order, Int32(B.count / n), &matrix, order, &pivots, &B,
      order)
  }

  /// Solves for ``vector`` with the factors that ``solveLU()`` has left.
  func solveFactored() {
    let order = Int32(n)
    _ = LAPACKE_dgetrs_work(
      LAPACK_COL_MAJOR, lapackChar("N"), order, 1, matrix, order, pivots,
      &vector, order)
  }

  /// A = QR by Householder reflections, then R x = Qᵀb.
  func solveQR() -> Int32 {
    makeRoom()
    let order = Int32(n)
    let size = Int32(work.count)
    // `singularValues` has the length of the reflectors' scalar factors.
    var info = LAPACKE_dgeqrf_work(
      LAPACK_COL_MAJOR, order, order, &matrix, order, &singularValues, &work,
      size)
    guard info == 0 else { return info }
    info = LAPACKE_dormqr_work(
      LAPACK_COL_MAJOR, lapackChar("L"), lapackChar("T"), order, 1, order,
      matrix, order, singularValues, &vector, order, &work, size)
    guard info == 0 else { return info }
    return LAPACKE_dtrtrs_work(
      LAPACK_COL_MAJOR, lapackChar("U"), lapackChar("N"), lapackChar("N"),
      order, 1, matrix, order, &vector, order)
  }
}

/// A character argument of LAPACK.
func lapackChar(_ letter: Unicode.Scalar) -> CChar {
  CChar(truncatingIfNeeded: letter.value)
}
