import Foundation

/// The points and matrices of rectangular collocation on [−1, 1]: a polynomial
/// given at the n nodes of ``chebpts(_:on:)`` has its values and its derivative
/// taken at the n − 1 Chebyshev points of the first kind, which lie between them.
///
/// An equation is then asked for at no end of the interval, where coefficients
/// may jump, and each condition has a row of its own that replaces nothing;
/// Driscoll and Hale, IMA J. Numer. Anal. 36 (2016).
public struct RectangularCollocation: Sendable {
  /// The number of nodes.
  public let n: Int

  /// cos((2i + 1)π/2N), descending, [n − 1].
  public let points: [Double]

  /// The points' barycentric weights, (−1)ⁱ sin((2i + 1)π/2N), [n − 1].
  public let weights: [Double]

  /// From values at the nodes to values at the points, [n − 1, n] in
  /// column-major order.
  public let interpolation: [Double]

  /// From values at the nodes to the derivative at the points, [n − 1, n] in
  /// column-major order.
  public let differentiation: [Double]

  /// Prepares the matrices of `n` nodes.
  ///
  /// Differences are products of sines, and each row's largest entry of the
  /// derivative is the negative sum of the others.
  ///
  /// - Precondition: `n` ≥ 2.
  public init(nodes n: Int) {
    precondition(n >= 2, "a Chebyshev grid needs two nodes")
    self.n = n
    let N = n - 1
    let ofNodes = baryWeights(n)
    let step = Double.pi / Double(4 * N)
    var interpolation = [Double](repeating: 0, count: N * n)
    var differentiation = interpolation
    for i in 0..<N {
      // θ = (2i + 1)π/2N, and the nodes' angles are jπ/N.
      let theta = Double(4 * i + 2) * step
      let differences = (0..<n).map { (j: Int) -> Double in
        let sum = Double(2 * i + 1 + 2 * j) * step
        let difference = Double(2 * j - 2 * i - 1) * step
        return 2 * sin(sum) * sin(difference)
      }
      let terms = zip(ofNodes, differences).map { $0 / $1 }
      let sum = terms.reduce(0, +)
      let pull = -cos(theta) / (sin(theta) * sin(theta))
      var total = 0.0
      var nearest = 0
      for j in 0..<n {
        let value = terms[j] / sum
        interpolation[j * N + i] = value
        differentiation[j * N + i] = value * (pull - 1 / differences[j])
        total += differentiation[j * N + i]
        if abs(differences[j]) < abs(differences[nearest]) { nearest = j }
      }
      differentiation[nearest * N + i] -= total
    }
    self.interpolation = interpolation
    self.differentiation = differentiation
    points = (0..<N).map { sin(.pi * Double(N - 1 - 2 * $0) / Double(2 * N)) }
    weights = (0..<N).map {
      sin(Double(4 * $0 + 2) * step) * ($0.isMultiple(of: 2) ? 1 : -1)
    }
  }
}
