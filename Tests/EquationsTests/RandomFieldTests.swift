import Chebyshev
import Foundation
import Randomness
import Testing

@testable import Equations

struct RandomFieldTests {
  private static let domain = -1.0...3.0

  private func draws(
    _ field: RandomField, at nodes: [Double], count: Int
  ) -> [[Double]] {
    let basis = RandomFieldBasis(field, nodes: nodes, on: Self.domain)
    return (0..<count).map { i in
      var random = CounterRandom(seed: 8, index: i, stream: .parameter(0))
      var values = [Double](repeating: 0, count: nodes.count)
      basis.draw(&random, into: &values)
      return values
    }
  }

  /// E[g(x) g(y)] of the cosine series, summed from its definition.
  private func covariance(
    _ field: RandomField, _ x: Double, _ y: Double
  ) -> Double {
    let a = Self.domain.lowerBound
    let extent = Self.domain.upperBound - a
    var sum = 0.0
    var variance = 0.0
    for k in 0..<200 {
      let wave = Double(k) * .pi / extent
      let weight = exp(-pow(wave * field.length, 2) / 2)
      sum += weight * cos(wave * (x - a)) * cos(wave * (y - a))
      variance += weight * (k == 0 ? 1 : 0.5)
    }
    return field.sigma * field.sigma * sum / variance
  }

  @Test func covarianceIsThatOfTheSeries() {
    let field = RandomField(kind: .gaussian, sigma: 1.5, length: 0.6)
    let points = [-1.0, -0.3, 0.1, 1.2, 3]
    let count = 4000
    let draws = draws(field, at: points, count: count)
    for (i, x) in points.enumerated() {
      let mean = draws.map { $0[i] }.reduce(0, +) / Double(count)
      let variance = covariance(field, x, x)
      #expect(abs(mean) < 4 * (variance / Double(count)).squareRoot())
      for (j, y) in points.enumerated() {
        let expected = covariance(field, x, y)
        let products = draws.map { $0[i] * $0[j] }
        let found = products.reduce(0, +) / Double(count)
        // Isserlis: the product's variance is C(x,x) C(y,y) + C(x,y)².
        let spread = variance * covariance(field, y, y) + expected * expected
        #expect(
          abs(found - expected) < 4 * (spread / Double(count)).squareRoot())
      }
    }
  }

  @Test func meanVarianceIsSigmaSquared() {
    let field = RandomField(kind: .gaussian, sigma: 0.7, length: 0.5)
    let nodes = chebpts(40, on: Self.domain)
    let weights = quadwts(40, on: Self.domain).map { $0 / 4 }
    let energies = draws(field, at: nodes, count: 3000).map { values in
      zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 * $1.1 }
    }
    let mean = energies.reduce(0, +) / 3000
    let spread = energies.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 3000
    #expect(abs(mean - 0.49) < 4 * (spread / 3000).squareRoot())
  }

  @Test(arguments: [0.05, 0.5, 2, 4], [0.1, 0.3, 1, 50])
  func logGaussianFieldsHaveUnitMean(sigma: Double, length: Double) {
    let field = RandomField(kind: .logGaussian, sigma: sigma, length: length)
    let n = 1001
    let nodes = chebpts(n, on: Self.domain)
    let weights = quadwts(n, on: Self.domain).map { $0 / 4 }
    for values in draws(field, at: nodes, count: 2) {
      #expect(values.allSatisfy { $0 > 0 })
      let mean = zip(weights, values).reduce(0) { $0 + $1.0 * $1.1 }
      #expect(abs(mean - 1) < 1e-12)
    }
  }

  @Test func logGaussianIsTheExponentialOfGaussian() {
    let nodes = chebpts(20, on: Self.domain)
    let gaussian = RandomField(kind: .gaussian, sigma: 0.5, length: 1)
    let positive = RandomField(kind: .logGaussian, sigma: 0.5, length: 1)
    let g = draws(gaussian, at: nodes, count: 3)
    let r = draws(positive, at: nodes, count: 3)
    for (g, r) in zip(g, r) {
      let shifts = zip(g, r).map { $0 - log($1) }
      for shift in shifts { #expect(abs(shift - shifts[0]) < 1e-14) }
    }
  }

  @Test func omittedModesAreNegligible() {
    for length in [0.02, 0.5, 1, 50] {
      let field = RandomField(kind: .gaussian, sigma: 1, length: length)
      let modes = field.modeCount(extent: 4)
      let z = modes * .pi * length / 4
      #expect(exp(-z * z / 2) < 1e-32)
      #expect(modes <= Double(RandomField.largestModeCount))
    }
    let shortest = RandomField.shortestLength(extent: 4)
    let field = RandomField(kind: .gaussian, sigma: 1, length: shortest)
    #expect(field.modeCount(extent: 4) <= Double(RandomField.largestModeCount))
  }
}
