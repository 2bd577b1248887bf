import COpenBLAS

/// Gives OpenBLAS, and LAPACK with it, one thread in this process.
///
/// Systems of this size are solved one to a core; every solver calls it.
public func configureBLAS() {
  _ = configuration
}

private let configuration: Void = openblas_set_num_threads(1)

/// κ₂(A) = σ₁/σₙ, infinite for a singular matrix.
///
/// - Parameters:
///   - A: n × n in column-major order.
///   - n: the order.
///   - workspace: memory of the calling thread.
/// - Returns: κ₂(A) ≥ 1.
/// - Throws: ``SolveFailure`` if A is not finite or the decomposition does not
///   converge.
public func conditionNumber(
  _ A: UnsafePointer<Double>, n: Int, workspace: Workspace = Workspace()
) throws(SolveFailure) -> Double {
  configureBLAS()
  for index in 0..<(n * n) where !A[index].isFinite { throw .nonFiniteInput }
  workspace.load(A, A, n: n)
  guard workspace.decompose(values: true) == 0 else { throw .notConverged }
  let values = workspace.singularValues
  guard let largest = values.first, let smallest = values.last, smallest > 0
  else { return .infinity }
  return largest / smallest
}

/// The normwise backward error ‖Ax − b‖/(‖A‖‖x‖ + ‖b‖), in the 2-norm for
/// vectors and Frobenius' for A; Higham, *Accuracy and Stability of Numerical
/// Algorithms* (2002), theorem 7.1.
///
/// - Parameters:
///   - A: n × n in column-major order.
///   - b: the right-hand side, n numbers.
///   - x: the solution, n numbers.
///   - n: the order.
/// - Returns: the backward error; 0 for an exact solution.
public func relativeResidual(
  A: UnsafePointer<Double>, b: UnsafePointer<Double>, x: UnsafePointer<Double>,
  n: Int
) -> Double {
  var residual = (0..<n).map { -b[$0] }
  var matrix = 0.0
  for j in 0..<n {
    for i in 0..<n {
      residual[i] += A[j * n + i] * x[j]
      matrix += A[j * n + i] * A[j * n + i]
    }
  }
  func norm(_ squares: Double) -> Double { squares.squareRoot() }
  let top = norm(residual.reduce(0) { $0 + $1 * $1 })
  let solution = norm((0..<n).reduce(0.0) { $0 + x[$1] * x[$1] })
  let right = norm((0..<n).reduce(0.0) { $0 + b[$1] * b[$1] })
  return top == 0 ? 0 : top / (norm(matrix) * solution + right)
}
