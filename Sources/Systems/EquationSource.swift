import DenseSolvers
import Equations
import Solutions

/// Fresh samples of an equation, solved by LU as they are asked for.
public struct EquationSource: SystemSource {
  private let sampler: EquationSampler
  private let collocation: Collocation
  private let name: String
  public let identity: String
  public let count: Int?
  public let origin: SampleOrigin?

  public var n: Int { collocation.n }

  /// The samples' seed.
  var seed: UInt64 { sampler.seed }

  /// Takes the samples of an equation.
  ///
  /// - Parameters:
  ///   - equation: what to sample.
  ///   - n: the nodes of the collocation grid.
  ///   - seed: the samples' seed.
  ///   - count: the number of samples; nil is without end.
  ///   - overrides: values for parameters that are not to be drawn, by name.
  /// - Throws: `EquationError` for a number of nodes out of range or an unknown
  ///   parameter; `MemoryShortage` if there is no room for one system.
  public init(
    _ equation: Equation, nodes n: Int, seed: UInt64, count: Int?,
    overrides: [String: Double] = [:]
  ) throws {
    try equation.requireOneGrid()
    if equation.isNonlinear {
      throw EquationError(
        file: equation.path,
        message:
          "is nonlinear, and so has no linear systems; bvp solve solves it, "
          + "bvp generate makes datasets of it")
    }
    sampler = try EquationSampler(
      equation, nodes: n, seed: seed, overrides: overrides)
    try SystemMemory(order: n, threads: 1).require(for: equation.path)
    collocation = Collocation(nodes: n, on: equation.domain)
    name = equation.name
    self.count = count
    origin =
      overrides.isEmpty && equation.isAsWritten
      ? SampleOrigin(law: equation.source, seed: seed, count: count) : nil
    let extent = count.map { "\($0) samples" } ?? "fresh samples"
    identity = "\(equation.name), seed \(seed), \(extent)"
  }

  public func load(
    _ index: Int, into system: inout SolvedSystem, workspace: SystemWorkspace
  ) throws {
    try sampler.sample(index, into: &workspace.problem)
    workspace.assemble(workspace.problem, collocation, into: &system)
    do {
      try DenseSolver.lu.solve(
        A: system.A, b: system.b, n: system.n, x: &system.u,
        workspace: workspace.solver)
      _ = try GridRegularity(
        afterLU: system.A, n: system.n, on: collocation.domain,
        workspace: workspace.solver)
    } catch {
      throw SystemError.unsolvable(
        name: name, index: index, reason: "\(error)")
    }
  }

  public func rightHandSide(
    _ index: Int, draw: Int, workspace: SystemWorkspace
  ) throws -> [Double]? {
    try sampler.sample(index, rightHandSide: draw, into: &workspace.problem)
    return collocation.rightHandSide(of: workspace.problem)
  }
}
