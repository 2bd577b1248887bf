import CLAPACKE
import COpenBLAS

/// Minimises ‖Ax − b‖ by a QR factorisation of A with column pivoting (LAPACK
/// dgelsy), its columns scaled to unit norm.
///
/// Columns that depend on each other but for rounding count once: x is then the
/// shortest, in the scaled unknowns, of those that do it.
///
/// - Parameters:
///   - A: m × n with m ≥ n, column-major; it is overwritten by its factors.
///   - b: m numbers, overwritten.
///   - rows: m.
///   - columns: n.
/// - Returns: x, n numbers, and the rank.
/// - Throws: ``SolveFailure`` if an entry is not finite.
public func leastSquares(
  _ A: inout [Double], _ b: inout [Double], rows: Int, columns: Int
) throws(SolveFailure) -> (x: [Double], rank: Int) {
  precondition(
    A.count == rows * columns && b.count == rows && rows >= columns,
    "A must be m × n with m ≥ n, b m")
  guard A.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite) else {
    throw .nonFiniteInput
  }
  var scales: [Double] = []
  for j in 0..<columns {
    A.withUnsafeMutableBufferPointer {
      guard let column = $0.baseAddress.map({ $0 + j * rows }) else { return }
      let norm = cblas_dnrm2(Int32(rows), column, 1)
      scales.append(norm > 0 ? 1 / norm : 0)
      cblas_dscal(Int32(rows), scales[j], column, 1)
    }
  }
  var pivots = [Int32](repeating: 0, count: columns)
  var rank: Int32 = 0
  let info = LAPACKE_dgelsy(
    LAPACK_COL_MAJOR, Int32(rows), Int32(columns), 1, &A, Int32(rows), &b,
    Int32(rows), &pivots, Double(rows) * .ulpOfOne, &rank)
  if info < 0 { throw .invalidArgument(Int(-info)) }
  let x = (0..<columns).map { b[$0] * scales[$0] }
  guard x.allSatisfy(\.isFinite) else { throw .nonFiniteSolution }
  return (x, Int(rank))
}
