import Chebyshev
import Equations
import Foundation
import TestSupport
import Testing

@testable import Solutions

struct AdaptiveSolverTests {
  private func problem(_ text: String) throws -> ContinuousProblem {
    try ContinuousProblem(
      Equation(yaml: text, path: "test"), seed: 0, index: 0)
  }

  private func solve(
    _ text: String, tolerance: Double = 1e-12
  ) throws -> AdaptiveSolver.Answer {
    try AdaptiveSolver(tolerance: tolerance).solve(problem(text))
  }

  /// −(K u′)′ = 1 on [0, 1], u = 0 at both ends, K = 1 then 10 from ½.
  @Test func diffusivityThatJumps() throws {
    let answer = try solve(
      equationText(coefficients: ["K: where(x < 0.5, 1, 10)", "f: 1"]))
    #expect(abs(answer.u([0.5])[0] - 1 / 44.0) < 1e-15)
    #expect(abs(answer.u.flux([0.0])[0] - 13 / 44.0) < 1e-14)
    #expect(answer.isResolved && answer.u.pieces.count == 2)
  }

  /// The shipped reaction-diffusion with K = f = 1, from the design's own
  /// reference; the global grid is wrong in the third digit.
  @Test func reactionThatJumps() throws {
    let equation = try Equation.load("reaction-diffusion")
    let answer = try AdaptiveSolver(tolerance: 1e-12).solve(
      ContinuousProblem(
        equation, seed: 0, index: 0,
        overrides: ["alpha": 0, "omega": 0.5, "beta": 0]))
    #expect(abs(answer.u([3.75])[0] - 3.802618788957403) < 4e-14)
    #expect(answer.u.pieces.map(\.domain) == [0...3, 3...4.5, 4.5...7.5])
  }

  /// A jump that a formula hides: where sin(x) changes sign.
  @Test func breakpointsAreFoundWhereAFormulaSwitches() throws {
    let text = equationText(
      domain: "[1, 7]",
      coefficients: ["K: where(sin(x) > 0, 1, 3)", "f: abs(x - 2.5)"])
    let points = try problem(text).breakpoints.map(\.x)
    #expect(points.count == 3)
    for (x, exact) in zip(points, [2.5, .pi, 2 * .pi]) {
      #expect(abs(x - exact) < 1e-14)
    }
    let given = text + "breakpoints: [1.5, 2.5]\n"
    #expect(try problem(given).breakpoints.map(\.x).count == 4)
  }

  @Test func theToleranceIsMetAndNoMoreIsPaidFor() throws {
    // u = sin(3x) + tanh(20(x − 0.3)).
    let text = equationText(
      coefficients: [
        "K: 1",
        "f: 9 * sin(3 * x) + 800 * tanh(20 * (x - 0.3)) "
          + "/ cosh(20 * (x - 0.3))^2",
      ], left: "{dirichlet: -\(tanh(6.0))}",
      right: "{dirichlet: \(sin(3.0) + tanh(14.0))}")
    let x = (1..<200).map { Double($0) / 200 }
    var nodes: [Int] = []
    for tolerance in [1e-4, 1e-8, 1e-12] {
      let answer = try solve(text, tolerance: tolerance)
      var error = 0.0
      for (x, u) in zip(x, answer.u(x)) {
        let exact: Double = sin(3 * x) + tanh(20 * (x - 0.3))
        error = max(error, abs(u - exact))
      }
      #expect(answer.isResolved)
      #expect(error <= tolerance)
      #expect(error <= 3 * answer.error * answer.u.scale)
      nodes.append(answer.u.nodes)
    }
    #expect(nodes == nodes.sorted() && nodes[0] < nodes[2])
  }

  /// What is refused, and the function that is to blame.
  private static let singular: [(String, String)] = [
    (
      equationText(
        coefficients: ["K: 1", "f: cos(pi * x)"],
        left: "{neumann: 0}", right: "{neumann: 0}"), "u = const"
    ),
    (
      equationText(
        domain: "[-1, 2]", coefficients: ["K: 1", "f: 1"],
        left: "{robin: {alpha: 1, beta: 1, gamma: 0}}",
        right: "{robin: {alpha: 1, beta: -2, gamma: 0}}"), "u = x"
    ),
    (
      equationText(coefficients: ["K: 1", "q: -pi^2", "f: 1"]),
      "largest at x = 0.500 and changes sign 0 times"
    ),
    (
      equationText(coefficients: ["K: 1", "q: -16 * pi^2", "f: x"]),
      "changes sign 3 times"
    ),
    (
      equationText(
        coefficients: ["K: where(x < 0.3, 1, 5)", "f: 1"],
        left: "{neumann: 0}", right: "{neumann: 0}"), "u = const"
    ),
  ]

  @Test(arguments: singular)
  func whatHasNoAnswerIsRefused(text: String, culprit: String) throws {
    do {
      _ = try solve(text)
      Issue.record("\(culprit): solved")
    } catch let error as SingularProblem {
      #expect("\(error)".contains(culprit))
    }
  }

  /// ∫u in place of a condition makes two Neumann conditions solvable.
  @Test func aMeanValueIsACondition() throws {
    let answer = try solve(
      equationText(
        coefficients: ["K: 1", "f: cos(pi * x)"], left: "{neumann: 0}",
        right: "{integral: 2}"))
    for x in [0.0, 0.3, 1] {
      let exact = cos(.pi * x) / (.pi * .pi) + 2
      #expect(abs(answer.u([x])[0] - exact) < 1e-11)
    }
  }

  /// 1 + 10⁻⁸ times the resonance: eight digits are left, and it says so.
  @Test func nearAResonanceTheEstimateGrows() throws {
    let answer = try solve(
      equationText(coefficients: ["K: 1", "q: -pi^2 * (1 + 1e-8)", "f: 1"]),
      tolerance: 1e-10)
    #expect(!answer.isResolved)
    #expect((1e-10...1e-6).contains(answer.error))
    // (cos(k(x − ½))/cos(k/2) − 1)/k², with k² = π²(1 + 10⁻⁸).
    let k = Double.pi * (1 + 1e-8).squareRoot()
    let exact = (1 / sin(-0.5 * (k - .pi)) - 1) / (k * k)
    #expect(abs(answer.u([0.5])[0] / exact - 1) < 1e-7)
  }

  /// The derivatives of formulas, of fields too, against differences.
  @Test func derivativesOfFieldsAreTheirs() throws {
    let text = equationText(
      domain: "[0, 2]",
      fields: [
        "r: {log-gaussian: {sigma: 0.5, length: 0.4}}",
        "g: {gaussian: {sigma: 1, length: 0.5}}",
      ],
      coefficients: [
        "K: 1", "f: diff(r * sin(g))", "q: diff(diff(r))", "v: r * sin(g)",
        "w: diff(r)",
      ])
    let equation = try Equation(yaml: text, path: "test")
    func sample(_ x: [Double]) throws -> BoundaryValueProblem {
      try EquationSampler(equation, points: x, seed: 3).sample(5)
    }
    let h = 1e-5
    let x = [0.2, 0.9, 1.7]
    let (low, middle, high) = (
      try sample(x.map { $0 - h }), try sample(x), try sample(x.map { $0 + h })
    )
    for i in x.indices {
      let slope = ((high.v?[i] ?? 0) - (low.v?[i] ?? 0)) / (2 * h)
      #expect(abs(slope - middle.f[i]) < 1e-7 * max(1, abs(slope)))
      let second = ((high.w?[i] ?? 0) - (low.w?[i] ?? 0)) / (2 * h)
      #expect(abs(second - (middle.q?[i] ?? 0)) < 1e-7 * max(1, abs(second)))
    }
  }
}

struct RectangularCollocationTests {
  /// Exact for polynomials of degree n − 1.
  @Test(arguments: [2, 3, 8, 33])
  func valuesAndDerivativesArePolynomials(n: Int) {
    let matrices = RectangularCollocation(nodes: n)
    let nodes = chebpts(n, on: -1...1)
    let m = n - 1
    for k in 0..<n {
      // T_k and its derivative k sin(kθ)/sin(θ).
      let values = nodes.map { cos(Double(k) * acos($0)) }
      for i in 0..<m {
        let theta = acos(matrices.points[i])
        var (value, slope) = (0.0, 0.0)
        for j in 0..<n {
          value += matrices.interpolation[j * m + i] * values[j]
          slope += matrices.differentiation[j * m + i] * values[j]
        }
        let exact = Double(k) * sin(Double(k) * theta) / sin(theta)
        #expect(abs(value - cos(Double(k) * theta)) < 1e-13)
        #expect(abs(slope - exact) < 1e-12 * Double(n * n))
      }
    }
  }
}
