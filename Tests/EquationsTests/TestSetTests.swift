import Chebyshev
import Foundation
import Testing

@testable import Equations

/// The test set's own truth: what is embedded, and each known solution against
/// its equation and conditions.
struct TestSetTests {
  private static let folder = URL(fileURLWithPath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appendingPathComponent("equations/tests")

  @Test func everyFileIsEmbedded() throws {
    let files = try FileManager.default.contentsOfDirectory(
      atPath: Self.folder.path)
    let names = Equation.testSetSources.map(\.name)
    #expect(files.sorted() == names.map { "\($0).yaml" }.sorted())
    for (name, text) in Equation.testSetSources {
      let file = Self.folder.appendingPathComponent("\(name).yaml")
      #expect(try String(contentsOf: file, encoding: .utf8) == text)
      let equation = try Equation.load(file.path)
      #expect(equation.name == name && equation.check != nil)
    }
  }

  /// −(K u′)′ + (v u)′ + w u′ + q u − f of the solution's formula, with exact
  /// derivatives, next to the sizes of its terms.
  @Test func everyFormulaSolvesItsEquation() throws {
    var count = 0
    for equation in try Equation.testSet() {
      guard let check = equation.check, let solution = check.solution else {
        continue
      }
      var cases: [[Double]] = [try parameters(equation, [:])]
      for (name, values) in check.values {
        cases = try values.map { try parameters(equation, [name: $0]) }
      }
      for parameters in cases {
        let (residual, size) = try residual(equation, solution, parameters)
        // Near a layer the terms are huge and cancel.
        #expect(
          residual <= 1e-9 * size, "\(equation.name) \(parameters): \(residual)"
        )
        count += 1
      }
    }
    #expect(count > 90)
  }

  private func parameters(
    _ equation: Equation, _ overrides: [String: Double]
  ) throws -> [Double] {
    try EquationSampler(equation, points: [], seed: 0, overrides: overrides)
      .parameters(0)
  }

  private func residual(
    _ equation: Equation, _ solution: Equations.Expression,
    _ parameters: [Double]
  ) throws -> (residual: Double, size: Double) {
    let domain = equation.domain
    let x = (1..<97).map {
      domain.lowerBound + (domain.upperBound - domain.lowerBound)
        * (Double($0) + 0.123) / 97.5
    }
    let slope = try #require(solution.tree.derivative(in: .x))
    let second = try #require(slope.derivative(in: .x))
    var (largest, size) = (0.0, 0.0)
    try x.withUnsafeBufferPointer { points in
      let plain = FormulaInputs(parameters: parameters, x: points)
      func values(_ tree: ExpressionTree) -> [Double] {
        plain.values(Equations.Expression(tree, parameters: parameters.count))
      }
      let (u, du, d2u) = (values(solution.tree), values(slope), values(second))
      func slopeOf(_ expression: Equations.Expression?) throws -> [Double] {
        guard let expression else { return x.map { _ in 0 } }
        return values(try #require(expression.tree.derivative(in: .x)))
      }
      var inputs = plain
      try u.withUnsafeBufferPointer { uValues in
        try du.withUnsafeBufferPointer { duValues in
          inputs.u = uValues.baseAddress
          inputs.du = duValues.baseAddress
          let c = equation.coefficients
          func of(_ expression: Equations.Expression?) -> [Double] {
            expression.map { inputs.values($0) } ?? x.map { _ in 0 }
          }
          let (K, dK) = (of(c.K), try slopeOf(c.K))
          let (v, dv) = (of(c.v), try slopeOf(c.v))
          let (w, q, f) = (of(c.w), of(c.q), of(c.f))
          for i in x.indices {
            let terms = [
              -K[i] * d2u[i], -dK[i] * du[i], v[i] * du[i], dv[i] * u[i],
              w[i] * du[i], q[i] * u[i], -f[i],
            ]
            largest = max(largest, abs(terms.reduce(0, +)))
            size = max(size, terms.map(abs).max() ?? 0)
          }
        }
      }
    }
    return (largest, size)
  }

  /// The conditions at both ends, where they are of u itself.
  @Test func everyFormulaMeetsItsConditions() throws {
    for equation in try Equation.testSet() {
      guard let check = equation.check, check.solution != nil else { continue }
      for (name, values) in check.values {
        for value in values {
          let parameters = try parameters(equation, [name: value])
          let ends = try equation.boundary(parameters: parameters)
          let known = try equation.knownSolution(
            at: [equation.domain.lowerBound, equation.domain.upperBound],
            parameters: parameters)
          let u = try #require(known)
          for (condition, u) in zip([ends.left, ends.right], u)
          where condition.alpha == 1 && condition.beta == 0 {
            let error = abs(u - condition.gamma)
            #expect(
              error <= 1e-12 * max(1, abs(u)), "\(equation.name) \(value)")
          }
        }
      }
    }
  }
}
