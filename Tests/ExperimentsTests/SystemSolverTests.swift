import DenseSolvers
import Equations
import Systems
import TestSupport
import Testing

@testable import Experiments

struct SystemSolverTests {
  /// A solver of a file of its own, as anyone may add.
  private struct Elimination: SystemSolver, Sendable {
    let name = "elimination"
    let knowledge = "A, b"

    func solve(
      _ system: SolvedSystem, noise: NoiseKnowledge, workspace: SystemWorkspace
    ) throws -> [Double] {
      guard system.b[1] != 0 else { throw SolveFailure.singular(pivot: 1) }
      return eliminate(LinearSystem(A: system.A, b: system.b))
    }
  }

  private func block(_ count: Int) throws -> SystemBlock {
    let source = try EquationSource(
      Equation.load("diffusion"), nodes: 12, seed: 6, count: count)
    let block = SystemBlock(capacity: count, n: 12)
    try block.fill(count, threads: 2) {
      try source.load($0, into: &$1, workspace: $2)
    }
    return block
  }

  @Test func everyExactSolverOfTheCatalogueAgreesWithElimination() throws {
    let systems = try block(9)
    let context = SolverCatalogue.Context(
      try Equation.load("diffusion"), nodes: 12)
    #expect(
      SolverCatalogue.names.starts(with: DenseSolver.allCases.map(\.rawValue)))
    #expect(Set(SolverCatalogue.names).isSuperset(of: ["lu", "projection"]))
    for name in SolverCatalogue.names {
      let solver = try SolverCatalogue.solver(name, for: context)
      #expect(solver.name == name)
      #expect(
        SolverCatalogue.knowledge.contains { $0.hasSuffix(solver.knowledge) })
      guard solver.isExact || name == "projection" else { continue }
      for threads in [1, 2] {
        var x = [Double](repeating: .nan, count: 9 * 12)
        try solver.solve(
          systems, noise: { _ in .clean }, threads: threads, into: &x)
        var system = SolvedSystem(n: 12)
        for row in 0..<9 {
          systems.load(row, into: &system, workspace: SystemWorkspace())
          let expected = eliminate(LinearSystem(A: system.A, b: system.b))
          let own = Array(x[(row * 12)..<((row + 1) * 12)])
          #expect(relativeError(own, expected) < 1e-8, "\(name)")
          #expect(
            try solver.solve(
              system, noise: .clean, workspace: SystemWorkspace()) == own)
        }
      }
    }
    #expect {
      try SolverCatalogue.solver("chol", for: context)
    } throws: {
      "\($0)".hasPrefix("unknown solver 'chol'; known are lu, qr")
    }
  }

  @Test func aSystemThatFailsStopsNoOther() throws {
    let systems = try block(5)
    systems.b[2 * 12 + 1] = 0
    var x = [Double](repeating: 0, count: 5 * 12)
    try Elimination().solve(
      systems, noise: { _ in .clean }, threads: 2, into: &x)
    for row in 0..<5 {
      let own = x[(row * 12)..<((row + 1) * 12)]
      #expect(own.allSatisfy { $0.isNaN } == (row == 2))
    }
  }
}
