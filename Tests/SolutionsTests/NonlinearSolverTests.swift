import Equations
import Foundation
import TestSupport
import Testing

@testable import Solutions

struct NonlinearSolverTests {
  private func solve(
    _ f: String, K: String = "1", domain: String = "[0, 1]",
    right: String = "{dirichlet: 0}", from start: String = "0"
  ) throws -> AdaptiveSolver.Answer {
    let equation = try Equation(
      yaml: equationText(
        domain: domain, coefficients: ["K: \(K)", "f: \(f)"], right: right),
      path: "test")
    let solver = NonlinearSolver(
      equation, seed: 0, index: 0, tolerance: 1e-12)
    return try solver.solve(from: solver.start(start)) { _ in }.answer
  }

  @Test func bratuHasTwoSolutions() throws {
    let lower = try solve("exp(u)")
    #expect(abs(lower.u([0.5])[0] - 0.140539214400472) < 1e-14)
    let upper = try solve("exp(u)", from: "16 * x * (1 - x)")
    #expect(abs(upper.u([0.5])[0] - 4.09146724618926) < 1e-13)
  }

  /// Problems whose values at a point the literature has.
  @Test func valuesOfTheLiterature() throws {
    let exponential = try solve("-exp(u)", domain: "[-1, 1]")
    #expect(abs(exponential.u([0])[0] + 0.368056024441433) < 1e-14)
    let troesch = try solve(
      "-5 * sinh(5 * u)", right: "{dirichlet: 1}", from: "x")
    #expect(abs(troesch.u.derivative([0])[0] / 0.0457504614063187 - 1) < 1e-11)
    let carrier = try solve(
      "-1 + 2 * (1 - x^2) * u + u^2", K: "0.01", domain: "[-1, 1]",
      from: "2 * (x^2 - 1)")
    #expect(abs(carrier.u([0])[0] + 2.402104718) < 1e-9)
  }

  /// −u″ = 2 − 10 (u − x(1 − x))³ + sin(u′ − 1 + 2x) has the solution x(1 − x).
  @Test func derivativesMayBeInTheFormula() throws {
    let answer = try solve(
      "2 - 10 * (u - x * (1 - x))^3 + sin(du - 1 + 2 * x)", from: "3 * x^2")
    for x in [0.1, 0.5, 0.8] {
      #expect(abs(answer.u([x])[0] - x * (1 - x)) < 1e-12)
    }
  }

  /// Features between the nodes of the first grids, as steps see them that are
  /// solved for to a few digits: against breakpoints that leave nothing to be found.
  @Test(arguments: [
    "q: 1 + 0.009 * u * exp(-((x - 0.2431) / 1e-3)^2)",
    "q: 1 + 0.009 * u * exp(-((x - 0.2431) / 3e-4)^2)",
    "q: u * (1 + 1e-4 * exp(-((x - 0.2431) / 1e-3)^2))",
  ])
  func aNarrowFeatureIsSeen(q: String) throws {
    func solve(_ rest: String) throws -> AdaptiveSolver.Answer {
      let equation = try Equation(
        yaml: equationText(coefficients: ["K: 1", "f: 1", q]) + rest,
        path: "test")
      let solver = NonlinearSolver(equation, seed: 0, index: 0)
      return try solver.solve(from: solver.start("0")) { _ in }.answer
    }
    let exact = try solve(
      "breakpoints: [0.2401, 0.2416, 0.2426, 0.2431, 0.2436, 0.2446, 0.2461]\n")
    let answer = try solve("")
    #expect(answer.isResolved && exact.isResolved)
    for x in [0.1, 0.2431, 0.5, 0.9] {
      #expect(
        abs(answer.u([x])[0] - exact.u([x])[0]) < 1e-10 * exact.u.scale)
    }
  }

  @Test func beyondTheFoldItSaysSo() throws {
    // Bratu's problem has no solution for λ > 3.5138.
    do {
      _ = try solve("3.6 * exp(u)")
      Issue.record("solved")
    } catch let error where error is NewtonFailure || error is SingularProblem {
      #expect("\(error)".contains("converge") || "\(error)".contains("unique"))
    }
  }

  @Test func continuationReachesWhatAGuessDoesNot() throws {
    let equation = try Equation(
      yaml: equationText(
        domain: "[-1, 1]", parameters: ["eps: 1"],
        coefficients: ["K: eps", "f: -1 + 2 * (1 - x^2) * u + u^2"]),
      path: "test")
    var solver = NonlinearSolver(
      equation, seed: 0, index: 0, overrides: ["eps": 1], tolerance: 1e-11)
    let start = try solver.start("2 * (x^2 - 1)")
    solver.overrides = [:]
    var values: [Double] = []
    let answer = try solver.solve(
      along: "eps", (1, 0.01), from: start, report: { _ in },
      arrival: { values.append($0) })
    #expect(values.first == 1 && values.last == 0.01)
    #expect(abs(answer.u([0])[0] + 2.402104718) < 1e-9)
  }

  /// Newton's method on a grid takes any solver of its systems.
  @Test func aGridGivesTheSame() throws {
    let equation = try Equation(
      yaml: equationText(coefficients: ["K: 1", "f: exp(u)"]), path: "test")
    let solver = try GridNonlinearSolver(
      equation, nodes: 33, seed: 0, tolerance: 1e-11)
    var steps: [NewtonStep] = []
    let u = try solver.solve(
      0, from: "0", by: { _, system in eliminate(system) },
      report: { step, _, _ in steps.append(step) })
    #expect(abs(u[16] - 0.140539214400472) < 1e-12)
    // Quadratic convergence.
    let corrections = steps.map(\.correction)
    #expect(corrections.count < 7)
    #expect(corrections[2] < 10 * corrections[1] * corrections[1])
  }
}
