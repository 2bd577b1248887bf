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

extension LinearSystem {
  /// A x − b, [n].
  public func residual(_ x: [Double]) -> [Double] {
    var result = b
    cblas_dgemv(
      CblasColMajor, CblasNoTrans, Int32(n), Int32(n), 1, A, Int32(n), x, 1, -1,
      &result, 1)
    return result
  }
}

/// Turns boundary value problems into dense systems by Chebyshev collocation.
///
/// The matrix is A = −D diag(K) D + D diag(v) + diag(w) D + diag(q), where D is the
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

  /// What D makes of the odd and of the even part of a function.
  ///
  /// (D − DJ)/2, upper half, and (D + DJ)/2, upper half from the middle
  /// outwards, where J turns the order of the nodes round; column-major.
  private let ofOddPart: [Double]
  private let ofEvenPart: [Double]

  /// Prepares the assembly at `n` nodes on `domain`.
  ///
  /// - Precondition: `n` ≥ 2.
  public init(nodes n: Int, on domain: ClosedRange<Double>) {
    self.n = n
    self.domain = domain
    let D = diffmat(n, on: domain)
    self.D = D
    columnsOfD = (0..<n * n).map { D[$0 % n * n + $0 / n] }
    let half = n / 2
    let upper = n - half
    ofOddPart = (0..<upper * half).map {
      let i = $0 % upper
      let k = $0 / upper
      return (D[i * n + k] - D[i * n + n - 1 - k]) / 2
    }
    ofEvenPart = (0..<half * upper).map {
      let i = half - 1 - $0 % half
      let k = $0 / half
      let isMiddle = k == n - 1 - k
      return isMiddle ? D[i * n + k] : (D[i * n + k] + D[i * n + n - 1 - k]) / 2
    }
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
  /// Complexity: n³ operations, in two matrix products: D maps the odd part of
  /// a function about the middle of the domain to an even one and the even part
  /// to an odd one, each in half of the unknowns; Solomonoff, J. Comput. Phys.
  /// 98 (1992).
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
        && problem.q?.count ?? n == n && problem.v?.count ?? n == n
        && problem.w?.count ?? n == n,
      "a coefficient's length is not the number of nodes")
    if let flux {
      multiply(problem, flux, A)
    } else {
      withUnsafeTemporaryAllocation(of: Double.self, capacity: n * n) {
        if let flux = $0.baseAddress { multiply(problem, flux, A) }
      }
    }
    if let w = problem.w {
      for j in 0..<n {
        for i in 0..<n { A[j * n + i] += w[i] * columnsOfD[j * n + i] }
      }
    }
    if let q = problem.q {
      for i in 0..<n { A[i * n + i] += q[i] }
    }
    for (i, value) in rightHandSide(of: problem).enumerated() { b[i] = value }
    replaceRow(0, by: problem.right, A)
    replaceRow(n - 1, by: problem.left, A)
  }

  /// The right-hand side of `problem`'s system, [n].
  public func rightHandSide(of problem: BoundaryValueProblem) -> [Double] {
    precondition(problem.f.count == n, "f has no value a node")
    var b = problem.f
    b[0] = problem.right.gamma
    b[n - 1] = problem.left.gamma
    return b
  }

  /// Writes D times the matrix of the flux into `A`.
  private func multiply(
    _ problem: BoundaryValueProblem, _ flux: UnsafeMutablePointer<Double>,
    _ A: UnsafeMutablePointer<Double>
  ) {
    let half = n / 2
    let upper = n - half
    let oddPart = flux
    let evenPart = flux + half * n
    fillFlux(problem, oddPart, evenPart)
    cblas_dgemm(
      CblasColMajor, CblasNoTrans, CblasNoTrans,
      Int32(upper), Int32(n), Int32(half),
      1, ofOddPart, Int32(upper), oddPart, Int32(half), 0, A, Int32(n))
    cblas_dgemm(
      CblasColMajor, CblasNoTrans, CblasNoTrans,
      Int32(half), Int32(n), Int32(upper),
      1, ofEvenPart, Int32(half), evenPart, Int32(upper),
      0, A + upper, Int32(n))
    for j in 0..<n {
      let column = A + j * n
      for i in 0..<half {
        let even = column[i]
        let odd = column[n - 1 - i]
        column[i] = even + odd
        column[n - 1 - i] = even - odd
      }
    }
  }

  /// Writes the matrix of the flux v u − K u′, diag(v) − diag(K) D, so that
  /// one product with D gives both of the operator's derivatives.
  ///
  /// - Parameters:
  ///   - problem: the coefficients.
  ///   - oddPart: receives F − JF, upper half, [n / 2, n].
  ///   - evenPart: receives F + JF, upper half and F in the middle, if one node
  ///     is there, [n − n / 2, n].
  private func fillFlux(
    _ problem: BoundaryValueProblem,
    _ oddPart: UnsafeMutablePointer<Double>,
    _ evenPart: UnsafeMutablePointer<Double>
  ) {
    let half = n / 2
    let upper = n - half
    let mirroredK = Array(problem.K.reversed())
    problem.K.withUnsafeBufferPointer { K in
      mirroredK.withUnsafeBufferPointer { mirroredK in
        columnsOfD.withUnsafeBufferPointer { D in
          guard let D = D.baseAddress else { return }
          for j in 0..<n {
            let column = D + j * n
            let mirrored = D + (n - 1 - j) * n
            let odd = oddPart + j * half
            let even = evenPart + j * upper
            for i in 0..<half {
              let above = -K[i] * column[i]
              let below = mirroredK[i] * mirrored[i]
              odd[i] = above - below
              even[i] = above + below
            }
            if upper > half { even[half] = -K[half] * column[half] }
          }
        }
      }
    }
    guard let v = problem.v else { return }
    for j in 0..<n {
      let i = min(j, n - 1 - j)
      evenPart[j * upper + i] += v[j]
      if i < half { oddPart[j * half + i] += j == i ? v[j] : -v[j] }
    }
  }

  private func replaceRow(
    _ row: Int, by condition: BoundaryCondition,
    _ A: UnsafeMutablePointer<Double>
  ) {
    for j in 0..<n { A[j * n + row] = condition.beta * D[row * n + j] }
    A[row * n + row] += condition.alpha
    if condition.integral != 0 {
      for (j, weight) in quadwts(n, on: domain).enumerated() {
        A[j * n + row] += condition.integral * weight
      }
    }
  }
}
