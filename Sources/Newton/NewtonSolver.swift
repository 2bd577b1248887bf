import CLAPACKE
import COpenBLAS
import DenseSolvers
import Foundation
import Parallel
import Tables

/// Newton's method for min ‖Ax − b‖ₚᵖ.
///
/// With r = Ax − b and w = |r|ᵖ⁻², the gradient is p Aᵀ(w r) and the Hessian
/// p (p − 1) Aᵀ diag(w) A; the step solves H s = −g by Cholesky. One pass over A,
/// a few rows at a time, gives the objective, the gradient and the Hessian: the
/// rows come from memory once and are used in the cache.
///
/// The rows are divided in the same way whatever the number of threads, and
/// partial sums are added in order: the bits do not depend on the threads.
public final class NewtonSolver {
  /// What one pass over A gives.
  public struct Evaluation: Sendable {
    /// f = ‖Ax − b‖ₚ.
    public let objective: Double
    /// g, the gradient of fᵖ, n numbers.
    public let gradient: [Double]

    /// ‖g‖₂.
    public var gradientNorm: Double {
      cblas_dnrm2(Int32(gradient.count), gradient, 1)
    }
  }

  /// How much a pass over A is for.
  private enum Need {
    case objective
    case gradient
    case hessian
  }

  private let m: Int
  private let n: Int
  private let p: Double
  private let threads: Int
  private let parts: Int
  private let partials: [Partial]
  private var hessian: [Double]
  private var gradient: [Double]
  /// The τ that was added to the Hessian's diagonal in the last step, as a share
  /// of its mean; 0 where it was positive definite as it was.
  public private(set) var damping = 0.0

  /// Rows that are in the cache at a time.
  private static let block = 128

  /// What a part of the rows contributes.
  private final class Partial: @unchecked Sendable {
    var hessian: [Double]
    var gradient: [Double]
    var sum = 0.0
    var weighted: [Double]
    var residual: [Double]
    var force: [Double]

    init(_ n: Int) {
      hessian = Array(repeating: 0, count: n * n)
      gradient = Array(repeating: 0, count: n)
      weighted = Array(repeating: 0, count: NewtonSolver.block * n)
      residual = Array(repeating: 0, count: NewtonSolver.block)
      force = Array(repeating: 0, count: NewtonSolver.block)
    }
  }

  /// Allocates the memory of a step.
  ///
  /// - Parameters:
  ///   - law: the dimensions and p.
  ///   - threads: threads to use.
  public init(_ law: PNormProblem.Law, threads: Int) {
    m = law.rows
    n = law.columns
    p = law.p
    self.threads = threads
    parts = min(8, (law.rows + Self.block - 1) / Self.block)
    let n = law.columns
    partials = (0..<parts).map { _ in Partial(n) }
    hessian = Array(repeating: 0, count: n * n)
    gradient = Array(repeating: 0, count: n)
  }

  /// f at x, with one pass over A.
  public func objective(_ problem: PNormProblem, at x: [Double]) -> Double {
    pass(problem, x, for: .objective)
    return pow(partials.reduce(0) { $0 + $1.sum }, 1 / p)
  }

  /// f and the gradient of fᵖ at x, with one pass over A.
  public func evaluation(_ problem: PNormProblem, at x: [Double]) -> Evaluation
  {
    pass(problem, x, for: .gradient)
    return collected()
  }

  /// What the parts of a pass make together, but for the Hessian.
  private func collected() -> Evaluation {
    for index in gradient.indices {
      gradient[index] = partials.reduce(0) { $0 + $1.gradient[index] }
    }
    return Evaluation(
      objective: pow(partials.reduce(0) { $0 + $1.sum }, 1 / p),
      gradient: gradient.map { p * $0 })
  }

  /// The Newton step at x.
  ///
  /// - Parameters:
  ///   - problem: A and b.
  ///   - x: the iterate, n numbers.
  /// - Returns: the step s, n numbers, and what was known of x on the way.
  /// - Throws: `SolveFailure` if the Hessian is not finite or cannot be damped
  ///   into a positive definite one.
  public func step(_ problem: PNormProblem, at x: [Double])
    throws(SolveFailure) -> (step: [Double], evaluation: Evaluation)
  {
    pass(problem, x, for: .hessian)
    for index in hessian.indices { hessian[index] = 0 }
    for part in partials {
      for index in hessian.indices { hessian[index] += part.hessian[index] }
    }
    let evaluation = collected()
    return (try solve(), evaluation)
  }

  /// s = −H⁻¹g, with τ on the diagonal where H is not positive definite.
  private func solve() throws(SolveFailure) -> [Double] {
    guard hessian.allSatisfy(\.isFinite), gradient.allSatisfy(\.isFinite) else {
      throw .nonFiniteInput
    }
    let order = Int32(n)
    let diagonal = mean((0..<n).map { hessian[$0 * n + $0] })
    damping = 0
    for attempt in 0..<14 {
      var factor = hessian
      for i in 0..<n { factor[i * n + i] += damping * diagonal }
      // `hessian` is Aᵀ diag(w) A and `gradient` Aᵀ(w r): p cancels.
      var step = gradient.map { -$0 / (p - 1) }
      let info = LAPACKE_dpotrf_work(
        LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "U")), order, &factor, order)
      if info < 0 { throw .invalidArgument(Int(-info)) }
      if info == 0 {
        let info = LAPACKE_dpotrs_work(
          LAPACK_ROW_MAJOR, CChar(UInt8(ascii: "U")), order, 1, factor, order,
          &step, 1)
        guard info == 0 else { throw .invalidArgument(Int(-info)) }
        if step.allSatisfy(\.isFinite) { return step }
      }
      damping = attempt == 0 ? 1e-14 : 10 * damping
    }
    throw .singular(pivot: 1)
  }

  // MARK: The pass over A

  private func pass(
    _ problem: PNormProblem, _ x: [Double], for need: Need
  ) {
    precondition(
      problem.law.rows == m && problem.law.columns == n && x.count == n,
      "the solver was made for another size")
    nonisolated(unsafe) let solver = self
    parallelParts(parts, threads: threads) { part, _ in
      let (m, parts) = (solver.m, solver.parts)
      solver.accumulate(
        problem, x, (m * part / parts)..<(m * (part + 1) / parts),
        into: solver.partials[part], for: need)
    }
  }

  private func accumulate(
    _ problem: PNormProblem, _ x: [Double], _ rows: Range<Int>,
    into part: Partial, for need: Need
  ) {
    part.sum = 0
    if need == .hessian {
      for index in part.hessian.indices { part.hessian[index] = 0 }
    }
    for index in part.gradient.indices { part.gradient[index] = 0 }
    problem.A.withUnsafeBufferPointer { A in
      problem.b.withUnsafeBufferPointer { b in
        guard let A = A.baseAddress, let b = b.baseAddress else { return }
        for first in stride(
          from: rows.lowerBound, to: rows.upperBound, by: Self.block)
        {
          let count = min(Self.block, rows.upperBound - first)
          accumulate(
            A + first * n, b + first, count, x, part, need)
        }
      }
    }
  }

  private func accumulate(
    _ A: UnsafePointer<Double>, _ b: UnsafePointer<Double>, _ count: Int,
    _ x: [Double], _ part: Partial, _ need: Need
  ) {
    let rows = Int32(count)
    let columns = Int32(n)
    for i in 0..<count { part.residual[i] = -b[i] }
    cblas_dgemv(
      CblasRowMajor, CblasNoTrans, rows, columns, 1, A, columns, x, 1, 1,
      &part.residual, 1)
    let isSix = p == 6
    for i in 0..<count {
      let r = part.residual[i]
      let square = r * r
      // |r|ᵖ⁻²; a power of a power of two costs twenty times a product.
      let weight = isSix ? square * square : pow(square, 0.5 * p - 1)
      part.sum += weight * square
      part.force[i] = weight * r
      part.residual[i] = weight.squareRoot()
    }
    guard need != .objective else { return }
    cblas_dgemv(
      CblasRowMajor, CblasTrans, rows, columns, 1, A, columns, part.force, 1,
      1, &part.gradient, 1)
    guard need == .hessian else { return }
    part.weighted.withUnsafeMutableBufferPointer { weighted in
      for i in 0..<count {
        let factor = part.residual[i]
        let row = i * n
        for j in 0..<n { weighted[row + j] = factor * A[row + j] }
      }
    }
    cblas_dsyrk(
      CblasRowMajor, CblasUpper, CblasTrans, columns, rows, 1, part.weighted,
      columns, 1, &part.hessian, columns)
  }
}
