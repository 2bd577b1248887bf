import Foundation
import TestSupport
import Testing

@testable import Equations

/// The laws of random parameters, over 4,000 samples of fixed seeds.
struct LawTests {
  private static let count = 4000

  private func draws(_ law: String) throws -> [Double] {
    let equation = try Equation(
      yaml: equationText(parameters: ["unused: {uniform: [0, 1]}", "a: \(law)"]
      ),
      path: "test.yaml")
    let sampler = try EquationSampler(equation, nodes: 3, seed: 77)
    return try (0..<Self.count).map { try sampler.sample($0).parameters[1] }
  }

  /// The Kolmogorov–Smirnov distance from U(0, 1) times √count; above 1.95 has
  /// p < 0.001.
  private func distanceFromUniform(_ values: [Double]) -> Double {
    let count = Double(values.count)
    let gaps = values.sorted().enumerated().map { k, value in
      max(abs(Double(k + 1) / count - value), abs(value - Double(k) / count))
    }
    return count.squareRoot() * (gaps.max() ?? .infinity)
  }

  @Test func uniform() throws {
    let values = try draws("{uniform: [-2, 3]}")
    #expect(values.allSatisfy { $0 >= -2 && $0 < 3 })
    #expect(distanceFromUniform(values.map { ($0 + 2) / 5 }) < 1.95)
  }

  @Test func logUniform() throws {
    let values = try draws("{log-uniform: [0.01, 100]}")
    #expect(values.allSatisfy { $0 >= 0.01 && $0 <= 100 })
    let unit = values.map { (log($0) - log(0.01)) / (log(100) - log(0.01)) }
    #expect(distanceFromUniform(unit) < 1.95)
  }

  @Test func normal() throws {
    let values = try draws("{normal: [3, 2]}")
    let unit = values.map { 0.5 * (1 + erf(($0 - 3) / (2 * 2.0.squareRoot()))) }
    #expect(distanceFromUniform(unit) < 1.95)
  }

  @Test func normalOfNoSpread() throws {
    #expect(try draws("{normal: [3, 0]}").allSatisfy { $0 == 3 })
  }

  @Test func choice() throws {
    let values = try draws("{choice: [5, 1, 2, 7]}")
    #expect(Set(values) == [5, 1, 2, 7])
    // Four standard errors of a count of probability ¼.
    for value in [5.0, 1, 2, 7] {
      let frequency = values.count { $0 == value }
      #expect(abs(Double(frequency) - 1000) < 4 * 750.0.squareRoot())
    }
  }

  @Test func number() throws {
    #expect(try draws("2.5").allSatisfy { $0 == 2.5 })
  }

  @Test func parametersAreIndependent() throws {
    let equation = try Equation(
      yaml: equationText(
        parameters: ["a: {uniform: [-1, 1]}", "b: {uniform: [-1, 1]}"]),
      path: "test.yaml")
    let sampler = try EquationSampler(equation, nodes: 3, seed: 5)
    var sum = 0.0
    for i in 0..<Self.count {
      let values = try sampler.sample(i).parameters
      sum += values[0] * values[1]
    }
    // The product has the variance 1/9.
    #expect(abs(sum) < 4 * (Double(Self.count) / 9).squareRoot())
  }
}
