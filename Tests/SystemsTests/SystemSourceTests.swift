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
