import Foundation
import TestSupport
import Testing

@testable import Equations

struct EquationSamplerTests {
  private func sampler(
    _ text: String, nodes n: Int = 9, seed: UInt64 = 1,
    overrides: [String: Double] = [:]
  ) throws -> EquationSampler {
    try EquationSampler(
      try Equation(yaml: text, path: "test.yaml"), nodes: n, seed: seed,
      overrides: overrides)
  }

  /// Diffusion with the field itself in place of f.
  private func fieldText() throws -> String {
    try Equation.load("diffusion").source.replacingOccurrences(
      of: "f: (1 - beta) + beta * r", with: "f: r")
  }

  // MARK: Determinism

  /// The values are printed by `Golden/samples.py`.
  @Test(arguments: [
    (
      0,
      [0.3842816435037751, 0.06707970322361824, 0.5061203371701171],
      [0.22419841136510835, 1.331087481083922, 2.5055818780941017]
    ),
    (
      123_456_789_012,
      [0.5526174383864555, 0.3677555810961853, 0.27541916069051425],
      [0.47739256632904253, 0.825116296777816, 1.7732330915146728]
    ),
  ])
  func goldenSamples(index: Int, parameters: [Double], r: [Double]) throws {
    let sample = try sampler(try fieldText(), nodes: 3, seed: 2024)
      .sample(index)
    #expect(sample.index == index)
    #expect(relativeError(sample.parameters, parameters) < 1e-15)
    #expect(relativeError(sample.f, r) < 1e-13)
  }

  @Test func aSampleDependsOnItsIndexAlone() throws {
    let equation = try Equation.load("advection-reaction-diffusion")
    let first = try EquationSampler(equation, nodes: 16, seed: 3)
    let inOrder = try (0..<20).map { try first.sample($0) }
    let second = try EquationSampler(equation, nodes: 16, seed: 3)
    for i in [19, 3, 11, 0, 3] {
      #expect(try second.sample(i) == inOrder[i])
    }
    let other = try EquationSampler(equation, nodes: 16, seed: 4)
    #expect(try other.sample(0) != inOrder[0])
    #expect(Set(inOrder.map { $0.parameters[0] }).count == 20)
  }

  @Test func threadsDoNotMatter() async throws {
    let equation = try Equation.load("advection-reaction-diffusion")
    let sampler = try EquationSampler(equation, nodes: 16, seed: 3)
    let samples = try await withThrowingTaskGroup(
      of: BoundaryValueProblem.self
    ) { group in
      for i in 0..<20 { group.addTask { try sampler.sample(i) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    for sample in samples {
      #expect(try sampler.sample(sample.index) == sample)
    }
    #expect(Set(samples.map(\.index)) == Set(0..<20))
  }

  @Test func fieldsAreFunctionsWhateverTheGrid() throws {
    // Every fourth node of 33 is a node of 9.
    let coarse = try sampler(try fieldText(), nodes: 9).sample(4)
    let fine = try sampler(try fieldText(), nodes: 33).sample(4)
    #expect(coarse.parameters == fine.parameters)
    let thinned = stride(from: 0, to: 33, by: 4).map { fine.f[$0] }
    #expect(relativeError(coarse.f, thinned) < 1e-14)
  }

  @Test func overridesLeaveTheOtherDrawsAlone() throws {
    let free = try sampler(try fieldText()).sample(7)
    let fixed = try sampler(try fieldText(), overrides: ["omega": 0.5])
      .sample(7)
    #expect(fixed.parameters == [free.parameters[0], 0.5, free.parameters[2]])
    #expect(fixed.f == free.f)
  }

  @Test func equationsOfAFamilyShareTheirDraws() throws {
    let samples = try Equation.shippedNames.prefix(3).map { name in
      try EquationSampler(try Equation.load(name), nodes: 9, seed: 1).sample(2)
    }
    for sample in samples {
      #expect(sample.K == samples[0].K && sample.f == samples[0].f)
    }
    #expect(samples[1].q != nil && samples[1].v == nil)
    #expect(samples[2].q == nil && samples[2].v != nil)
  }

  @Test func seedEquationsHaveTheirStatedCoefficients() throws {
    let equation = try Equation.load("reaction-diffusion")
    let sampler = try EquationSampler(equation, nodes: 32, seed: 9)
    let sample = try sampler.sample(0)
    let (alpha, omega) = (sample.parameters[0], sample.parameters[1])
    for (j, x) in sampler.nodes.enumerated() {
      #expect(abs(sample.K[j] - 1 - alpha * cos(2 * .pi * omega * x)) < 1e-15)
      #expect(sample.q?[j] == (x >= 3 && x <= 4.5 ? 1.0 / 3 : 0))
    }
    let moving = try Equation.load("advection-diffusion")
    let drift = try EquationSampler(moving, nodes: 8, seed: 9).sample(1)
    #expect(drift.v == [Double](repeating: drift.parameters[3], count: 8))
    #expect(sample.left == .dirichlet(0) && sample.right == .dirichlet(0))
  }

  // MARK: Checks

  @Test func KMustBePositive() throws {
    let text = equationText(
      domain: "[0, 4]", parameters: ["a: {uniform: [-1, 1]}"],
      coefficients: ["K: a + 0.1 * (x - 2)^2", "f: 1"])
    let sampler = try sampler(text, nodes: 9, seed: 1)
    var refused = 0
    for i in 0..<20 {
      do throws(EquationError) {
        let sample = try sampler.sample(i)
        #expect(sample.K.allSatisfy { $0 > 0 })
      } catch {
        refused += 1
        #expect(error.sample == i)
      }
    }
    #expect(refused > 3 && refused < 17)
  }

  @Test(arguments: [
    (
      ["K: 2.1 - x", "f: 1"],
      "test.yaml: K is -1.9 at x = 4 in sample 17; it must be positive"
    ),
    (
      ["K: x", "f: 1"],
      "test.yaml: K is 0 at x = 0 in sample 17; it must be positive"
    ),
    (
      ["K: 1", "f: 1 / (x - 2)"],
      "test.yaml: f is inf at x = 2 in sample 17; it must be finite"
    ),
    (
      ["K: 1", "f: 1", "q: log(1 - x)"],
      "test.yaml: q is nan at x = 4 in sample 17; it must be finite"
    ),
    (
      ["K: 1", "f: 1", "v: exp(1000 * x)"],
      "test.yaml: v is inf at x = 4 in sample 17; it must be finite"
    ),
  ])
  func wrongCoefficientsNameTheSample(
    coefficients: [String], expected: String
  ) throws {
    let text = equationText(domain: "[0, 4]", coefficients: coefficients)
    let sampler = try sampler(text)
    #expect(message { _ = try sampler.sample(17) } == expected)
  }

  @Test func conditionsMustConstrainTheSolution() throws {
    let text = equationText(
      parameters: ["a: {choice: [0, 1]}"],
      left: "{robin: {alpha: a, beta: 0, gamma: 1}}")
    let sampler = try sampler(text, overrides: ["a": 0])
    #expect(
      message { _ = try sampler.sample(3) }
        == "test.yaml: boundary.left: alpha and beta must not both be 0 "
        + "(sample 3)")
    let infinite = try self.sampler(
      equationText(parameters: ["a: 0"], right: "{neumann: 1 / a}"))
    #expect(
      message { _ = try infinite.sample(0) }
        == "test.yaml: boundary.right: alpha, beta and gamma must be finite, "
        + "not [0, 1, inf] (sample 0)")
  }

  @Test(arguments: [
    (
      9, ["omgea": 0.5],
      "test.yaml: parameters: unknown parameter 'omgea'; did you mean 'omega'?"
    ),
    (
      9, ["z": 0.5],
      "test.yaml: parameters: unknown parameter 'z'; expected 'omega' or 'a'"
    ),
    (
      9, ["a": .infinity],
      "test.yaml: parameters.a: expected a finite number, found inf"
    ),
    (
      2, [:],
      "test.yaml: the number of nodes must be from 3 to 4096, not 2"
    ),
  ])
  func wrongRequestsAreErrors(
    nodes: Int, overrides: [String: Double], expected: String
  ) {
    let text = equationText(parameters: ["omega: 1", "a: {uniform: [0, 1]}"])
    let found = message {
      _ = try sampler(text, nodes: nodes, overrides: overrides)
    }
    #expect(found == expected)
  }

  @Test func negativeIndicesAreErrors() throws {
    let sampler = try sampler(equationText())
    #expect(
      message { _ = try sampler.sample(-1) }
        == "test.yaml: a sample's index must not be negative: -1")
  }
}
