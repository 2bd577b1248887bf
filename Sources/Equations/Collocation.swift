import COpenBLAS
import Chebyshev

/// A dense system A x = b of size n.
public struct LinearSystem: Equatable, Sendable {
  /// The number of equations and of unknowns.
  public let n: Int

  /// The matrix, [n, n] in column-major order.
  public var A: [Double]

  /// The right-hand side, [n].
  public var b: [Double]

  /// Creates a system from a column-major matrix and a right-hand side.
  ///
  /// - Precondition: `A` has n² entries, where n is the length of `b`.
  public init(A: [Double], b: [Double]) {
    precondition(A.count == b.count * b.count, "the matrix is not n by n")
    n = b.count
    self.A = A
    self.b = b
  }
}

/// Turns boundary value problems into dense systems by Chebyshev collocation.
///
/// The matrix is A = −D diag(K) D + D diag(v) + diag(q), where D is the
/// differentiation matrix of the n Chebyshev–Gauss–Lobatto nodes; row 0 (the
/// right end) and row n − 1 (the left end) of A and b are replaced by the
/// boundary conditions α u + β u′ = γ. Trefethen, *Spectral Methods in MATLAB*
/// (2000), chapters 7 and 13.
public struct Collocation: Sendable {
  /// The number of nodes.
  public let n: Int

  /// The interval of the equation.
  public let domain: ClosedRange<Double>

  /// The differentiation matrix, [n, n] in row-major order.
  public let D: [Double]

  private let columnsOfD: [Double]

  /// Prepares the assembly at `n` nodes on `domain`.
  ///
  /// - Precondition: `n` ≥ 2.
  public init(nodes n: Int, on domain: ClosedRange<Double>) {
    self.n = n
    self.domain = domain
    let D = diffmat(n, on: domain)
    self.D = D
    columnsOfD = (0..<n * n).map { D[$0 % n * n + $0 / n] }
  }

  /// Returns the system of `problem`.
  ///
  /// - Precondition: the coefficients have `n` values each.
  public func assemble(_ problem: BoundaryValueProblem) -> LinearSystem {
    var b = [Double](repeating: 0, count: n)
    let A = [Double](unsafeUninitializedCapacity: n * n) { A, count in
      b.withUnsafeMutableBufferPointer { b in
        if let A = A.baseAddress, let b = b.baseAddress {
          assemble(problem, A: A, b: b)
        }
      }
      count = n * n
    }
    return LinearSystem(A: A, b: b)
  }

  /// Writes the system of `problem` into `A`, [n, n] in column-major order,
  /// and `b`, [n].
  ///
  /// Nothing has to be initialised before.
  ///
  /// Complexity: 2 n³ operations, in one matrix product.
  ///
  /// - Parameters:
  ///   - problem: the coefficients and the conditions at the ends.
  ///   - A: receives the matrix.
  ///   - b: receives the right-hand side.
  ///   - flux: scratch of n² numbers; allocated unless it is given.
  ///
  /// - Precondition: the coefficients have `n` values each.
  public func assemble(
    _ problem: BoundaryValueProblem,
    A: UnsafeMutablePointer<Double>, b: UnsafeMutablePointer<Double>,
    flux: UnsafeMutablePointer<Double>? = nil
  ) {
    precondition(
      problem.K.count == n && problem.f.count == n
        && problem.q?.count ?? n == n && problem.v?.count ?? n == n,
      "a coefficient's length is not the number of nodes")
    if let flux {
      multiply(problem, flux, A)
    } else {
      withUnsafeTemporaryAllocation(of: Double.self, capacity: n * n) {
        if let flux = $0.baseAddress { multiply(problem, flux, A) }
      }
    }
    if let q = problem.q {
      for i in 0..<n { A[i * n + i] += q[i] }
    }
    for i in 0..<n { b[i] = problem.f[i] }
    replaceRow(0, by: problem.right, A, b)
    replaceRow(n - 1, by: problem.left, A, b)
  }

  /// Writes D times the matrix of the flux into `A`.
  private func multiply(
    _ problem: BoundaryValueProblem, _ flux: UnsafeMutablePointer<Double>,
    _ A: UnsafeMutablePointer<Double>
  ) {
    fillFlux(problem, flux)
    cblas_dgemm(
      CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(n), Int32(n), Int32(n),
      1, columnsOfD, Int32(n), flux, Int32(n), 0, A, Int32(n))
  }

  /// Writes the matrix of the flux v u − K u′, diag(v) − diag(K) D, so that
  /// one product with D gives both of the operator's derivatives.
  private func fillFlux(
    _ problem: BoundaryValueProblem, _ flux: UnsafeMutablePointer<Double>
  ) {
    problem.K.withUnsafeBufferPointer { K in
      columnsOfD.withUnsafeBufferPointer { D in
        for j in 0..<n {
          for i in 0..<n { flux[j * n + i] = -K[i] * D[j * n + i] }
        }
      }
    }
    if let v = problem.v {
      for j in 0..<n { flux[j * n + j] += v[j] }
    }
  }

  private func replaceRow(
    _ row: Int, by condition: BoundaryCondition,
    _ A: UnsafeMutablePointer<Double>, _ b: UnsafeMutablePointer<Double>
  ) {
    for j in 0..<n { A[j * n + row] = condition.beta * D[row * n + j] }
    A[row * n + row] += condition.alpha
    b[row] = condition.gamma
  }
}
