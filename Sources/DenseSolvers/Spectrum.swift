import Foundation

/// A right-hand side in the singular vectors of its matrix, and the filters
/// that regularise x = Σ φᵢ (uᵢᵀb/σᵢ) vᵢ.
struct Spectrum {
  private let n: Int
  /// σ, in descending order.
  let singularValues: [Double]
  /// uᵢᵀb.
  let coefficients: [Double]
  private let VT: [Double]

  init(_ workspace: Workspace, b: UnsafePointer<Double>, n: Int) {
    self.n = n
    singularValues = workspace.singularValues
    VT = workspace.VT
    let U = workspace.U
    coefficients = (0..<n).map { i in
      var sum = 0.0
      for row in 0..<n { sum += U[i * n + row] * b[row] }
      return sum
    }
  }

  /// The singular values that are zero to rounding, below nε σ₁, are left out.
  private var numericalRank: Int {
    let threshold = Double(n) * .ulpOfOne * (singularValues.first ?? 0)
    return singularValues.firstIndex { $0 <= threshold } ?? n
  }

  /// x for filter factors φ.
  func solution(_ filter: [Double]) -> [Double] {
    var x = [Double](repeating: 0, count: n)
    for i in 0..<n where filter[i] != 0 {
      add(i, weight: filter[i] * coefficients[i] / singularValues[i], to: &x)
    }
    return x
  }

  /// Adds a multiple of vᵢ.
  private func add(_ i: Int, weight: Double, to x: inout [Double]) {
    for j in 0..<n { x[j] += weight * VT[j * n + i] }
  }

  func rankFilter() -> [Double] {
    let rank = numericalRank
    return (0..<n).map { $0 < rank ? 1 : 0 }
  }

  // MARK: Discrepancy principle

  /// φᵢ = 1 for the fewest terms whose residual is no more than the data's
  /// uncertainty explains.
  ///
  /// Morozov, Soviet Math. Dokl. 7 (1966); Hansen, *Rank-Deficient and Discrete
  /// Ill-Posed Problems* (1998), section 7.2.
  func truncationFilter(_ uncertainty: DataUncertainty) -> [Double] {
    let rank = numericalRank
    // ‖residual‖² with the first k terms, summed from the small end.
    var residual = [Double](repeating: 0, count: n + 1)
    for k in stride(from: n - 1, through: 0, by: -1) {
      residual[k] = residual[k + 1] + coefficients[k] * coefficients[k]
    }
    var terms = 0
    var x = [Double](repeating: 0, count: n)
    while terms < rank, residual[terms] > uncertainty.expectedResidual(x) {
      add(terms, weight: coefficients[terms] / singularValues[terms], to: &x)
      terms += 1
    }
    return (0..<n).map { $0 < terms ? 1 : 0 }
  }

  /// φᵢ = σᵢ²/(σᵢ² + λ²) for the largest λ whose residual is no more than the
  /// data's uncertainty explains, by bisection of log λ.
  func tikhonovFilter(_ uncertainty: DataUncertainty) -> [Double] {
    guard let largest = singularValues.first, largest > 0 else {
      return Array(repeating: 0, count: n)
    }
    var low = log(1e-20 * largest)
    var high = log(1e3 * largest)
    func isExplained(_ place: Double) -> Bool {
      let filter = filter(exp(place))
      var residual = 0.0
      for (phi, coefficient) in zip(filter, coefficients) {
        residual += (1 - phi) * coefficient * ((1 - phi) * coefficient)
      }
      return residual <= uncertainty.expectedResidual(solution(filter))
    }
    if isExplained(high) { return filter(exp(high)) }
    for _ in 0..<50 {
      let middle = 0.5 * (low + high)
      if isExplained(middle) { low = middle } else { high = middle }
    }
    return filter(exp(low))
  }

  // MARK: Generalised cross-validation

  /// φᵢ = 1 for the number of terms k that minimises ‖r‖²/(n − k)², r the
  /// residual.
  ///
  /// Golub, Heath and Wahba, Technometrics 21 (1979); Hansen (1998), section
  /// 7.4. All n terms leave no residual to validate with, so k < n.
  func truncationFilterByCrossValidation() -> [Double] {
    let rank = numericalRank
    var residual = 0.0
    var best = (terms: 0, score: Double.infinity)
    for k in stride(from: n - 1, through: 0, by: -1) {
      residual += coefficients[k] * coefficients[k]
      let score = residual / (Double(n - k) * Double(n - k))
      if k <= rank, score < best.score { best = (k, score) }
    }
    return (0..<n).map { $0 < best.terms ? 1 : 0 }
  }

  /// φᵢ = σᵢ²/(σᵢ² + λ²) for the λ that minimises ‖r‖²/(n − Σφᵢ)²: the best of
  /// a grid of ten values a decade, refined by golden section.
  func tikhonovFilterByCrossValidation() -> [Double] {
    guard let largest = singularValues.first, largest > 0 else {
      return Array(repeating: 0, count: n)
    }
    func score(_ place: Double) -> Double {
      let lambda = largest * pow(10, place)
      var residual = 0.0
      var freedom = 0.0
      for (sigma, coefficient) in zip(singularValues, coefficients) {
        let rest = lambda * lambda / (sigma * sigma + lambda * lambda)
        residual += rest * coefficient * (rest * coefficient)
        freedom += rest
      }
      return freedom > 0 ? residual / (freedom * freedom) : .infinity
    }
    let places = (0...200).map { Double($0) / 10 - 17 }
    let scores = places.map(score)
    let best = scores.indices.min { scores[$0] < scores[$1] } ?? 0
    var low = places[max(0, best - 1)]
    var high = places[min(places.count - 1, best + 1)]
    let ratio = (5.0.squareRoot() - 1) / 2
    for _ in 0..<30 {
      let inner = (high - ratio * (high - low), low + ratio * (high - low))
      if score(inner.0) < score(inner.1) {
        high = inner.1
      } else {
        low = inner.0
      }
    }
    return filter(largest * pow(10, 0.5 * (low + high)))
  }

  private func filter(_ lambda: Double) -> [Double] {
    singularValues.map { $0 * $0 / ($0 * $0 + lambda * lambda) }
  }
}
