import Chebyshev
import DenseSolvers
import Equations
import Foundation
import Solutions
import TestSupport
import Testing

struct PolyaFactorizationTests {
  private func system(
    _ coefficients: [String], domain: String = "[-1, 1]",
    left: String = "{dirichlet: 0}", right: String = "{dirichlet: 0}",
    nodes n: Int = 48
  ) throws -> LinearSystem {
    let equation = try Equation(
      yaml: equationText(
        domain: domain, coefficients: coefficients, left: left, right: right),
      path: "test")
    return Collocation(nodes: n, on: equation.domain).assemble(
      try EquationSampler(equation, nodes: n, seed: 0).sample(0))
  }

  private func error(_ system: LinearSystem) throws -> Double {
    let n = system.n
    let factorization = PolyaFactorization(nodes: n)
    let fields = try factorization.fields(of: system.A, workspace: Workspace())
    let x = factorization.solve(fields, A: system.A, b: system.b)
    let u = try DenseSolver.lu.solve(A: system.A, b: system.b, n: n)
    let largest = u.reduce(0) { max($0, abs($1)) }
    return zip(x, u).reduce(0) { max($0, abs($1.0 - $1.1)) } / largest
  }

  /// The fields of a matrix are those of its operator.
  @Test func theFieldsAreReadOffTheMatrix() throws {
    // −u″ + u = 1 has e = cosh x / cosh 1; the domain's half width is 2.
    let half = 2.0
    let system = try self.system(
      ["K: exp(x / 4)", "f: 1", "v: cos(x)", "w: 1 + x"], domain: "[-2, 2]")
    let factorization = PolyaFactorization(nodes: 48)
    let (K, V, Q) = factorization.coefficients(of: system.A)
    let x = chebpts(48, on: -2...2)
    for i in 1..<47 {
      #expect(abs(K[i] * half * half - exp(x[i] / 4)) < 1e-9)
      #expect(abs(V[i] * half - cos(x[i]) - 1 - x[i]) < 1e-7)
      #expect(abs(Q[i] + sin(x[i])) < 1e-8)
    }
    let plain = try self.system(["K: 1", "f: 1", "q: 1"])
    let fields = try factorization.fields(
      of: plain.A, workspace: Workspace())
    for (t, value) in zip(
      chebpts(48, on: -1...1), fields.logarithmOfSolution)
    {
      #expect(abs(value - log(cosh(t) / cosh(1))) < 1e-11)
    }
  }

  /// With the true fields the answer is that of LU: exactly for diffusion, else as
  /// far as the grid resolves the fields.
  @Test(arguments: [
    (["K: 1 + 0.7 * cos(6 * x)", "f: exp(x)"], 1e-9),
    (["K: 2 + sin(3 * x)", "f: 1", "q: 3 + x"], 1e-9),
    (["K: 2 + sin(3 * x)", "f: cos(x)", "v: 2", "w: x", "q: 1"], 1e-7),
    (["K: 1", "f: 1 + x", "v: -15"], 1e-7),
  ])
  func itsInverseIsThatOfLU(_ coefficients: [String], _ tolerance: Double)
    throws
  {
    for (left, right) in [
      ("{dirichlet: 1}", "{dirichlet: -2}"),
      ("{neumann: 0.5}", "{dirichlet: 1}"),
      (
        "{robin: {alpha: 1, beta: -1, gamma: 1}}",
        "{robin: {alpha: 2, beta: 1, gamma: 0}}"
      ),
    ] {
      let found = try error(system(coefficients, left: left, right: right))
      #expect(found < tolerance, "\(coefficients) \(left): \(found)")
    }
  }

  /// Strong drifts to the right, with u given where they come from: fields that
  /// differ by e³⁰ from end to end.
  @Test(arguments: [
    ["K: 1", "f: 1", "v: 15"], ["K: 1", "f: cos(3 * x)", "w: 10 + 5 * x"],
  ])
  func strongDriftsLoseNothing(_ coefficients: [String]) throws {
    for right in ["{dirichlet: -2}", "{neumann: 0.5}"] {
      let found = try error(
        system(coefficients, left: "{dirichlet: 1}", right: right))
      #expect(found < 1e-5, "\(coefficients) \(right): \(found)")
    }
  }

  /// A jump in q, and fields that are a little wrong: a correction takes away what
  /// is rough of either.
  @Test func aCorrectionMakesRoughErrorsSmall() throws {
    let system = try self.system(
      ["K: 2 + sin(3 * x)", "f: cos(x)", "v: 1", "q: 5 * (x > 0.2)"])
    let factorization = PolyaFactorization(nodes: 48)
    var fields = try factorization.fields(
      of: system.A, workspace: Workspace())
    let u = try DenseSolver.lu.solve(A: system.A, b: system.b, n: 48)
    func error(_ corrections: Int) -> Double {
      let x = factorization.solve(
        fields, A: system.A, b: system.b, corrections: corrections)
      return zip(x, u).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    #expect(error(1) < 0.1 * error(0))
    for j in 0..<48 {
      fields.logarithmOfSolution[j] += 1e-4 * sin(Double(7 * j * j))
    }
    #expect(error(1) < 0.3 * error(0))
  }

  @Test func answersAreLinearInTheRightHandSideWhateverTheFields() throws {
    let system = try self.system(["K: 2 + sin(3 * x)", "f: 1", "v: 1"])
    let factorization = PolyaFactorization(nodes: 48)
    let t = chebpts(48, on: -1...1)
    let wrong = PolyaFields(
      logarithmOfK: t.map { cos(2 * $0) }, drift: t.map { 3 * $0 },
      logarithmOfSolution: t.map { 0.1 * sin(5 * $0) })
    let other = t.map { cos(7 * $0) }
    func solve(_ b: [Double]) -> [Double] {
      factorization.solve(wrong, A: system.A, b: b)
    }
    let sum = solve(zip(system.b, other).map { 3 * $0 - 1e6 * $1 })
    for ((a, b), c) in zip(zip(solve(system.b), solve(other)), sum) {
      #expect(abs(3 * a - 1e6 * b - c) < 1e-9 * 1e6)
    }
    // The conditions hold whatever the fields are.
    #expect(abs(sum[0] + 1e6 * other[0]) < 1e-6)
  }

  @Test func whatOscillatesIsSaidToDoSo() throws {
    let system = try self.system(["K: 1", "f: 1", "q: -9"])
    #expect(throws: OscillatoryOperator.self) {
      try PolyaFactorization(nodes: 48).fields(
        of: system.A, workspace: Workspace())
    }
    #expect(throws: NoOperator.self) {
      try PolyaFactorization(nodes: 8).fields(
        of: (0..<64).map { sin(Double($0)) }, workspace: Workspace())
    }
  }

  @Test func gaussLegendreRulesIntegratePolynomials() {
    for m in 1...12 {
      let (nodes, weights) = legpts(m)
      for degree in 0..<2 * m {
        let sum = zip(nodes, weights).reduce(0) {
          $0 + $1.1 * pow($1.0, Double(degree))
        }
        let exact = degree.isMultiple(of: 2) ? 2 / Double(degree + 1) : 0
        #expect(abs(sum - exact) < 1e-14)
      }
    }
  }
}
