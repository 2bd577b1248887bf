import DenseSolvers
import Equations
import Foundation
import Systems
import Tables
import TensorFiles
import TestSupport
import Testing

struct SystemSourceTests {
  /// A workspace that has seen other samples, and other equations, leaves no
  /// trace in a system.
  @Test func usedMemoryGivesTheSameBits() throws {
    let workspace = SystemWorkspace()
    for name in [
      "diffusion", "advection-reaction-diffusion", "reaction-diffusion",
      "advection-diffusion", "diffusion",
    ] {
      let source = try EquationSource(
        Equation.load(name), nodes: 20, seed: 3, count: nil)
      var system = SolvedSystem(n: 20)
      for index in [5, 0, 7] {
        try source.load(index, into: &system, workspace: workspace)
        let fresh = try source.system(index)
        #expect(system.A == fresh.A && system.b == fresh.b)
        #expect(system.u == fresh.u)
        #expect(
          relativeError(
            system.u,
            eliminate(
              LinearSystem(A: system.A, b: system.b))) < 1e-9)
      }
    }
  }

  /// The samples of a dataset are those that were drawn, whoever assembles.
  @Test func aDatasetHasTheSystemsOfItsEquation() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("data")
    let equation = try Equation.load("advection-reaction-diffusion")
    try DatasetGenerator(equation, nodes: 16, seed: 4, samples: 3..<9)
      .write(to: path)
    let file = try SafetensorsFile(path: path)
    #expect(
      try FormatArticle.missing(file.metadata.keys + file.tensors.map(\.name))
        .isEmpty)
    let dataset = try DatasetSource(DatasetReader(path: path), limit: 4)
    let fresh = try EquationSource(equation, nodes: 16, seed: 4, count: 9)
    #expect(dataset.count == 4)
    for row in 0..<4 {
      let (stored, drawn) = (
        try dataset.system(row), try fresh.system(3 + row)
      )
      #expect(stored.A == drawn.A && stored.b == drawn.b)
      #expect(stored.u == drawn.u)
    }
  }

  /// Other right-hand sides are of the operator's sample, solved, drawn anew at each
  /// visit, and the same from a file.
  @Test func rightHandSidesAreOfTheirOperator() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("data")
    let equation = try Equation.load("advection-reaction-diffusion")
    try DatasetGenerator(equation, nodes: 16, seed: 4, samples: 0..<3)
      .write(to: path)
    let sources: [any SystemSource] = [
      try EquationSource(equation, nodes: 16, seed: 4, count: 3),
      try DatasetSource(DatasetReader(path: path)),
    ]
    let rule = RightHandSides(count: 5, randomShare: 0.4)
    var drawn: [[Double]] = []
    for (source, visit) in [(sources[0], 9), (sources[1], 9), (sources[0], 10)]
    {
      let system = try source.system(2)
      let (b, u) = try rule.draw(
        from: source, 2, visit: visit, seed: 8, system,
        workspace: SystemWorkspace())
      #expect(b.count == 5 * 16 && u.count == 5 * 16)
      #expect(Array(b[..<16]) == system.b && Array(u[..<16]) == system.u)
      for k in 0..<5 {
        let own = k * 16..<(k + 1) * 16
        let A = LinearSystem(A: system.A, b: Array(b[own]))
        #expect(relativeError(Array(u[own]), eliminate(A)) < 1e-9)
        #expect(k == 0 || Array(b[own]) != system.b)
      }
      // Two are of the law: f is positive there; two are A z of f's size.
      #expect(b[17..<31].allSatisfy { $0 > 0 })
      drawn.append(b)
    }
    #expect(drawn[0] == drawn[1])
    #expect(drawn[0] != drawn[2])
  }

  /// What the operator has is not drawn again for another right-hand side, also
  /// where a parameter or a field stands in both.
  @Test func theOperatorIsNotDrawnAgain() throws {
    let equation = try Equation(
      yaml: """
        name: shared
        domain: [0, 1]
        parameters:
          a: {uniform: [1, 2]}
          c: {uniform: [1, 2]}
          g: {uniform: [1, 2]}
        fields:
          r: {log-gaussian: {sigma: 0.5, length: 0.5}}
          s: {gaussian: {sigma: 0.5, length: 0.5}}
        coefficients:
          K: a + r
          f: a * c * r + s
        boundary:
          left: {dirichlet: g}
          right: {robin: {alpha: a, beta: 1, gamma: c}}
        """, path: "shared.yaml")
    let sampler = try EquationSampler(equation, nodes: 12, seed: 5)
    var own = BoundaryValueProblem(K: [], f: [])
    var other = own
    try sampler.sample(7, into: &own)
    try sampler.sample(7, rightHandSide: 3, into: &other)
    #expect(own.K == other.K && own.f != other.f)
    #expect(own.parameters[0] == other.parameters[0])
    #expect(own.parameters[1] != other.parameters[1])
    #expect(own.right.alpha == other.right.alpha)
    #expect(own.right.gamma != other.right.gamma)
    #expect(own.left.gamma != other.left.gamma)
    try sampler.sample(7, rightHandSide: 0, into: &other)
    #expect(own.f == other.f)
  }

  @Test func columnsAscendAndResampleThroughTheSeries() throws {
    // f = x² on [0, 2] at the five nodes; K constant.
    let x = [2, 1 + 0.5.squareRoot(), 1, 1 - 0.5.squareRoot(), 0]
    let problem = BoundaryValueProblem(
      K: Array(repeating: 3, count: 5), f: x.map { $0 * $0 })
    let columns = SolutionColumns(problem, u: x, on: 0...2)
    let nodes = try columns.table(points: nil)
    #expect(nodes.columns.map(\.name) == ["x", "K", "f", "u"])
    #expect(nodes.rows.first?.first == .number(0))
    let table = try columns.table(points: 5, sample: 7)
    #expect(table.csvHeader == "sample,x,K,f,u")
    for (index, row) in table.rows.enumerated() {
      let expected = Double(index) / 2
      guard case .number(let f) = row[3], case .number(let u) = row[4] else {
        Issue.record("no numbers")
        continue
      }
      #expect(row[0] == .integer(7) && row[1] == .number(expected))
      #expect(abs(f - expected * expected) < 1e-14)
      #expect(abs(u - expected) < 1e-14)
    }
  }
}
