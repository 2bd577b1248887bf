import Foundation

/// A polynomial on an interval as its Chebyshev series,
/// p(x) = Σ c_k T_k(2(x − a)/(b − a) − 1).
public struct ChebyshevSeries: Equatable, Sendable {
  /// c_k, from T_0 up; at least one.
  public let coefficients: [Double]

  /// [a, b].
  public let domain: ClosedRange<Double>

  /// Creates a series from its coefficients.
  ///
  /// - Precondition: there is at least one coefficient.
  public init(coefficients: [Double], on domain: ClosedRange<Double>) {
    precondition(!coefficients.isEmpty, "a series needs a coefficient")
    self.coefficients = coefficients
    self.domain = domain
  }

  /// Creates the series of the polynomial through `values` at the nodes of
  /// ``chebpts(_:on:)``, from the right end to the left.
  ///
  /// - Precondition: there is at least one value.
  /// - Throws: ``TransformFailure`` if FFTW has no plan for so many.
  public init(values: [Double], on domain: ClosedRange<Double>)
    throws(TransformFailure)
  {
    self.init(coefficients: try vals2coeffs(values), on: domain)
  }

  private var half: Double {
    0.5 * (domain.upperBound - domain.lowerBound)
  }

  /// Returns p(x), by Clenshaw's recurrence.
  public func callAsFunction(_ x: Double) -> Double {
    let middle = 0.5 * (domain.lowerBound + domain.upperBound)
    let t = (x - middle) / half
    var next = 0.0
    var afterNext = 0.0
    for coefficient in coefficients.dropFirst().reversed() {
      (next, afterNext) = (coefficient + 2 * t * next - afterNext, next)
    }
    return coefficients[0] + t * next - afterNext
  }

  /// Returns the values at the `n` nodes of ``chebpts(_:on:)``, from the right
  /// end to the left.
  ///
  /// On a grid coarser than the degree, T_k takes the values of the lower
  /// T_k′ that it cannot be told from there, so the result is p at the nodes
  /// and not of a truncated series.
  ///
  /// - Precondition: `n` ≥ 2.
  /// - Throws: ``TransformFailure`` if FFTW has no plan for so many.
  public func values(_ n: Int) throws(TransformFailure) -> [Double] {
    precondition(n >= 2, "a Chebyshev grid needs two nodes")
    return try coeffs2vals(aliased(coefficients, length: coefficients.count, n))
  }

  /// The series of dp/dx.
  public var derivative: ChebyshevSeries {
    let n = coefficients.count
    guard n > 1 else { return ChebyshevSeries(coefficients: [0], on: domain) }
    // 2 T_k = T′_{k+1}/(k + 1) − T′_{k−1}/(k − 1).
    var result = [Double](repeating: 0, count: n - 1)
    for k in stride(from: n - 1, through: 1, by: -1) {
      let above = k + 1 < n - 1 ? result[k + 1] : 0
      result[k - 1] = above + 2 * Double(k) * coefficients[k]
    }
    result[0] *= 0.5
    return ChebyshevSeries(coefficients: result.map { $0 / half }, on: domain)
  }

  /// The series of the integral of p from a to x.
  public var antiderivative: ChebyshevSeries {
    let n = coefficients.count
    func c(_ k: Int) -> Double { k < n ? coefficients[k] : 0 }
    var result = [Double](repeating: 0, count: n + 1)
    for k in 1...n {
      let below = k == 1 ? 2 * c(0) : c(k - 1)
      result[k] = half * (below - c(k + 1)) / Double(2 * k)
    }
    var sign = 1.0
    for k in 1...n {
      result[0] += sign * result[k]
      sign = -sign
    }
    return ChebyshevSeries(coefficients: result, on: domain)
  }

  /// The integral of p over the domain.
  public var integral: Double {
    var sum = 0.0
    for k in stride(from: 0, to: coefficients.count, by: 2) {
      sum += 2 * coefficients[k] / (1 - Double(k) * Double(k))
    }
    return half * sum
  }

  /// The largest of the last tenth of the coefficients (three at least) in
  /// units of the largest of all; 0 for the zero polynomial.
  ///
  /// A function that its grid resolves has a tail near rounding, 10⁻¹⁵; the
  /// tail bounds what a finer grid would still change.
  public var tail: Double {
    let magnitudes = coefficients.map(abs)
    let largest = magnitudes.max() ?? 0
    let count = min(magnitudes.count, max(3, magnitudes.count / 10))
    guard largest > 0 else { return 0 }
    return (magnitudes.suffix(count).max() ?? 0) / largest
  }
}
