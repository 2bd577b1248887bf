import Foundation

// MARK: Grids and matrices of Chebyshev collocation

/// Returns the `n` Chebyshev–Gauss–Lobatto nodes mapped to `domain`, in
/// descending order.
///
/// Node j is a + (b − a)(1 + cos(πj/N))/2 with N = n − 1: index 0 is the right
/// end. The nodes are computed by sines, which makes them symmetric about the
/// midpoint to the last bit.
///
/// - Precondition: `n` ≥ 2.
public func chebpts(_ n: Int, on domain: ClosedRange<Double>) -> [Double] {
  precondition(n >= 2, "a Chebyshev grid needs two nodes")
  let N = n - 1
  let middle = 0.5 * (domain.lowerBound + domain.upperBound)
  let half = 0.5 * (domain.upperBound - domain.lowerBound)
  var nodes = (0..<n).map { j in
    middle + half * sin(.pi * Double(N - 2 * j) / Double(2 * N))
  }
  nodes[0] = domain.upperBound
  nodes[N] = domain.lowerBound
  return nodes
}

/// Returns the first-order Chebyshev differentiation matrix on `domain`, of
/// shape [n, n] in row-major order.
///
/// Differences of nodes are taken as 2 sin((i+j)π/2N) sin((j−i)π/2N) and the
/// diagonal by the negative-sum trick, which keep the error of a derivative
/// near O(N²ε); Trefethen, *Spectral Methods in MATLAB* (2000), ch. 6, and
/// Baltensperger and Trummer, SIAM J. Sci. Comput. 24 (2003). The lower half is
/// the upper one turned by 180° and negated to the last bit (the flipping
/// trick; Don and Solomonoff, SIAM J. Sci. Comput. 16, 1995).
///
/// - Precondition: `n` ≥ 2.
public func diffmat(_ n: Int, on domain: ClosedRange<Double>) -> [Double] {
  precondition(n >= 2, "a Chebyshev grid needs two nodes")
  let N = n - 1
  let scale = 2 / (domain.upperBound - domain.lowerBound)
  let step = Double.pi / Double(2 * N)
  func end(_ i: Int) -> Double { i == 0 || i == N ? 2 : 1 }
  var D = [Double](repeating: 0, count: n * n)
  for i in 0..<n {
    for j in 0..<n where j != i && i + j <= N {
      let difference =
        2 * sin(Double(i + j) * step) * sin(Double(j - i) * step)
      let sign: Double = (i + j).isMultiple(of: 2) ? 1 : -1
      let entry = scale * (end(i) / end(j)) * sign / difference
      D[i * n + j] = entry
      if i + j < N { D[(N - i) * n + N - j] = -entry }
    }
  }
  for i in 0..<n / 2 {
    let sum = D[i * n..<(i + 1) * n].reduce(0, +)
    D[i * n + i] = -sum
    D[(N - i) * n + N - i] = sum
  }
  return D
}

/// Returns the Clenshaw–Curtis weights of the `n` nodes of
/// ``chebpts(_:on:)``; their sum is the length of `domain`.
///
/// The rule integrates polynomials of degree n − 1 exactly; Trefethen,
/// *Spectral Methods in MATLAB* (2000), program `clencurt`.
///
/// - Precondition: `n` ≥ 2.
public func quadwts(_ n: Int, on domain: ClosedRange<Double>) -> [Double] {
  precondition(n >= 2, "a Chebyshev grid needs two nodes")
  let N = n - 1
  let half = 0.5 * (domain.upperBound - domain.lowerBound)
  let isEven = N.isMultiple(of: 2)
  let ends = half / Double(isEven ? N * N - 1 : N * N)
  var weights = [Double](repeating: N == 1 ? half : ends, count: n)
  guard N > 1 else { return weights }
  for j in 1..<N {
    let theta = Double.pi * Double(j) / Double(N)
    var v = 1.0
    for k in stride(from: 1, through: (N - 1) / 2, by: 1) {
      v -= 2 * cos(2 * Double(k) * theta) / Double(4 * k * k - 1)
    }
    if isEven { v -= cos(Double(N) * theta) / Double(N * N - 1) }
    weights[j] = half * 2 * v / Double(N)
  }
  return weights
}
