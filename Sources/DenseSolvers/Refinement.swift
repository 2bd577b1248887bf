import CLAPACKE
import COpenBLAS

/// Iterative refinement of an approximate solution: the residual in Float64, the
/// correction by an LU factorisation in Float32.
///
/// Each step shrinks the error by about κ(A) times Float32's rounding, so it
/// works for κ up to some 10⁷, rows scaled to unit norm. LAPACK's dsgesv does the
/// same from zero; Higham, *Accuracy and Stability of Numerical Algorithms*
/// (2002), chapter 12.
public struct Refinement: Sendable {
  /// The refined solution, n numbers.
  public let solution: [Double]
  /// The relative residual ‖Ax − b‖/(‖A‖‖x‖ + ‖b‖) of the start and after each
  /// step.
  public let history: [Double]

  /// Refines a solution until a step does not halve the residual.
  ///
  /// - Parameters:
  ///   - A: the matrix, n × n in column-major order.
  ///   - b: the right-hand side, n numbers.
  ///   - start: the solution to refine, n numbers.
  ///   - limit: the most steps.
  /// - Throws: ``SolveFailure`` if A is singular in Float32.
  public init(
    A: [Double], b: [Double], start: [Double], limit: Int = 30
  ) throws(SolveFailure) {
    let n = b.count
    precondition(
      A.count == n * n && start.count == n, "A must be n × n, the start n")
    guard A.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite),
      start.allSatisfy(\.isFinite)
    else { throw .nonFiniteInput }
    let order = Int32(n)
    let scales = (0..<n).map { i in
      let largest = (0..<n).reduce(0.0) { max($0, abs(A[$1 * n + i])) }
      return largest > 0 ? 1 / largest : 1
    }
    var factors = (0..<(n * n)).map { Float(scales[$0 % n] * A[$0]) }
    var pivots = [Int32](repeating: 0, count: n)
    let info = LAPACKE_sgetrf(
      LAPACK_COL_MAJOR, order, order, &factors, order, &pivots)
    guard info == 0 else { throw .singular(pivot: Int(max(1, info))) }

    func measure(_ x: [Double]) -> Double {
      relativeResidual(A: A, b: b, x: x, n: n)
    }
    var x = start
    var history = [measure(x)]
    for _ in 0..<limit {
      guard let last = history.last, last > 0 else { break }
      var residual = b
      cblas_dgemv(
        CblasColMajor, CblasNoTrans, order, order, -1, A, order, x, 1, 1,
        &residual, 1)
      for i in 0..<n { residual[i] *= scales[i] }
      let size = residual.reduce(0) { max($0, abs($1)) }
      guard size > 0 else { break }
      // Scaled, so that no small residual underflows.
      var correction = residual.map { Float($0 / size) }
      let info = LAPACKE_sgetrs(
        LAPACK_COL_MAJOR, CChar(UInt8(ascii: "N")), order, 1, factors, order,
        pivots, &correction, order)
      guard info == 0 else { throw .invalidArgument(Int(abs(info))) }
      let next = zip(x, correction).map { $0 + size * Double($1) }
      let residualNow = measure(next)
      guard residualNow < last else { break }
      x = next
      history.append(residualNow)
      if residualNow > 0.5 * last { break }
    }
    solution = x
    self.history = history
  }
}
