import COpenBLAS
import Chebyshev
import DenseSolvers
import Foundation

/// The coefficients of a second-order operator, estimated from a noisy matrix on
/// Chebyshev nodes by least squares, alone and with the knowledge that they are
/// smooth.
///
/// Interior rows of A are −D diag(K) D + D diag(V) + diag(Q) and errors of one
/// variance, which what the fit leaves tells. With polynomials Σ aₖ zₖ Tₖ for the
/// coefficients, zₖ standard normal and aₖ = exp(−k/τ), the mean and the deviations
/// of the posterior are linear algebra. In units of half the domain's width.
public final class CoefficientEstimator: Sendable {
  /// One coefficient.
  public enum Term: String, CaseIterable, Sendable {
    case K
    case V
    case Q
  }

  /// What a matrix says of one coefficient at the nodes, [n] each, over ``CoefficientEstimator/Result/scale``.
  public struct Estimate: Sendable {
    /// By least squares alone.
    public var plain: [Double]
    public var plainDeviations: [Double]
    /// The means and deviations for each τ.
    public var means: [[Double]]
    public var deviations: [[Double]]
  }

  /// All that a matrix says.
  public struct Result: Sendable {
    /// The constant K whose operator is as large as the matrix.
    public var scale: Double
    /// The standard deviation of an entry over the root mean square of all.
    public var noise: Double
    /// In the order of ``CoefficientEstimator/terms``.
    public var estimates: [Estimate]
  }

  /// The τ of the two polynomial laws.
  public static let decays = [4.0, 12]

  public let n: Int
  public let terms: [Term]
  private let D: [Double]
  private let inner: [Double]
  /// The inverse of BᵀB, which the unknowns' matrices make, [m, m].
  private let inverse: [Double]
  /// For each τ: the coefficients' values from z, [m, r] in row-major order, and
  /// that into the Gram matrix.
  private let laws: [Law]
  /// ‖−D D‖ over the interior rows.
  private let size: Double

  private struct Law: Sendable {
    let values: [Double]
    let gram: [Double]
  }

  private var m: Int { n * terms.count }

  /// Prepares estimates on `n` nodes.
  ///
  /// - Throws: `SolveFailure` if so few nodes do not tell the terms apart.
  /// - Precondition: there are at least four nodes.
  public init(nodes n: Int, terms: [Term]) throws(SolveFailure) {
    precondition(n >= 4 && !terms.isEmpty, "too few nodes or terms")
    self.n = n
    self.terms = terms
    let D = diffmat(n, on: -1...1)
    self.D = D
    let inner = Array(D[n..<(n * n - n)])
    self.inner = inner
    let gram = Self.gram(n, terms, D: D, inner: inner)
    let m = n * terms.count
    // A coefficient that is in no inner row has no estimate of its own.
    var regular = gram
    for k in 0..<m where gram[k * m + k] == 0 { regular[k * m + k] = 1 }
    inverse = try Self.inverse(regular, m)
    laws = Self.decays.map { Self.law(n, terms, decay: $0, gram: gram) }
    var square = 0.0
    for k in 0..<n {
      for l in 0..<n { square += gram[k * m + l] }
    }
    size = square.squareRoot()
  }

  // MARK: Preparation

  /// BᵀB: the products of the matrices that the unknowns make.
  private static func gram(
    _ n: Int, _ terms: [Term], D: [Double], inner: [Double]
  ) -> [Double] {
    let m = n * terms.count
    var columns = [Double](repeating: 0, count: n * n)
    var rows = columns
    // Σᵢ Dᵢₖ Dᵢₗ over inner i, and Σⱼ Dₖⱼ Dₗⱼ.
    cblas_dgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, Int32(n), Int32(n),
      Int32(n - 2), 1, inner, Int32(n), inner, Int32(n), 0, &columns, Int32(n))
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(n), Int32(n), Int32(n), 1,
      D, Int32(n), D, Int32(n), 0, &rows, Int32(n))
    func isInner(_ i: Int) -> Bool { i > 0 && i < n - 1 }
    func entry(_ a: Term, _ k: Int, _ b: Term, _ l: Int) -> Double {
      switch (a, b) {
      case (.K, .K): columns[k * n + l] * rows[k * n + l]
      case (.K, .V): -columns[k * n + l] * D[k * n + l]
      case (.V, .K): -columns[k * n + l] * D[l * n + k]
      case (.V, .V): k == l ? columns[k * n + k] : 0
      case (.K, .Q): isInner(l) ? -D[l * n + k] * D[k * n + l] : 0
      case (.Q, .K): isInner(k) ? -D[k * n + l] * D[l * n + k] : 0
      case (.V, .Q): isInner(l) && k == l ? D[k * n + k] : 0
      case (.Q, .V): isInner(k) && k == l ? D[k * n + k] : 0
      case (.Q, .Q): isInner(k) && k == l ? 1 : 0
      }
    }
    var gram = [Double](repeating: 0, count: m * m)
    for (i, a) in terms.enumerated() {
      for (j, b) in terms.enumerated() {
        for k in 0..<n {
          for l in 0..<n {
            gram[(i * n + k) * m + j * n + l] = entry(a, k, b, l)
          }
        }
      }
    }
    return gram
  }

  /// The inverse of a positive definite matrix, its unknowns scaled to unit
  /// diagonal.
  private static func inverse(
    _ matrix: [Double], _ m: Int
  ) throws(SolveFailure) -> [Double] {
    let scales = (0..<m).map { 1 / matrix[$0 * m + $0].squareRoot() }
    var scaled = matrix
    var unit = [Double](repeating: 0, count: m * m)
    for i in 0..<m {
      for j in 0..<m { scaled[i * m + j] *= scales[i] * scales[j] }
      unit[i * m + i] = 1
    }
    var result = try DenseSolver.solveAll(
      A: scaled, B: unit, n: m, workspace: Workspace())
    for i in 0..<m {
      for j in 0..<m { result[i * m + j] *= scales[i] * scales[j] }
    }
    return result
  }

  /// Polynomials whose coefficients decay, over the scale; V and Q are several
  /// times K, and Q may jump.
  private static func law(
    _ n: Int, _ terms: [Term], decay: Double, gram: [Double]
  ) -> Law {
    let m = n * terms.count
    var values = [Double](repeating: 0, count: m * m)
    for (index, term) in terms.enumerated() {
      let size = term == .K ? 1.0 : 8
      let own = term == .Q ? 3 * decay : decay
      for i in 0..<n {
        for k in 0..<n {
          let angle = Double.pi * Double(i * k % (2 * n - 2)) / Double(n - 1)
          values[(index * n + i) * m + index * n + k] =
            size * exp(-Double(k) / own) * cos(angle)
        }
      }
    }
    var half = values
    var product = values
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasNoTrans, Int32(m), Int32(m), Int32(m),
      1, gram, Int32(m), values, Int32(m), 0, &half, Int32(m))
    cblas_dgemm(
      CblasRowMajor, CblasTrans, CblasNoTrans, Int32(m), Int32(m), Int32(m), 1,
      values, Int32(m), half, Int32(m), 0, &product, Int32(m))
    return Law(values: values, gram: product)
  }

  // MARK: Estimates

  /// What a matrix says of the coefficients.
  ///
  /// - Parameters:
  ///   - A: n × n in column-major order; the rows of the ends are not looked at.
  ///   - workspace: memory of the calling thread.
  /// - Returns: the estimates; NaN where a matrix, one with entries that are not
  ///   finite, allows for none.
  public func estimates(
    of A: UnsafePointer<Double>, workspace: Workspace
  ) -> Result {
    var rows = [Double](repeating: 0, count: (n - 2) * n)
    var square = 0.0
    for j in 0..<n {
      for i in 1..<n - 1 {
        rows[(i - 1) * n + j] = A[j * n + i]
        square += A[j * n + i] * A[j * n + i]
      }
    }
    let right = products(rows)
    let plain = multiplied(inverse, right)
    let explained = zip(right, plain).reduce(0) { $0 + $1.0 * $1.1 }
    let entries = Double((n - 2) * n)
    let rms = (square / entries).squareRoot()
    let scale = square > 0 ? square.squareRoot() / size : 1
    // Less noise than this is none: what is left of clean entries is rounding.
    let variance = max(
      (square - explained) / max(entries - Double(m), 1),
      1e-12 * square / entries)
    let deviation = variance.squareRoot()
    let posteriors = laws.map {
      posterior($0, right, deviation: deviation, scale: scale, workspace)
    }
    let estimates = terms.indices.map { index in
      let own = (index * n)..<((index + 1) * n)
      return Estimate(
        plain: own.map { plain[$0] / scale },
        plainDeviations: own.map {
          deviation * max(inverse[$0 * m + $0], 0).squareRoot() / scale
        },
        means: posteriors.map { Array($0.means[own]) },
        deviations: posteriors.map { Array($0.deviations[own]) })
    }
    return Result(
      scale: scale, noise: rms > 0 ? deviation / rms : 0, estimates: estimates)
  }

  /// Bᵀ of the interior rows, [n − 2, n] in row-major order.
  private func products(_ rows: [Double]) -> [Double] {
    var right: [Double] = []
    for term in terms {
      var own = [Double](repeating: 0, count: n)
      switch term {
      case .K:
        var images = [Double](repeating: 0, count: (n - 2) * n)
        cblas_dgemm(
          CblasRowMajor, CblasNoTrans, CblasTrans, Int32(n - 2), Int32(n),
          Int32(n), 1, rows, Int32(n), D, Int32(n), 0, &images, Int32(n))
        for i in 0..<n - 2 {
          for k in 0..<n { own[k] -= inner[i * n + k] * images[i * n + k] }
        }
      case .V:
        for i in 0..<n - 2 {
          for j in 0..<n { own[j] += inner[i * n + j] * rows[i * n + j] }
        }
      case .Q:
        for i in 1..<n - 1 { own[i] = rows[(i - 1) * n + i] }
      }
      right += own
    }
    return right
  }

  private func multiplied(_ matrix: [Double], _ vector: [Double]) -> [Double] {
    var result = vector
    let m = Int32(m)
    cblas_dgemv(
      CblasRowMajor, CblasNoTrans, m, m, 1, matrix, m, vector, 1, 0, &result, 1)
    return result
  }

  /// The posterior of the coefficients over the scale.
  private func posterior(
    _ law: Law, _ right: [Double], deviation: Double, scale: Double,
    _ workspace: Workspace
  ) -> (means: [Double], deviations: [Double]) {
    let weight = scale / deviation
    var information = law.gram.map { weight * weight * $0 }
    for k in 0..<m { information[k * m + k] += 1 }
    var projected = right
    let order = Int32(m)
    cblas_dgemv(
      CblasRowMajor, CblasTrans, order, order, weight / deviation, law.values,
      order, right, 1, 0, &projected, 1)
    // Columns: the rows of the values, and the data.
    let solved: [Double]
    do {
      solved = try DenseSolver.solveAll(
        A: information, B: law.values + projected, n: m, workspace: workspace)
    } catch {
      let none = [Double](repeating: .nan, count: m)
      return (none, none)
    }
    let z = Array(solved[(m * m)...])
    let means = multiplied(law.values, z)
    let deviations = (0..<m).map { i in
      max(
        (0..<m).reduce(0.0) {
          $0 + law.values[i * m + $1] * solved[i * m + $1]
        }, 0
      ).squareRoot()
    }
    return (means, deviations)
  }
}
