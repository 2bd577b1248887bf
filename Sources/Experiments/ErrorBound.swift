import DenseSolvers
import Equations
import Parallel
import Systems

/// How good anyone could be: the expected error of an estimate that is as uncertain
/// as noise and laws leave it.
///
/// With F the Fisher information of the noisy entries in the latent variables y
/// (parameters and fields of the equation file) and Λ the inverse variances of
/// their laws, no estimate of a smooth function u(y) has a covariance below
/// G (F + Λ)⁻¹ Gᵀ, G = ∂u/∂y, where u is linear and y normal: the Cramér–Rao bound
/// with the prior; van Trees (1968). Elsewhere it holds as far as these do.
public struct ErrorBound: Sendable {
  /// Its name in tables.
  public static let name = "bound"
  /// What it is told.
  public static let knowledge = "the law, the noise and the truth"

  /// Whether noise of a law has such a bound: a density with edges, or entries
  /// that are exact, tell more than any bound of this kind.
  public static func exists(for law: Noise.Law) -> Bool {
    law == .gaussian || law == .laplace
  }

  private let models: [Noise.Target: LatentModel]
  private let number: @Sendable (Int) throws -> Int

  /// Prepares the bound for samples of an equation.
  ///
  /// - Parameters:
  ///   - equation: a linear one.
  ///   - n: nodes of the grid.
  ///   - seed: of the samples.
  ///   - number: the index under the seed of each of them.
  /// - Throws: `EquationError`.
  public init(
    _ equation: Equation, nodes n: Int, seed: UInt64,
    number: @escaping @Sendable (Int) throws -> Int = { $0 }
  ) throws {
    models = try LatentModel.models(equation, nodes: n, seed: seed)
    self.number = number
  }

  /// The expected ‖û − u‖²/‖u‖² of a sample under noise; nil if u = 0.
  ///
  /// - Parameters:
  ///   - system: the sample without noise.
  ///   - index: of the sample, from 0.
  ///   - noise: what is done to it.
  ///   - workspace: memory of the calling thread.
  /// - Returns: the bound.
  /// - Throws: `EquationError`, `SolveFailure`.
  public func relativeMSE(
    of system: SolvedSystem, sample index: Int, under noise: Noise,
    workspace: SystemWorkspace
  ) throws -> Double? {
    let size = system.u.reduce(0) { $0 + $1 * $1 }
    guard size > 0 else { return nil }
    guard noise.level > 0, let model = models[noise.target] else { return 0 }
    let fit = LatentFit(model, system, noise: noise, isNoisy: false)
    let variances = try fit.variances(
      model.point(ofSample: number(index)), u: system.u,
      workspace: workspace.solver)
    return variances.reduce(0, +) / size
  }

  /// The figures of a block of samples under a noise.
  ///
  /// - Parameters:
  ///   - clean: the systems without noise.
  ///   - first: the index of the first of them.
  ///   - noise: what is done to them.
  ///   - threads: how many at a time.
  /// - Returns: the expected relative MSE of each; nil where u = 0.
  /// - Throws: as ``relativeMSE(of:sample:under:workspace:)`` does.
  func relativeMSE(
    of clean: SystemBlock, first: Int, under noise: Noise, threads: Int
  ) throws -> [Double?] {
    var values = [Double?](repeating: nil, count: clean.size)
    try values.withUnsafeMutableBufferPointer { values in
      nonisolated(unsafe) let values = values
      try parallelChunks(count: clean.size, threads: threads) { rows, _ in
        let workspace = SystemWorkspace()
        var system = SolvedSystem(n: clean.n)
        for row in rows {
          clean.load(row, into: &system, workspace: workspace)
          values[row] = try relativeMSE(
            of: system, sample: first + row, under: noise,
            workspace: workspace)
        }
      }
    }
    return values
  }
}
