import DenseSolvers
import Systems

/// A classical method, which knows A and b and nothing else; Tikhonov and
/// truncation by the discrepancy principle also know the noise.
public struct DenseSystemSolver: SystemSolver, Sendable {
  private let solver: DenseSolver

  public init(_ solver: DenseSolver) { self.solver = solver }

  public var name: String { solver.rawValue }
  public var asksUncertainty: Bool { solver.asksUncertainty }
  public var isExact: Bool { !solver.isRegularized }
  public var knowledge: String {
    asksUncertainty ? "A, b, noise model and level" : "A, b"
  }

  public func bytes(order n: Int) -> Double {
    // LU works in place; QR has room for blocks, the others for singular
    // vectors.
    8 * (solver == .lu ? 0 : 8) * Double(n) * Double(n)
  }

  public func solve(
    _ system: SolvedSystem, noise: NoiseKnowledge, workspace: SystemWorkspace
  ) throws -> [Double] {
    var x = [Double](repeating: 0, count: system.n)
    try solver.solve(
      A: system.A, b: system.b, n: system.n, x: &x,
      workspace: workspace.solver, uncertainty: noise.uncertainty)
    return x
  }

  public func solve(
    _ systems: SystemBlock, noise: @Sendable (Int) -> NoiseKnowledge,
    threads: Int, into x: UnsafeMutablePointer<Double>
  ) throws {
    _ = try solveBatch(
      solver, A: systems.A, b: systems.b, x: x, count: systems.size,
      n: systems.n, threads: threads, uncertainty: { noise($0).uncertainty })
  }
}
