import COpenBLAS

/// Iterations that solve A x = b with an approximate inverse of A, which may be
/// another from step to step: a network, for one.
///
/// Residuals b − A x are in Float64 and not scaled: A times an approximate inverse
/// is near the identity with the rows as they are.
public enum Iteration: String, CaseIterable, Sendable {
  /// x ← x + G(b − A x).
  case richardson
  /// The combination of all corrections so far that leaves the smallest residual:
  /// flexible GMRES; Saad, SIAM J. Sci. Comput. 14 (1993).
  case gmres

  /// A solution and how it came about.
  public struct Result: Sendable {
    /// The solution, n numbers.
    public let x: [Double]
    /// ‖b − A x‖/‖b‖ before the first and after every step.
    public let history: [Double]
    /// Whether the last of them is within the tolerance.
    public let isConverged: Bool
  }

  /// Solves a system from x = 0.
  ///
  /// - Parameters:
  ///   - A: the matrix, n × n in column-major order.
  ///   - b: the right-hand side, n numbers.
  ///   - tolerance: of the relative residual.
  ///   - limit: the most steps; n are enough for GMRES.
  ///   - isEnough: asked after every step whether its solution will do; nil where
  ///     the tolerance alone counts.
  ///   - inverse: the approximate inverse.
  /// - Returns: the solution with the smallest residual that was met.
  /// - Throws: ``SolveFailure`` for numbers that are not finite, what `inverse`
  ///   throws.
  public func solve(
    A: [Double], b: [Double], tolerance: Double, limit: Int,
    isEnough: (([Double]) -> Bool)? = nil,
    inverse: ([Double]) throws -> [Double]
  ) throws -> Result {
    precondition(A.count == b.count * b.count, "A must be n × n, b n numbers")
    guard A.allSatisfy(\.isFinite), b.allSatisfy(\.isFinite) else {
      throw SolveFailure.nonFiniteInput
    }
    let system = IteratedSystem(A, b)
    guard system.size > 0 else {
      return Result(x: b, history: [0], isConverged: true)
    }
    switch self {
    case .richardson:
      return try system.richardson(tolerance, limit, isEnough, inverse)
    case .gmres:
      return try system.gmres(
        tolerance, min(limit, b.count), isEnough, inverse)
    }
  }
}

private struct IteratedSystem {
  private let n: Int
  private let A: [Double]
  private let b: [Double]
  /// ‖b‖.
  let size: Double

  init(_ A: [Double], _ b: [Double]) {
    n = b.count
    self.A = A
    self.b = b
    size = norm(b)
  }

  /// b − A x.
  private func residual(_ x: [Double]) -> [Double] {
    zip(b, product(A, x)).map(-)
  }

  /// The correction for a residual.
  private func correction(
    _ residual: [Double], _ inverse: ([Double]) throws -> [Double]
  ) throws -> [Double] {
    let z = try inverse(residual)
    guard z.allSatisfy(\.isFinite) else { throw SolveFailure.nonFiniteSolution }
    return z
  }

  func richardson(
    _ tolerance: Double, _ limit: Int, _ isEnough: (([Double]) -> Bool)?,
    _ inverse: ([Double]) throws -> [Double]
  ) throws -> Iteration.Result {
    var x = [Double](repeating: 0, count: n)
    var best = (x: x, residual: 1.0)
    var r = b
    var history = [1.0]
    while history.count <= limit, let last = history.last, last > tolerance,
      last < 1e3 * best.residual
    {
      x = zip(x, try correction(r, inverse)).map(+)
      r = residual(x)
      let now = norm(r) / size
      history.append(now)
      if now < best.residual { best = (x, now) }
      if isEnough?(x) == true { break }
    }
    return Iteration.Result(
      x: best.x, history: history, isConverged: best.residual <= tolerance)
  }

  func gmres(
    _ tolerance: Double, _ limit: Int, _ isEnough: (([Double]) -> Bool)?,
    _ inverse: ([Double]) throws -> [Double]
  ) throws -> Iteration.Result {
    var basis = [b.map { $0 / size }]
    var corrections: [[Double]] = []
    // The columns of the triangular factor, and the rotations that made it.
    var triangle: [[Double]] = []
    var rotations: [(c: Double, s: Double)] = []
    var right = [size]
    var history = [1.0]
    // What the recurrence says below rounding is no residual.
    let floor = max(tolerance, 0x1p-53)
    while corrections.count < limit, let last = history.last, last > floor {
      let z = try correction(basis[corrections.count], inverse)
      var w = product(A, z)
      let length = norm(w)
      var column = [Double](repeating: 0, count: basis.count)
      // Twice is enough, for a basis that is orthogonal to rounding.
      for _ in 0..<2 {
        for (i, v) in basis.enumerated() {
          let part = cblas_ddot(Int32(n), v, 1, w, 1)
          cblas_daxpy(Int32(n), -part, v, 1, &w, 1)
          column[i] += part
        }
      }
      let rest = norm(w)
      for (i, (c, s)) in rotations.enumerated() {
        (column[i], column[i + 1]) = (
          c * column[i] + s * column[i + 1], c * column[i + 1] - s * column[i]
        )
      }
      let last = column.count - 1
      let diagonal = (column[last] * column[last] + rest * rest).squareRoot()
      // The correction is one that was made before.
      guard diagonal > 1e-14 * length else { break }
      let (c, s) = (column[last] / diagonal, rest / diagonal)
      column[last] = diagonal
      rotations.append((c, s))
      triangle.append(column)
      right.append(-s * right[last])
      right[last] *= c
      corrections.append(z)
      history.append(abs(right[last + 1]) / size)
      if let isEnough, isEnough(combination(of: corrections, triangle, right)) {
        break
      }
      guard rest > 1e-15 * length else { break }
      basis.append(w.map { $0 / rest })
    }
    let x = combination(of: corrections, triangle, right)
    let now = norm(residual(x)) / size
    if history.count > 1 { history[history.count - 1] = now }
    return Iteration.Result(
      x: x, history: history, isConverged: now <= tolerance)
  }

  /// The corrections with the coefficients that solve the triangular system.
  private func combination(
    of corrections: [[Double]], _ triangle: [[Double]], _ right: [Double]
  ) -> [Double] {
    var coefficients = Array(right.prefix(corrections.count))
    for k in corrections.indices.reversed() {
      coefficients[k] /= triangle[k][k]
      for i in 0..<k { coefficients[i] -= triangle[k][i] * coefficients[k] }
    }
    var x = [Double](repeating: 0, count: n)
    for (z, coefficient) in zip(corrections, coefficients) {
      cblas_daxpy(Int32(n), coefficient, z, 1, &x, 1)
    }
    return x
  }
}

/// A x.
///
/// - Parameters:
///   - A: the matrix, n × n in column-major order.
///   - x: n numbers.
/// - Returns: n numbers.
public func product(_ A: [Double], _ x: [Double]) -> [Double] {
  let n = Int32(x.count)
  var y = [Double](repeating: 0, count: x.count)
  cblas_dgemv(CblasColMajor, CblasNoTrans, n, n, 1, A, n, x, 1, 0, &y, 1)
  return y
}

private func norm(_ x: [Double]) -> Double {
  cblas_dnrm2(Int32(x.count), x, 1)
}
