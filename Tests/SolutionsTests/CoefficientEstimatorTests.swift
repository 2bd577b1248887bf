import Chebyshev
import DenseSolvers
import Equations
import Foundation
import Solutions
import Systems
import Testing

/// Coefficients that are estimated from a matrix are those that it was made of.
struct CoefficientEstimatorTests {
  private let n = 32
  private let x: [Double]
  private let problem: BoundaryValueProblem

  init() {
    x = chebpts(n, on: -1...1)
    problem = BoundaryValueProblem(
      K: x.map { 3 + cos(3 * $0) }, f: x.map { _ in 1 },
      q: x.map { 2 + sin($0) }, v: x.map { 1 - 0.5 * $0 * $0 })
  }

  private func system(_ problem: BoundaryValueProblem) -> SolvedSystem {
    SolvedSystem(Collocation(nodes: n, on: -1...1).assemble(problem))
  }

  @Test func cleanMatricesGiveTheCoefficients() throws {
    let estimator = try CoefficientEstimator(nodes: n, terms: [.K, .V, .Q])
    let found = estimator.estimates(
      of: system(problem).A, workspace: Workspace())
    #expect(found.noise <= 1e-6)
    let known = [problem.K, problem.v ?? [], problem.q ?? []]
    for (estimate, values) in zip(found.estimates, known) {
      // q at the ends is in no row.
      for i in 1..<n - 1 {
        let value = values[i] / found.scale
        #expect(abs(estimate.plain[i] - value) < 1e-6, "\(i)")
        for means in estimate.means { #expect(abs(means[i] - value) < 1e-3) }
      }
    }
    // A constant K is its own scale.
    var plain = problem
    (plain.K, plain.q, plain.v) = (x.map { _ in 7 }, nil, nil)
    let own = try CoefficientEstimator(nodes: n, terms: [.K]).estimates(
      of: system(plain).A, workspace: Workspace())
    #expect(abs(own.scale - 7) < 1e-9)
  }

  /// The noise and the deviations are those of many draws.
  @Test func deviationsAreThoseOfDraws() throws {
    var plain = problem
    (plain.q, plain.v) = (nil, nil)
    let clean = system(plain)
    let estimator = try CoefficientEstimator(nodes: n, terms: [.K])
    let workspace = Workspace()
    var squares = [Double](repeating: 0, count: n)
    var deviations = squares
    var inside = 0
    let draws = 200
    for sample in 0..<draws {
      var noisy = clean
      Noise(model: .rms, target: .A, level: 0.01, seed: 8)
        .apply(to: &noisy, sample: sample)
      let found = estimator.estimates(of: noisy.A, workspace: workspace)
      #expect(abs(found.noise / 0.01 - 1) < 0.15)
      let estimate = found.estimates[0]
      for i in 0..<n {
        let value = plain.K[i] / found.scale
        squares[i] += (estimate.plain[i] - value) * (estimate.plain[i] - value)
        deviations[i] = estimate.plainDeviations[i]
        if abs(estimate.means[1][i] - value) < 2 * estimate.deviations[1][i] {
          inside += 1
        }
      }
    }
    for i in 0..<n {
      let spread = (squares[i] / Double(draws)).squareRoot()
      #expect(abs(spread / deviations[i] - 1) < 0.3, "\(i)")
    }
    #expect(Double(inside) > 0.9 * Double(draws * n))
  }

  /// No estimate is said to be one, not a guess.
  @Test func whatIsNotFiniteHasNoEstimate() throws {
    var broken = system(problem)
    broken.A[n + 3] = .infinity
    let estimator = try CoefficientEstimator(nodes: n, terms: [.K, .V])
    let found = estimator.estimates(of: broken.A, workspace: Workspace())
    for estimate in found.estimates {
      #expect(estimate.means.allSatisfy { $0.allSatisfy(\.isNaN) })
      #expect(estimate.deviations.allSatisfy { $0.allSatisfy(\.isNaN) })
    }
  }
}
