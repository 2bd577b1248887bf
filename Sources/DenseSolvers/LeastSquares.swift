import CLAPACKE

/// Minimises ‖Ax − b‖ by a QR factorisation of A (LAPACK dgels).
///
/// - Parameters:
///   - A: m × n with m ≥ n, column-major; it is overwritten by its factors.
///   - b: m numbers, overwritten.
///   - rows: m.
///   - columns: n.
/// - Returns: x, n numbers.
/// - Throws: ``SolveFailure`` if an entry is not finite or A has not full rank.
public func leastSquares(
  _ A: inout [Double], _ b: inout [Double], rows: Int, columns: Int
) throws(SolveFailure) -> [Double] {
  precondition(
    A.count == rows * columns && b.count == rows && rows >= columns,
    "A must be m × n with m ≥ n, b m")
  guard A.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite) else {
    throw .nonFiniteInput
  }
  let info = LAPACKE_dgels(
    LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), Int32(rows), Int32(columns), 1,
    &A, Int32(rows), &b, Int32(rows))
  if info > 0 { throw .singular(pivot: Int(info)) }
  if info < 0 { throw .invalidArgument(Int(-info)) }
  guard b[0..<columns].allSatisfy(\.isFinite) else { throw .nonFiniteSolution }
  return Array(b[0..<columns])
}
