import CLAPACKE

/// An eigenvalue of a real matrix.
public struct Eigenvalue: Sendable, Equatable {
  public let real: Double
  public let imaginary: Double

  public var modulus: Double {
    (real * real + imaginary * imaginary).squareRoot()
  }
}

/// The eigenvalues of a matrix, by LAPACK's dgeev, the largest modulus first.
///
/// - Parameters:
///   - matrix: n × n in column-major order.
///   - n: the order.
/// - Returns: n eigenvalues, those of a pair side by side.
/// - Throws: ``SolveFailure``.
public func eigenvalues(
  of matrix: [Double], n: Int
) throws(SolveFailure) -> [Eigenvalue] {
  precondition(matrix.count == n * n, "the matrix must be n × n")
  guard matrix.allSatisfy(\.isFinite) else { throw .nonFiniteInput }
  var own = matrix
  var real = [Double](repeating: 0, count: n)
  var imaginary = real
  let info = LAPACKE_dgeev(
    LAPACK_COL_MAJOR, lapackChar("N"), lapackChar("N"), Int32(n), &own,
    Int32(n), &real, &imaginary, nil, 1, nil, 1)
  if info < 0 { throw .invalidArgument(Int(-info)) }
  guard info == 0 else { throw .notConverged }
  let all = zip(real, imaginary).map { Eigenvalue(real: $0, imaginary: $1) }
  return all.enumerated().sorted {
    $0.element.modulus == $1.element.modulus
      ? $0.offset < $1.offset : $0.element.modulus > $1.element.modulus
  }.map(\.element)
}
