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
      let weight = filter[i] * coefficients[i] / singularValues[i]
      for j in 0..<n { x[j] += weight * VT[j * n + i] }
    }
    return x
  }

  func rankFilter() -> [Double] {
    let rank = numericalRank
    return (0..<n).map { $0 < rank ? 1 : 0 }
  }

  // MARK: Generalised cross-validation

  /// The truncation k that minimises ‖residual‖²/(n − k)².
  ///
  /// Golub, Heath and Wahba, Technometrics 21 (1979); Hansen, *Rank-Deficient
  /// and Discrete Ill-Posed Problems* (1998), section 7.4.
  func truncationFilter() -> [Double] {
    let rank = numericalRank
    var best = (value: Double.infinity, terms: rank)
    // ‖residual‖² with the first k terms, summed from the small end.
    var residual = [Double](repeating: 0, count: n + 1)
    for k in stride(from: n - 1, through: 0, by: -1) {
      residual[k] = residual[k + 1] + coefficients[k] * coefficients[k]
    }
    for terms in 1..<max(2, min(rank, n - 1) + 1) {
      let freedom = Double(n - terms)
      let value = residual[terms] / (freedom * freedom)
      if value < best.value { best = (value, terms) }
    }
    return (0..<n).map { $0 < best.terms ? 1 : 0 }
  }

  /// φᵢ = σᵢ²/(σᵢ² + λ²) for the λ that minimises
  /// Σ((1 − φᵢ) uᵢᵀb)²/(n − Σφᵢ)²: a scan over twenty values a decade, then
  /// golden sections around the smallest.
  func tikhonovFilter() -> [Double] {
    guard let largest = singularValues.first, largest > 0 else {
      return Array(repeating: 0, count: n)
    }
    let lowest = log(Double(n) * .ulpOfOne * largest)
    let highest = log(largest)
    let steps = 320
    let width = (highest - lowest) / Double(steps)
    var best = (value: Double.infinity, place: lowest)
    for step in 0...steps {
      let place = lowest + width * Double(step)
      let value = validation(exp(place))
      if value < best.value { best = (value, place) }
    }
    var low = best.place - width
    var high = best.place + width
    let ratio = (5.0.squareRoot() - 1) / 2
    for _ in 0..<30 {
      let left = high - ratio * (high - low)
      let right = low + ratio * (high - low)
      if validation(exp(left)) < validation(exp(right)) {
        high = right
      } else {
        low = left
      }
    }
    return filter(exp(0.5 * (low + high)))
  }

  private func filter(_ lambda: Double) -> [Double] {
    singularValues.map { $0 * $0 / ($0 * $0 + lambda * lambda) }
  }

  private func validation(_ lambda: Double) -> Double {
    var residual = 0.0
    var freedom = 0.0
    for (sigma, coefficient) in zip(singularValues, coefficients) {
      let rest = lambda * lambda / (sigma * sigma + lambda * lambda)
      residual += rest * coefficient * (rest * coefficient)
      freedom += rest
    }
    return residual / (freedom * freedom)
  }
}
