import Parallel
import Tables

/// Classical Newton against networks that predict its steps: objective against
/// wall time (figure 3 of the paper).
///
/// Every method starts at the problem's x₀ and stops at |f_k − f_{k+1}| ≤ the
/// tolerance, f = ‖Ax − b‖ₚ. What it takes to know that is part of its time: a
/// classical step has f for nothing, a network pays one pass over A for it, and
/// once the product Aᵀb that its tokens need.
public struct NewtonComparison {
  private let dataset: NewtonDataset
  private let contestants: [Contestant]
  private let threads: Int
  private let limit: Int

  /// Creates the experiment.
  ///
  /// - Parameters:
  ///   - dataset: the test problems.
  ///   - contestants: networks; classical Newton always takes part, and so does
  ///     a hybrid of each network that goes on with classical steps when a
  ///     learned one lowers f by less than one per cent.
  ///   - threads: threads of the classical method.
  ///   - limit: the most steps.
  public init(
    _ dataset: NewtonDataset, networks contestants: [Contestant], threads: Int,
    limit: Int = 50
  ) {
    self.dataset = dataset
    self.contestants = contestants
    self.threads = threads
    self.limit = limit
  }

  /// Runs every method on the first `count` problems.
  ///
  /// - Parameters:
  ///   - count: problems.
  ///   - cancellation: asked between problems.
  ///   - progress: receives the problems done.
  /// - Returns: all iterates and the summaries.
  /// - Throws: `MemoryShortage`, `SolveFailure`, `NetworkError`, `Cancelled`.
  public func run(
    count: Int, cancellation: Cancellation = .never,
    progress: (Int) -> Void = { _ in }
  ) throws -> (rows: [DescentRow], summaries: [DescentSummary]) {
    try dataset.law.requireMemory()
    let solver = NewtonSolver(dataset.law, threads: threads)
    var rows: [DescentRow] = []
    var ends: [String: [Bool]] = [:]
    try warmUp(solver)
    for index in 0..<count {
      try cancellation.check()
      let problem = dataset.problem(index)
      // Before each method A is in the cache and its own threads are awake:
      // whoever came before leaves neither help nor harm.
      func run(
        _ name: String, _ contestant: Contestant? = nil,
        _ body: (inout Descent) throws -> Void
      ) throws {
        _ = solver.objective(problem, at: problem.start)
        try contestant?.forward(samples: 1)
        var descent = Descent(
          problem: problem, solver: solver, tolerance: dataset.tolerance,
          limit: limit)
        try body(&descent)
        ends[name, default: []].append(descent.hasConverged)
        rows += descent.rows(
          problem: dataset.firstProblem + index, method: name)
      }
      try run(DescentSummary.classical) { try $0.classical() }
      for contestant in contestants {
        try run(contestant.name, contestant) { try $0.learned(contestant) }
        try run(contestant.name + " + newton", contestant) {
          try $0.learned(contestant, untilRelativeFall: 0.01)
          try $0.finish()
        }
      }
      progress(index + 1)
    }
    return (rows, try summaries(rows, ends, count: count))
  }

  /// Makes primitives and touches memory outside of what is timed.
  private func warmUp(_ solver: NewtonSolver) throws {
    let problem = dataset.problem(0)
    for _ in 0..<2 {
      _ = try solver.step(problem, at: problem.start)
      for contestant in contestants { try contestant.forward(samples: 1) }
    }
  }

  /// What the iterates tell, and what only the experiment knows.
  private func summaries(
    _ rows: [DescentRow], _ ends: [String: [Bool]], count: Int
  ) throws -> [DescentSummary] {
    try DescentSummary.summaries(rows).map { summary in
      var summary = summary
      let contestant = contestants.first { $0.name == summary.method }
      summary.parameters = contestant?.parameters
      summary.converged = mean((ends[summary.method] ?? []).map { $0 ? 1 : 0 })
      summary.batchedMillisecondsPerStep = try contestant?.batchedMilliseconds(
        problems: count)
      return summary
    }
  }
}
