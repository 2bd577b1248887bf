import Foundation

/// Returns the nodes, ascending, and the weights of the Gauss–Legendre rule of
/// `m` points on [−1, 1], which integrates polynomials of degree 2m − 1.
///
/// Newton's method for the zeros of the Legendre polynomial; Davis and
/// Rabinowitz, *Methods of Numerical Integration* (1984), section 2.7.
///
/// - Precondition: `m` ≥ 1.
public func legpts(_ m: Int) -> (nodes: [Double], weights: [Double]) {
  precondition(m >= 1, "a rule needs a point")
  /// P_m and its derivative.
  func legendre(_ x: Double) -> (value: Double, slope: Double) {
    var (last, value) = (1.0, x)
    for k in stride(from: 2, through: m, by: 1) {
      let k = Double(k)
      (last, value) = (value, ((2 * k - 1) * x * value - (k - 1) * last) / k)
    }
    return (value, Double(m) * (x * value - last) / (x * x - 1))
  }
  var nodes: [Double] = []
  var weights: [Double] = []
  for i in 0..<m {
    var x = -cos(.pi * (Double(i) + 0.75) / (Double(m) + 0.5))
    for _ in 0..<100 {
      let (value, slope) = legendre(x)
      let step = value / slope
      x -= step
      if abs(step) < 1e-16 { break }
    }
    let slope = legendre(x).slope
    nodes.append(m == 1 ? 0 : x)
    weights.append(m == 1 ? 2 : 2 / ((1 - x * x) * slope * slope))
  }
  return (nodes, weights)
}
