import COpenBLAS

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
  for index in 0..<(n * n) where !A[index].isFinite { throw .nonFiniteInput }
  workspace.load(A, A, n: n)
  guard workspace.decompose(values: true) == 0 else { throw .notConverged }
  let values = workspace.singularValues
  guard let largest = values.first, let smallest = values.last, smallest > 0
  else { return .infinity }
  let ratio = largest / smallest
  return ratio.isNaN ? .infinity : ratio
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
  let order = Int32(n)
  var residual = Array(UnsafeBufferPointer(start: b, count: n))
  cblas_dgemv(
    CblasColMajor, CblasNoTrans, order, order, 1, A, order, x, 1, -1,
    &residual, 1)
  func norm(_ vector: UnsafePointer<Double>, _ count: Int) -> Double {
    cblas_ddot(Int32(count), vector, 1, vector, 1).squareRoot()
  }
  let top = norm(residual, n)
  return top == 0 ? 0 : top / (norm(A, n * n) * norm(x, n) + norm(b, n))
}

/// ‖S(Ax − b)‖/‖Sf‖, S scaling the rows of A to unit 2-norm and f being b without
/// the conditions in its first and its last entry, whose size says nothing of f's:
/// what an answer leaves of b, large rows of A counting no more than small ones.
///
/// - Parameters:
///   - A: n × n in column-major order.
///   - b: the right-hand side, n numbers.
///   - x: the answer, n numbers.
///   - n: the order.
/// - Returns: the residual; 0 where Ax is b, infinite where f is zero otherwise.
public func equilibratedResidual(
  A: UnsafePointer<Double>, b: UnsafePointer<Double>, x: UnsafePointer<Double>,
  n: Int
) -> Double {
  var top = 0.0
  var bottom = 0.0
  for i in 0..<n {
    let size = cblas_dnrm2(Int32(n), A + i, Int32(n))
    let scale = size > 0 ? 1 / size : 1
    let own = cblas_ddot(Int32(n), A + i, Int32(n), x, 1) - b[i]
    top += (scale * own) * (scale * own)
    if i > 0, i < n - 1 { bottom += (scale * b[i]) * (scale * b[i]) }
  }
  return top == 0 ? 0 : (top / bottom).squareRoot()
}
