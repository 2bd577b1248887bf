import Parallel
import Tables

/// The descent of one method on one problem.
struct Descent {
  let problem: PNormProblem
  let solver: NewtonSolver
  let tolerance: Double
  let limit: Int
  private(set) var path: [(seconds: Double, objective: Double)] = []
  private(set) var hasConverged = false
  private var x: [Double] = []
  private let watch = Stopwatch()

  init(
    problem: PNormProblem, solver: NewtonSolver, tolerance: Double, limit: Int
  ) {
    self.problem = problem
    self.solver = solver
    self.tolerance = tolerance
    self.limit = limit
    x = problem.start
  }

  /// The path as rows of a result.
  func rows(problem: Int, method: String) -> [DescentRow] {
    path.enumerated().map { step, point in
      var row = DescentRow()
      row.problem = problem
      row.method = method
      row.step = step
      row.seconds = point.seconds
      row.objective = point.objective
      return row
    }
  }

  /// Newton's method from x: f(x_k) comes with the pass that makes step k.
  mutating func classical() throws {
    var previous = Double.infinity
    while path.count <= limit {
      let (step, evaluation) = try watch.time {
        try solver.step(problem, at: x)
      }
      path.append((watch.elapsed, evaluation.objective))
      if abs(previous - evaluation.objective) <= tolerance {
        hasConverged = true
        return
      }
      previous = evaluation.objective
      for i in x.indices { x[i] += step[i] }
    }
  }

  /// A network's steps until f falls by no more than the tolerance, or a share of
  /// itself; x stays at the best iterate.
  ///
  /// - Parameters:
  ///   - learner: the network.
  ///   - share: the share.
  /// - Throws: `NetworkError` if a primitive fails.
  mutating func learned(
    _ learner: NewtonComparison.Contestant, untilRelativeFall share: Double = 0
  ) throws {
    let product = watch.time { problem.transposedProduct }
    /// f, and the gradient where the network wants it, of one pass over A.
    func evaluate(_ x: [Double]) -> (objective: Double, gradient: [Double]) {
      watch.time {
        guard learner.wantsGradient else {
          return (solver.objective(problem, at: x), [])
        }
        let found = solver.evaluation(problem, at: x)
        return (found.objective, found.gradient)
      }
    }
    var (objective, gradient) = evaluate(x)
    path.append((watch.elapsed, objective))
    while path.count <= limit {
      var next = x
      try watch.time {
        try learner.step(from: x, product: product, gradient: gradient) {
          next[$0] += $1
        }
      }
      let (value, slope) = evaluate(next)
      path.append((watch.elapsed, value))
      // A step upwards ends it, and is not taken.
      guard value <= objective + tolerance else { return }
      (x, gradient) = (next, slope)
      let fall = objective - value
      objective = value
      if abs(fall) <= max(tolerance, share * value) {
        hasConverged = true
        return
      }
    }
  }

  /// Classical steps from where a network came to.
  mutating func finish() throws {
    hasConverged = false
    try classical()
  }
}
