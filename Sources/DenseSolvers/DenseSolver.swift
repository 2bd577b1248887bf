import CLAPACKE
import COpenBLAS

/// A classical solver of square systems Ax = b, A column-major.
public enum DenseSolver: String, CaseIterable, Sendable {
  /// LU with partial pivoting (LAPACK dgesv).
  case lu
  /// Householder QR (dgeqrf, dormqr, dtrtrs).
  case qr
  /// Least squares by the singular value decomposition (dgesdd); singular
  /// values below nε σ₁ count as zero.
  case svd
  /// Tikhonov regularisation, min ‖Ax − b‖² + λ²‖x‖², with the largest λ that
  /// the discrepancy principle allows.
  case tikhonov
  /// The truncated singular value decomposition, with the fewest terms that
  /// the discrepancy principle allows.
  case tsvd
  /// Tikhonov regularisation with λ by generalised cross-validation.
  case tikhonovGCV = "tikhonov-gcv"
  /// The truncated decomposition with generalised cross-validation.
  case tsvdGCV = "tsvd-gcv"

  /// Whether the method smooths, by a parameter that it chooses.
  public var isRegularized: Bool {
    switch self {
    case .lu, .qr, .svd: false
    case .tikhonov, .tsvd, .tikhonovGCV, .tsvdGCV: true
    }
  }

  /// Whether the method asks how far the data may be off.
  public var asksUncertainty: Bool {
    switch self {
    case .tikhonov, .tsvd: true
    case .lu, .qr, .svd, .tikhonovGCV, .tsvdGCV: false
    }
  }

  /// What the solver is, for tables.
  public var summary: String {
    switch self {
    case .lu: "LU with partial pivoting"
    case .qr: "Householder QR"
    case .svd: "SVD least squares"
    case .tikhonov: "Tikhonov, λ by the discrepancy principle"
    case .tsvd: "truncated SVD, rank by the discrepancy principle"
    case .tikhonovGCV: "Tikhonov, λ by generalised cross-validation"
    case .tsvdGCV: "truncated SVD, rank by generalised cross-validation"
    }
  }

  /// Solves one system; A and b are not changed.
  ///
  /// - Parameters:
  ///   - A: the matrix, n × n in column-major order.
  ///   - b: the right-hand side, n numbers.
  ///   - n: the order.
  ///   - x: receives the solution, n numbers.
  ///   - workspace: memory of the calling thread.
  ///   - uncertainty: what a regularised method may leave unexplained; by
  ///     default, rounding of every entry. LU, QR and SVD do not ask.
  /// - Throws: ``SolveFailure``. A matrix that is merely ill-conditioned is no
  ///   failure.
  public func solve(
    A: UnsafePointer<Double>, b: UnsafePointer<Double>, n: Int,
    x: UnsafeMutablePointer<Double>, workspace: Workspace,
    uncertainty: DataUncertainty? = nil
  ) throws(SolveFailure) {
    guard isFinite(A, n * n), isFinite(b, n) else { throw .nonFiniteInput }
    workspace.load(A, b, n: n)
    switch self {
    case .lu: try Self.check(workspace.solveLU())
    case .qr: try Self.check(workspace.solveQR())
    case .svd, .tikhonov, .tsvd, .tikhonovGCV, .tsvdGCV:
      let info = workspace.decompose()
      guard info <= 0 else { throw .notConverged }
      try Self.check(info)
      let spectrum = Spectrum(workspace, b: b, n: n)
      workspace.vector = spectrum.solution(
        filter(
          spectrum,
          uncertainty ?? .relative(.ulpOfOne, A: A, b: b, n: n)))
    }
    for index in 0..<n { x[index] = workspace.vector[index] }
    guard isFinite(x, n) else { throw .nonFiniteSolution }
  }

  /// Solves one system.
  public func solve(
    A: [Double], b: [Double], n: Int, uncertainty: DataUncertainty? = nil
  ) throws(SolveFailure) -> [Double] {
    precondition(A.count == n * n && b.count == n, "A must be n × n, b n")
    var x = [Double](repeating: 0, count: n)
    try solve(
      A: A, b: b, n: n, x: &x, workspace: Workspace(), uncertainty: uncertainty)
    return x
  }

  /// Solves A X = B by LU for several right-hand sides.
  ///
  /// - Parameters:
  ///   - A: the matrix, n × n in column-major order.
  ///   - B: the right-hand sides, n numbers each, one after the other.
  ///   - n: the order.
  ///   - workspace: memory of the calling thread.
  /// - Returns: X, as B is.
  /// - Throws: ``SolveFailure``.
  public static func solveAll(
    A: [Double], B: [Double], n: Int, workspace: Workspace
  ) throws(SolveFailure) -> [Double] {
    guard isFinite(A, n * n), isFinite(B, B.count) else {
      throw .nonFiniteInput
    }
    workspace.load(A, B, n: n)
    var X = B
    try check(workspace.solveLU(&X))
    guard isFinite(X, X.count) else { throw .nonFiniteSolution }
    return X
  }

  private static func check(_ info: Int32) throws(SolveFailure) {
    if info > 0 { throw .singular(pivot: Int(info)) }
    if info < 0 { throw .invalidArgument(Int(-info)) }
  }

  /// The factor of each singular component's 1/σ.
  private func filter(
    _ spectrum: Spectrum, _ uncertainty: @autoclosure () -> DataUncertainty
  )
    -> [Double]
  {
    switch self {
    case .tikhonov: spectrum.tikhonovFilter(uncertainty())
    case .tsvd: spectrum.truncationFilter(uncertainty())
    case .tikhonovGCV: spectrum.tikhonovFilterByCrossValidation()
    case .tsvdGCV: spectrum.truncationFilterByCrossValidation()
    case .lu, .qr, .svd: spectrum.rankFilter()
    }
  }
}

/// Whether none of `count` numbers is NaN or infinite.
private func isFinite(_ values: UnsafePointer<Double>, _ count: Int) -> Bool {
  // A sum of products with zero is zero unless a term is not finite; eight
  // sums side by side, as one alone waits for every addition.
  var sums = SIMD8<Double>.zero
  let whole = count / 8 * 8
  for index in stride(from: 0, to: whole, by: 8) {
    sums +=
      0
      * UnsafeRawPointer(values + index)
      .loadUnaligned(as: SIMD8<Double>.self)
  }
  var sum = sums.sum()
  for index in whole..<count { sum += values[index] * 0 }
  return sum == 0
}
