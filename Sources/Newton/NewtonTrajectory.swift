import DenseSolvers
import Parallel

/// The steps of Newton's method from a start to convergence.
public struct NewtonTrajectory: Sendable {
  /// x₀ to the last iterate, [steps + 1][n].
  public internal(set) var iterates: [[Double]]
  /// The steps taken, [steps][n].
  public internal(set) var steps: [[Double]] = []
  /// f of every iterate.
  public internal(set) var objectives: [Double] = []
  /// g, the gradient of fᵖ, at the start of every step, [steps][n].
  public internal(set) var gradients: [[Double]] = []
  /// Seconds of every step.
  public internal(set) var seconds: [Double] = []
  /// The largest damping of a step.
  public internal(set) var damping = 0.0
  /// Whether |f_k − f_{k+1}| came below the tolerance.
  public internal(set) var hasConverged = false
}

extension NewtonSolver {
  /// Follows Newton's method until |f_k − f_{k+1}| ≤ `tolerance`.
  ///
  /// - Parameters:
  ///   - problem: what to minimise.
  ///   - start: x₀; the problem's unless it is given.
  ///   - tolerance: of the objective.
  ///   - limit: the most steps.
  /// - Returns: the trajectory.
  /// - Throws: `SolveFailure` if a Hessian cannot be factored, or the objective is
  ///   no number in the end.
  public func minimize(
    _ problem: PNormProblem, from start: [Double]? = nil,
    tolerance: Double = 1e-5, limit: Int = 50
  ) throws(SolveFailure) -> NewtonTrajectory {
    var x = start ?? problem.start
    var trajectory = NewtonTrajectory(iterates: [x])
    let clock = ContinuousClock()
    while trajectory.steps.count < limit {
      let began = clock.now
      let (step, evaluation) = try step(problem, at: x)
      if let last = trajectory.objectives.last,
        abs(last - evaluation.objective) <= tolerance
      {
        trajectory.objectives.append(evaluation.objective)
        trajectory.hasConverged = true
        return trajectory
      }
      for i in x.indices { x[i] += step[i] }
      trajectory.objectives.append(evaluation.objective)
      trajectory.gradients.append(evaluation.gradient)
      trajectory.steps.append(step)
      trajectory.iterates.append(x)
      trajectory.seconds.append(began.duration(to: clock.now).inSeconds)
      trajectory.damping = max(trajectory.damping, damping)
    }
    let last = objective(problem, at: x)
    guard last.isFinite else { throw .nonFiniteSolution }
    trajectory.objectives.append(last)
    return trajectory
  }
}
