import Parallel
import Ranks
import Systems
import Tables

/// The errors of solvers on systems whose data are noisy and whose solutions
/// are those of the clean systems (figure 2, right, of the paper).
///
/// Every solver is given the same noisy systems. Times are wall-clock, from the
/// system in memory to its solution, over all threads; a network's include
/// encoding the tokens.
public struct Robustness {
  private let noises: [Noise]
  private let solvers: [any SystemSolver]
  private let bound: ErrorBound?
  private let threads: Int

  /// The most systems in memory at a time.
  private static let block = 128

  /// Creates the experiment.
  ///
  /// - Parameters:
  ///   - noises: the perturbations, one after another; level 0 is clean data.
  ///   - solvers: whom to compare.
  ///   - bound: what anyone could reach; nil leaves it out.
  ///   - threads: threads of the classical solvers.
  public init(
    noises: [Noise], solvers: [any SystemSolver], bound: ErrorBound? = nil,
    threads: Int
  ) {
    self.noises = noises
    self.solvers = solvers
    self.bound = bound
    self.threads = threads
  }

  /// Runs the experiment on the first `count` systems of a source.
  ///
  /// - Parameters:
  ///   - source: the clean systems with their solutions.
  ///   - count: how many to use.
  ///   - cancellation: asked between levels of noise.
  ///   - progress: receives the number of systems done.
  /// - Returns: the results by noise, and in the order of the solvers at each, the
  ///   bound last.
  /// - Throws: what the source or a network throws, `Cancelled`,
  ///   `MemoryShortage`.
  public func run(
    on source: any SystemSource, count: Int,
    cancellation: Cancellation = .never, progress: (Int) -> Void = { _ in }
  ) throws -> [RobustnessRow] {
    try Ranks.all.agree(on: [
      ("data", "\(source.identity) (\(source.contentDigest))"),
      ("equation", source.origin?.law ?? ""),
    ])
    var bounds = noises.map { _ in BoundTally() }
    var tallies = noises.map { _ in solvers.map { _ in RobustnessTally() } }
    let memory = SystemMemory(order: source.n, threads: threads)
    let capacity = min(count, memory.rows(most: Self.block))
    try memory.require(
      rows: capacity, matrices: 2,
      solving: solvers.map { $0.bytes(order: source.n) }.max() ?? 0,
      for: source.identity)
    let clean = SystemBlock(capacity: capacity, n: source.n)
    let noisy = SystemBlock(capacity: capacity, n: source.n)
    for first in stride(from: 0, to: count, by: capacity) {
      let size = min(capacity, count - first)
      try clean.fill(size, threads: threads) { row, system, workspace in
        try source.load(first + row, into: &system, workspace: workspace)
      }
      for (level, noise) in noises.enumerated() {
        try cancellation.check()
        try noisy.fill(size, threads: threads) { row, system, workspace in
          clean.load(row, into: &system, workspace: workspace)
          noise.apply(
            to: &system, sample: try source.draw(ofRow: first + row))
        }
        if let bound {
          try bounds[level].add(
            bound, of: clean, first: first, under: noise, threads: threads)
        }
        for (index, solver) in solvers.enumerated() {
          try tallies[level][index].add(
            solver, on: noisy, noise: noise, threads: threads)
        }
      }
      progress(first + size)
    }
    return noises.indices.flatMap { level in
      solvers.indices.map { index in
        tallies[level][index].row(noises[level], solvers[index])
      } + (bound == nil ? [] : [bounds[level].row(noises[level])])
    }
  }
}
