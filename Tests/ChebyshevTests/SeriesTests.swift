import Chebyshev
import Foundation
import Testing

struct SeriesTests {
  private static let domain = 0.0...7.5

  private static func function(_ x: Double) -> Double {
    exp(-0.3 * x) * sin(2 * x)
  }

  private static func series(_ n: Int) throws -> ChebyshevSeries {
    try ChebyshevSeries(
      values: chebpts(n, on: domain).map(function), on: domain)
  }

  private static var points: [Double] {
    (0...300).map { 7.5 * Double($0) / 300 }
  }

  @Test func evaluationMatchesTheFunctionAndBarycentricInterpolation() throws {
    let series = try Self.series(48)
    let values = chebpts(48, on: Self.domain).map(Self.function)
    let interpolated = bary(Self.points, values, on: Self.domain)
    for (x, other) in zip(Self.points, interpolated) {
      #expect(abs(series(x) - Self.function(x)) < 4e-15)
      #expect(abs(other - Self.function(x)) < 4e-15)
    }
    #expect(
      bary(chebpts(48, on: Self.domain), values, on: Self.domain) == values)
  }

  @Test func derivativeAndAntiderivativeMatchTheAnalyticOnes() throws {
    let series = try Self.series(64)
    let derivative = series.derivative
    let antiderivative = series.antiderivative
    func primitive(_ x: Double) -> Double {
      -exp(-0.3 * x) * (0.3 * sin(2 * x) + 2 * cos(2 * x)) / 4.09
    }
    for x in Self.points {
      let exact = exp(-0.3 * x) * (2 * cos(2 * x) - 0.3 * sin(2 * x))
      #expect(abs(derivative(x) - exact) < 2e-12)
      #expect(abs(antiderivative(x) - (primitive(x) - primitive(0))) < 2e-14)
    }
    let area = primitive(7.5) - primitive(0)
    #expect(abs(series.integral - area) < 2e-14)
    #expect(antiderivative.derivative.coefficients.count == 64)
  }

  @Test func differentiationAgreesWithTheMatrix() throws {
    let n = 64
    let values = chebpts(n, on: Self.domain).map(Self.function)
    let D = diffmat(n, on: Self.domain)
    let spectral = try Self.series(n).derivative.values(n)
    for i in 0..<n {
      var sum = 0.0
      for j in 0..<n { sum += D[i * n + j] * values[j] }
      #expect(abs(sum - spectral[i]) < 1e-11)
    }
  }

  @Test func resamplingIsExactUpAndKeepsTheNodesOnTheWayDown() throws {
    let fine = chebpts(129, on: Self.domain).map(Self.function)
    let coarse = chebpts(65, on: Self.domain).map(Self.function)
    // Both twice over: resampling takes a batch.
    let up = try resample(coarse + coarse, from: 65, to: 129)
    for (a, b) in zip(up, fine + fine) { #expect(abs(a - b) < 5e-15) }
    let down = try resample(fine, from: 129, to: 65)
    for (a, b) in zip(down, coarse) { #expect(abs(a - b) < 5e-15) }
    // 65 nodes resolve this function, so fewer do not change its values there.
    let few = chebpts(10, on: Self.domain).map(Self.function)
    for (a, b) in zip(try Self.series(65).values(10), few) {
      #expect(abs(a - b) < 5e-15)
    }
  }

  @Test func interpolationConvergesGeometrically() throws {
    // 1/(1 + 16x²) has its poles at ±i/4, so the error falls as ρ⁻ⁿ with
    // ρ = 1/4 + √(1/16 + 1); Trefethen, Approximation Theory and
    // Approximation Practice (2013), theorem 8.2.
    func error(_ n: Int) throws -> Double {
      let series = try ChebyshevSeries(
        values: chebpts(n, on: -1...1).map { 1 / (1 + 16 * $0 * $0) },
        on: -1...1)
      return (0...2000).map { -1 + Double($0) / 1000 }
        .map { abs(series($0) - 1 / (1 + 16 * $0 * $0)) }.max() ?? .nan
    }
    let rate = 0.25 + (1 / 16.0 + 1).squareRoot()
    for n in [20, 40, 60] {
      let measured = try pow(error(n) / error(n + 40), 1 / 40.0)
      #expect(abs(measured - rate) < 0.01 * rate)
    }
  }

  @Test func theTailTellsResolvedFromUnresolved() throws {
    #expect(try Self.series(64).tail < 1e-14)
    #expect(try Self.series(12).tail > 1e-3)
    let step = chebpts(64, on: -1...1).map { $0 > 0.2 ? 1.0 : 0 }
    #expect(try ChebyshevSeries(values: step, on: -1...1).tail > 1e-3)
    #expect(ChebyshevSeries(coefficients: [0, 0], on: -1...1).tail == 0)
  }
}
