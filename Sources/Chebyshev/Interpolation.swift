/// Returns the barycentric weights of the `n` nodes of ``chebpts(_:on:)``, up
/// to a common factor: (−1)ʲ, halved at both ends.
///
/// Salzer, Comput. J. 15 (1972); Berrut and Trefethen, SIAM Rev. 46 (2004).
///
/// - Precondition: `n` ≥ 2.
public func baryWeights(_ n: Int) -> [Double] {
  precondition(n >= 2, "a Chebyshev grid needs two nodes")
  return (0..<n).map { j in
    (j.isMultiple(of: 2) ? 1 : -1) * (j == 0 || j == n - 1 ? 0.5 : 1)
  }
}

/// Returns the polynomial through `values` at the nodes of ``chebpts(_:on:)``,
/// evaluated at `points` by the second barycentric formula.
///
/// At a node the value there is returned as it is. The cost is O(n) a point.
///
/// - Precondition: there are at least two values.
public func bary(
  _ points: [Double], _ values: [Double], on domain: ClosedRange<Double>
) -> [Double] {
  bary(
    points, [values], nodes: chebpts(values.count, on: domain),
    weights: baryWeights(values.count))[0]
}

/// Returns the polynomials through values at `nodes`, evaluated at `points` by the
/// second barycentric formula.
///
/// The cost is O(n) divisions a point, however many polynomials there are.
///
/// - Parameters:
///   - points: where to evaluate.
///   - values: of each polynomial at the nodes, [n] each.
///   - nodes: no two alike, [n].
///   - weights: the nodes' barycentric weights, up to a common factor, [n].
/// - Returns: the values of each at the points; at a node the one that was given.
public func bary(
  _ points: [Double], _ values: [[Double]], nodes: [Double],
  weights: [Double]
) -> [[Double]] {
  let count = values.count
  let n = nodes.count
  let all = values.flatMap { $0 }
  var result = values.map { _ in [Double](repeating: 0, count: points.count) }
  var terms = [Double](repeating: 0, count: n)
  for (index, x) in points.enumerated() {
    var denominator = 0.0
    var node: Int?
    for j in 0..<n {
      let difference = x - nodes[j]
      if difference == 0 { node = j }
      terms[j] = weights[j] / difference
      denominator += terms[j]
    }
    for k in 0..<count {
      if let node {
        result[k][index] = all[k * n + node]
        continue
      }
      var numerator = 0.0
      for j in 0..<n { numerator += terms[j] * all[k * n + j] }
      result[k][index] = numerator / denominator
    }
  }
  return result
}

/// Returns the values on `m` nodes of ``chebpts(_:on:)`` of the polynomials
/// through values on `n` of them.
///
/// - Parameters:
///   - values: [count, n], each from the right end to the left.
///   - n: the number of nodes given, at least 2.
///   - m: the number of nodes wanted, at least 2.
/// - Returns: [count, m].
/// - Throws: ``TransformFailure`` if FFTW has no plan.
public func resample(_ values: [Double], from n: Int, to m: Int)
  throws(TransformFailure) -> [Double]
{
  precondition(values.count.isMultiple(of: n), "the values must be [count, n]")
  if n == m { return values }
  let coefficients = try vals2coeffs(values, n: n)
  return try coeffs2vals(aliased(coefficients, length: n, m), n: m)
}

/// Returns the series of `m` coefficients, [count, m], with the same values on
/// `m` nodes as the given ones, [count, length].
///
/// On m = M + 1 nodes T_k has the values of T_k′ with k′ = k mod 2M, or 2M less
/// that where it exceeds M.
func aliased(_ coefficients: [Double], length: Int, _ m: Int) -> [Double] {
  let count = coefficients.count / length
  let period = 2 * (m - 1)
  var result = [Double](repeating: 0, count: count * m)
  for row in 0..<count {
    for k in 0..<length {
      let rest = k % period
      let target = rest >= m ? period - rest : rest
      result[row * m + target] += coefficients[row * length + k]
    }
  }
  return result
}
