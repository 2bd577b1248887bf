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

  public init(samples: Int, median: Double, p90: Double) {
    self.samples = samples
    self.median = median
    self.p90 = p90
  }

  /// The figures as a file has them.
  private var rounded: LabelErrors {
    func round(_ value: Double) -> Double {
      Double(DatasetLayout.text(value)) ?? value
    }
    return LabelErrors(samples: samples, median: round(median), p90: round(p90))
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
  ///   - count: how many to look at.
  ///   - threads: workers.
  ///   - cancellation: asked before every sample.
  /// - Returns: nil if there are no samples.
  /// - Throws: ``SystemError`` that names a sample that cannot be solved,
  ///   `Cancelled`.
  public static func estimate(
    _ equation: Equation, nodes: Int, seed: UInt64, samples: Range<Int>,
    count: Int = defaultCount, threads: Int,
    cancellation: Cancellation = .never
  ) throws -> LabelErrors? {
    let count = min(count, samples.count)
    guard count > 0 else { return nil }
    let source = try EquationSource(
      equation, nodes: nodes, seed: seed, count: nil)
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
        let system = try source.system(index)
        let u = try resolvedSolution(
          equation, seed: seed, index: index, tolerance: 1e-8, accepted: 1e-4)
        errors[start + part] = relativeSquaredError(
          system.u, u(chebpts(nodes, on: equation.domain)))
      }
    }
    if try ranks.any(cancellation.isRequested) { throw Cancelled() }
    let found = Distribution(try ranks.join(errors.values))
    return LabelErrors(samples: count, median: found.median, p90: found.p90)
      .rounded
  }
}

/// A sample's solution of the equation itself.
///
/// - Throws: ``SystemError`` that names the sample if it has none or the
///   tolerance is not met.
func resolvedSolution(
  _ equation: Equation, seed: UInt64, index: Int, tolerance: Double,
  accepted: Double = 0
) throws -> PiecewiseSolution {
  do {
    let problem = try ContinuousProblem(equation, seed: seed, index: index)
    let answer = try AdaptiveSolver(tolerance: tolerance).solve(problem)
    // What is known to a hundredth of the labels' own errors is known well
    // enough; a label itself is to be right.
    guard answer.isResolved || answer.error <= accepted else {
      throw SystemError.sample(
        name: equation.name, index: index,
        reason: "its solution is not resolved to "
          + NumberFormat.short.text(tolerance) + ": the estimated error is "
          + NumberFormat.short.text(answer.error))
    }
    return answer.u
  } catch let error as SingularProblem {
    throw SystemError.sample(
      name: equation.name, index: index, reason: "\(error)")
  }
}

/// A number for each part of a job, each written by whoever does the part.
private final class WorkerResults: @unchecked Sendable {
  private let start: UnsafeMutableBufferPointer<Double>

  init(count: Int) {
    start = .allocate(capacity: count)
    start.initialize(repeating: 0)
  }

  deinit { start.deallocate() }

  subscript(part: Int) -> Double {
    get { start[part] }
    set { start[part] = newValue }
  }

  var values: [Double] { Array(start) }
}
