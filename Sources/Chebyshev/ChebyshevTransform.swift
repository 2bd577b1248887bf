import CFFTW3
import Foundation

/// FFTW has no plan for a transform, for want of memory.
public struct TransformFailure: Error, Equatable, CustomStringConvertible {
  /// The nodes of the transform.
  public let n: Int

  public var description: String {
    "FFTW finds no plan for a transform of \(n) nodes"
  }
}

/// Values at the nodes of ``chebpts(_:on:)`` ↔ coefficients of the Chebyshev
/// series, many vectors at a time, by FFTW's DCT-I (REDFT00).
///
/// The polynomial through the values is p(x) = Σ c_k T_k(x), k = 0, …, n − 1;
/// values run from the right end to the left, coefficients from T_0 up. One
/// transform costs O(n log n).
///
/// Plans are made once for each `n`, by FFTW's estimate and never by timing,
/// so that the same values give the same bits every time. A transform may be
/// used from any number of threads.
public final class ChebyshevTransform: @unchecked Sendable {
  /// The number of nodes, at least 2.
  public let n: Int

  /// Vectors in one call of FFTW.
  private static let block = 32

  // FFTW executes a plan on other arrays from any thread; only the planner
  // must not run twice at once.
  private let blockPlan: fftw_plan
  private let singlePlan: fftw_plan

  /// Returns the transform of `n` nodes, planned at its first use.
  ///
  /// - Parameter n: the number of nodes, at least 2.
  /// - Returns: the transform.
  /// - Throws: ``TransformFailure`` if FFTW has no plan for it.
  public static func ofSize(_ n: Int) throws(TransformFailure)
    -> ChebyshevTransform
  {
    precondition(n >= 2, "a Chebyshev grid needs two nodes")
    planner.lock()
    defer { planner.unlock() }
    if let known = transforms[n] { return known }
    let transform = try ChebyshevTransform(n) { Self.plan(n, count: $0) }
    transforms[n] = transform
    return transform
  }

  /// Takes the plans that `plan` makes of a number of vectors.
  init(_ n: Int, plan: (Int) -> fftw_plan?) throws(TransformFailure) {
    self.n = n
    guard let block = plan(Self.block), let single = plan(1) else {
      throw TransformFailure(n: n)
    }
    blockPlan = block
    singlePlan = single
  }

  private static func plan(_ n: Int, count: Int) -> fftw_plan? {
    // FFTW counts in 32 bits.
    guard let length = Int32(exactly: n) else { return nil }
    var scratch = [Double](repeating: 0, count: count * n)
    var sizes = [length]
    var kinds = [FFTW_REDFT00]
    return scratch.withUnsafeMutableBufferPointer { scratch in
      fftw_plan_many_r2r(
        1, &sizes, Int32(count), scratch.baseAddress, nil, 1, length,
        scratch.baseAddress, nil, 1, length, &kinds,
        UInt32(FFTW_ESTIMATE) | UInt32(FFTW_UNALIGNED))
    }
  }

  /// Values to coefficients, in place.
  ///
  /// - Parameters:
  ///   - data: [count, n].
  ///   - count: the number of vectors.
  public func vals2coeffs(_ data: UnsafeMutablePointer<Double>, count: Int) {
    execute(data, count: count)
    let N = n - 1
    let scale = 1 / Double(N)
    for row in 0..<count {
      let vector = data + row * n
      for k in 0..<n { vector[k] *= scale }
      vector[0] *= 0.5
      vector[N] *= 0.5
    }
  }

  /// Coefficients to values, in place.
  ///
  /// - Parameters:
  ///   - data: [count, n].
  ///   - count: the number of vectors.
  public func coeffs2vals(_ data: UnsafeMutablePointer<Double>, count: Int) {
    for row in 0..<count {
      let vector = data + row * n
      for k in 1..<max(1, n - 1) { vector[k] *= 0.5 }
    }
    execute(data, count: count)
  }

  private func execute(_ data: UnsafeMutablePointer<Double>, count: Int) {
    var row = 0
    while row + Self.block <= count {
      fftw_execute_r2r(blockPlan, data + row * n, data + row * n)
      row += Self.block
    }
    while row < count {
      fftw_execute_r2r(singlePlan, data + row * n, data + row * n)
      row += 1
    }
  }
}

private let planner = NSLock()
nonisolated(unsafe) private var transforms: [Int: ChebyshevTransform] = [:]

/// Returns the Chebyshev coefficients of the polynomials through values at the
/// nodes of ``chebpts(_:on:)``.
///
/// - Parameters:
///   - values: [count, n], each from the right end to the left.
///   - n: the number of nodes; by default all of `values` is one vector.
/// - Returns: the coefficients, [count, n], from T_0 up.
/// - Throws: ``TransformFailure`` if FFTW has no plan.
public func vals2coeffs(_ values: [Double], n: Int? = nil)
  throws(TransformFailure) -> [Double]
{
  try transformed(values, n: n) { $0.vals2coeffs($1, count: $2) }
}

/// Returns values at the nodes of ``chebpts(_:on:)`` of polynomials given by
/// their Chebyshev coefficients.
///
/// - Parameters:
///   - coefficients: [count, n], from T_0 up.
///   - n: the number of nodes; by default all of `coefficients` is one vector.
/// - Returns: the values, [count, n], each from the right end to the left.
/// - Throws: ``TransformFailure`` if FFTW has no plan.
public func coeffs2vals(_ coefficients: [Double], n: Int? = nil)
  throws(TransformFailure) -> [Double]
{
  try transformed(coefficients, n: n) { $0.coeffs2vals($1, count: $2) }
}

private func transformed(
  _ data: [Double], n: Int?,
  _ transform: (ChebyshevTransform, UnsafeMutablePointer<Double>, Int) -> Void
) throws(TransformFailure) -> [Double] {
  let n = n ?? data.count
  // One node: the value is the coefficient.
  guard n > 1 else { return data }
  let plan = try ChebyshevTransform.ofSize(n)
  precondition(data.count.isMultiple(of: n), "the data must be [count, n]")
  var data = data
  let count = data.count / n
  data.withUnsafeMutableBufferPointer { data in
    if let start = data.baseAddress { transform(plan, start, count) }
  }
  return data
}
