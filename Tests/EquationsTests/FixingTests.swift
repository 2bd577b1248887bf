import Equations
import TestSupport
import Testing

/// Equations some of whose parameters are fixed.
struct FixingTests {
  @Test(
    "Samples are those of overrides",
    arguments: Equation.shippedNames)
  func samples(_ name: String) throws {
    let equation = try Equation.load(name)
    let names = equation.parameters.map(\.name)
    for some in [names, Array(names.prefix(1)), Array(names.suffix(1))] {
      let drawn = try EquationSampler(equation, points: [], seed: 5)
        .parameters(2)
      let values = Dictionary(
        uniqueKeysWithValues: zip(names, drawn).filter {
          some.contains($0.0)
        }.map { ($0, $1 * 1.03) })
      let fixed = try equation.fixing(values)
      #expect(fixed.name == equation.name)
      for index in 0..<4 {
        let one = try EquationSampler(
          equation, nodes: 17, seed: 9, overrides: values
        ).sample(index)
        let two = try EquationSampler(fixed, nodes: 17, seed: 9).sample(index)
        #expect(one.K == two.K && one.f == two.f && one.q == two.q)
        #expect(one.v == two.v && one.w == two.w)
        #expect(one.parameters == two.parameters)
      }
    }
  }

  @Test("A parameter that there is not is named, and none leaves the law")
  func edges() throws {
    let equation = try Equation.load("diffusion")
    let error = refusal(EquationError.self) {
      _ = try equation.fixing(["gamma": 1])
    }
    #expect(error?.description.contains("'gamma'") == true)
    #expect(try equation.fixing([:]).hasLaw(of: equation))
    let flow = try Equation(
      yaml: """
        name: flow
        domain: [0, 1]
        parameters: {k: {uniform: [1, 2]}, l: {choice: [3, 4]}}
        coefficients: {K: k, f: l}
        boundary: {left: {dirichlet: 0}, right: {dirichlet: 0}}
        """, path: "flow")
    let fixed = try flow.fixing(["k": 1e-300])
    #expect(fixed.parameters[0].law == .number(1e-300))
    #expect(fixed.parameters[1] == flow.parameters[1])
  }
}
