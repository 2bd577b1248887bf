import Chebyshev
import Equations
import Parallel
import Ranks
import Solutions
import Tables

/// How far the solutions on a grid, the labels of a dataset, are from those of
/// the equation itself.
///
/// Relative MSE ‖u − u*‖²/‖u*‖² at the grid's nodes, u* resolved to 10⁻⁸ in
/// relative maximum norm; below 10⁻¹⁶ it says no more than that.
public struct LabelErrors: Sendable, Equatable {
  /// How many samples it was estimated on.
  public let samples: Int
  public let median: Double
  public let p90: Double
  /// Of how many samples besides the grid has a solution, and the equation none
  /// that is found.
  public let unresolved: Int

  public init(samples: Int, median: Double, p90: Double, unresolved: Int = 0) {
    self.samples = samples
    self.median = median
    self.p90 = p90
    self.unresolved = unresolved
  }

  /// The figures as a file has them.
  private var rounded: LabelErrors {
    func round(_ value: Double) -> Double {
      Double(DatasetLayout.text(value)) ?? value
    }
    return LabelErrors(
      samples: samples, median: round(median), p90: round(p90),
      unresolved: unresolved)
  }

  /// So many samples say enough.
  public static let defaultCount = 32

  /// Estimates it on samples spread evenly over some of a seed's.
  ///
  /// Processes of a job share the work; the samples, and so the result, do not
  /// depend on their number or that of threads.
  ///
  /// - Parameters:
  ///   - equation: of the samples.
  ///   - nodes: of the grid.
  ///   - seed: of the samples.
  ///   - samples: their indices.
  ///   - contents: what the dataset holds of them.
  ///   - count: how many to look at.
  ///   - threads: workers.
  ///   - cancellation: asked before every sample.
  /// - Returns: nil if there are no samples, or the solutions are no other than
  ///   those of the equation or the steps of a method.
  /// - Throws: ``SystemError`` that names a sample that cannot be solved,
  ///   `Cancelled`.
  public static func estimate(
    _ equation: Equation, nodes: Int, seed: UInt64, samples: Range<Int>,
    _ contents: DatasetContents = DatasetContents(),
    count: Int = defaultCount, threads: Int,
    cancellation: Cancellation = .never
  ) throws -> LabelErrors? {
    let count = min(count, samples.count)
    guard count > 0, contents.labels == .grid,
      !contents.isOfSteps
    else { return nil }
    let source = try contents.source(equation, nodes: nodes, seed: seed)
    let ranks = Ranks.all
    let own = ranks.part(of: count)
    let errors = WorkerResults(count: own.count)
    let stretch = 4 * threads
    for start in stride(from: 0, to: own.count, by: stretch) {
      if cancellation.isRequested { break }
      try parallelTasks(min(stretch, own.count - start), threads: threads) {
        part, _ in
        let place = own.lowerBound + start + part
        let index = samples.lowerBound + place * samples.count / count
        var solution: [Double]?
        try source.rows(
          of: index, workspace: SystemWorkspace(), leavesOut: contents.leavesOut
        ) { solution = $0.system.u }
        errors[start + part] = .nan
        guard let solution else { return }
        do {
          let u = try resolvedSolution(
            equation, seed: seed, index: index, tolerance: 1e-8, accepted: 1e-4,
            initial: contents.newton?.initial)
          errors[start + part] = relativeSquaredError(
            solution, u(chebpts(nodes, on: equation.domain)))
        } catch SystemError.unsolvable where contents.leavesOut {
          errors[start + part] = .infinity
        }
      }
    }
    if try ranks.any(cancellation.isRequested) { throw Cancelled() }
    // Those that are left out have no error.
    let all = try ranks.join(errors.values).filter { !$0.isNaN }
    let known = all.filter(\.isFinite)
    guard !known.isEmpty else { return nil }
    let found = Distribution(known)
    return LabelErrors(
      samples: known.count, median: found.median, p90: found.p90,
      unresolved: all.count - known.count
    ).rounded
  }
}

/// A sample's solution of the equation itself; of a nonlinear one that which
/// Newton's method finds from a first guess.
///
/// - Throws: ``SystemError`` that names the sample if it has none or the
///   tolerance is not met.
func resolvedSolution(
  _ equation: Equation, seed: UInt64, index: Int, tolerance: Double,
  accepted: Double = 0, initial: String? = nil
) throws -> PiecewiseSolution {
  func unsolvable(_ reason: String) -> SystemError {
    .unsolvable(name: equation.name, index: index, reason: reason)
  }
  do {
    let answer: AdaptiveSolver.Answer
    if let initial {
      let solver = NonlinearSolver(
        equation, seed: seed, index: index, tolerance: tolerance)
      answer = try solver.solve(from: solver.start(initial)) { _ in }.answer
    } else {
      let problem = try ContinuousProblem(equation, seed: seed, index: index)
      answer = try AdaptiveSolver(tolerance: tolerance).solve(problem)
    }
    // What is known to a hundredth of the labels' own errors is known well
    // enough; a label itself is to be right.
    guard answer.isResolved || answer.error <= accepted else {
      throw unsolvable(
        "its solution is not resolved to " + NumberFormat.short.text(tolerance)
          + ": the estimated error is "
          + NumberFormat.short.text(answer.error))
    }
    return answer.u
  } catch let error as SingularProblem {
    throw unsolvable("\(error)")
  } catch let error as NewtonFailure {
    throw unsolvable("\(error)")
  }
}
