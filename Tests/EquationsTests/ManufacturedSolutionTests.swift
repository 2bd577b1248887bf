import Foundation
import TestSupport
import Testing

@testable import Equations

/// Problems made to have the solution u = exp(sin x), from equation files to
/// the values at the nodes.
struct ManufacturedSolutionTests {
  /// The terms of the operator, each with the formula of what it adds to f.
  private enum Term: CaseIterable {
    case constantK, K, q, v, all

    /// K, and −(K u′)′ = −K u″ − K′ u′.
    private static let variableK = (
      "2 + cos(3 * x)",
      "-(2 + cos(3 * x)) * (cos(x)^2 - sin(x)) * exp(sin(x))"
        + " + 3 * sin(3 * x) * cos(x) * exp(sin(x))"
    )

    /// −u″.
    private static let laplacian = "(sin(x) - cos(x)^2) * exp(sin(x))"

    /// v, and (v u)′ = (v′ + v cos x) u.
    private static let velocity = (
      "1 - 2 * sin(2 * x)",
      "(-4 * cos(2 * x) + (1 - 2 * sin(2 * x)) * cos(x)) * exp(sin(x))"
    )

    /// q, and q u.
    private static let reaction = (
      "1 + x / 2", "(1 + x / 2) * exp(sin(x))"
    )

    var coefficients: [String] {
      let (K, diffusion) = Self.variableK
      let (v, advection) = Self.velocity
      let (q, decay) = Self.reaction
      return switch self {
      case .constantK: ["K: 1", "f: \(Self.laplacian)"]
      case .K: ["K: \(K)", "f: \(diffusion)"]
      case .q: ["K: 1", "f: \(Self.laplacian) + \(decay)", "q: \(q)"]
      case .v: ["K: 1", "f: \(Self.laplacian) + \(advection)", "v: \(v)"]
      case .all:
        [
          "K: \(K)", "v: \(v)", "q: \(q)",
          "f: \(diffusion) + \(advection) + \(decay)",
        ]
      }
    }
  }

  private static let domain = 0.5...4.0

  /// The conditions that u satisfies at the point `x`.
  private static func conditions(at x: Double) -> [String: String] {
    let u = exp(sin(x))
    let slope = cos(x) * u
    return [
      "dirichlet": "{dirichlet: \(u)}",
      "neumann": "{neumann: \(slope)}",
      "robin":
        "{robin: {alpha: 2, beta: -0.5, gamma: \(2 * u - 0.5 * slope)}}",
      "steep robin":
        "{robin: {alpha: 1, beta: 3, gamma: \(u + 3 * slope)}}",
    ]
  }

  /// Returns the largest error of the solution at `n` nodes over the largest
  /// value of u.
  private func error(
    _ term: Term, left: String, right: String, nodes n: Int
  ) throws -> Double {
    let ends = (Self.domain.lowerBound, Self.domain.upperBound)
    let text = equationText(
      domain: "[\(ends.0), \(ends.1)]", coefficients: term.coefficients,
      left: try #require(Self.conditions(at: ends.0)[left]),
      right: try #require(Self.conditions(at: ends.1)[right]))
    let equation = try Equation(yaml: text, path: "manufactured")
    let sampler = try EquationSampler(equation, nodes: n, seed: 0)
    let system = Collocation(nodes: n, on: equation.domain)
      .assemble(try sampler.sample(0))
    return relativeError(eliminate(system), sampler.nodes.map { exp(sin($0)) })
  }

  @Test(arguments: Term.allCases)
  private func everyTerm(_ term: Term) throws {
    let error = try error(
      term, left: "dirichlet", right: "dirichlet", nodes: 40)
    #expect(error < 1e-11)
  }

  @Test(
    arguments: ["dirichlet", "neumann", "robin", "steep robin"],
    ["dirichlet", "neumann", "robin", "steep robin"])
  func everyPairOfConditions(left: String, right: String) throws {
    // Slopes alone leave u free by a constant where there is no q.
    let error = try error(.all, left: left, right: right, nodes: 40)
    #expect(error < 1e-10)
  }

  @Test(arguments: [("dirichlet", "dirichlet"), ("robin", "neumann")])
  func convergesGeometrically(left: String, right: String) throws {
    let errors = try [8, 14, 20, 26, 32].map {
      try error(.all, left: left, right: right, nodes: $0)
    }
    #expect(errors[0] > 1e-4)
    #expect(errors[4] < 1e-9)
    for (coarse, fine) in zip(errors, errors.dropFirst()) {
      #expect(fine < coarse / 10)
    }
  }

  /// The seed's own interval, coefficient and grid: −(K u′)′ with
  /// K = 1 + α cos(2πωx), u = sin(2πx/5), whose f is written in the
  /// parameters.
  @Test func formulasSeeTheSamplesParameters() throws {
    let k = "(0.4 * pi)"
    let w = "(2 * pi * omega)"
    let text = equationText(
      domain: "[0, 7.5]",
      parameters: [
        "alpha: {uniform: [0.25, 0.75]}", "omega: {uniform: [0.01, 0.75]}",
      ],
      coefficients: [
        "K: 1 + alpha * cos(\(w) * x)",
        "f: (1 + alpha * cos(\(w) * x)) * \(k)^2 * sin(\(k) * x)"
          + " + alpha * \(w) * sin(\(w) * x) * \(k) * cos(\(k) * x)",
      ])
    let equation = try Equation(yaml: text, path: "manufactured")
    let sampler = try EquationSampler(equation, nodes: 64, seed: 11)
    let exact = sampler.nodes.map { sin(0.4 * .pi * $0) }
    let collocation = Collocation(nodes: 64, on: equation.domain)
    for i in 0..<5 {
      let system = collocation.assemble(try sampler.sample(i))
      #expect(relativeError(eliminate(system), exact) < 1e-9)
    }
  }
}
