import DenseSolvers
import Foundation
import Networks
import Newton
import Training

/// Classical Newton against networks that predict its steps: objective against
/// wall time (figure 3 of the paper).
///
/// Every method starts at the problem's x₀ and stops at |f_k − f_{k+1}| ≤ the
/// tolerance, f = ‖Ax − b‖ₚ. What it takes to know that is part of its time: a
/// classical step has f for nothing, a network pays one pass over A for it, and
/// once the product Aᵀb that its tokens need.
public struct NewtonComparison {
  /// A network that predicts steps.
  public struct Contestant {
    public let name: String
    public let parameters: Int
    let network: any Network
    let encoding: Encoding

    /// A network that predicts the steps.
    ///
    /// - Throws: ``TrainingError/mismatch(_:)`` if it learned anything else.
    public init(
      _ name: String, _ checkpoint: Checkpoint, engine: ComputeEngine,
      precision: Precision, capacity: Int
    ) throws {
      guard checkpoint.encoding.kind == .iterate else {
        throw TrainingError.mismatch(
          "\(name): did not learn Newton steps")
      }
      self.name = name
      encoding = checkpoint.encoding
      network = try checkpoint.makeNetwork(
        engine: engine, precision: precision, capacity: capacity)
      parameters = checkpoint.configuration.layout.parameterCount
    }
  }

  /// An iterate of one method on one problem.
  public struct Record: Sendable {
    public let problem: Int
    public let method: String
    public let step: Int
    /// Wall time since the start.
    public let seconds: Double
    public let objective: Double
  }

  /// One method over all problems.
  public struct Summary: Sendable {
    public let method: String
    public let parameters: Int?
    public let problems: Int
    /// Means over the problems.
    public let steps: Double
    public let objective: Double
    /// The mean of f/f* − 1, f* being classical Newton's last f.
    public let excess: Double
    /// The share that stopped by the tolerance, without f growing before.
    public let converged: Double
    /// The mean wall time to the end, in milliseconds.
    public let milliseconds: Double
    /// Classical Newton's time over this one's.
    public let speedup: Double
    /// The time of a step of all problems at once, without f, for each problem,
    /// in milliseconds; a network's only.
    public let batchedMillisecondsPerStep: Double?
  }

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
  ///   - isCancelled: asked between problems; true ends the work.
  ///   - progress: receives the problems done.
  /// - Returns: all iterates and the summaries; nil if it was cancelled.
  /// - Throws: `SolveFailure`, `NetworkError`.
  public func run(
    count: Int, isCancelled: () -> Bool = { false },
    progress: (Int) -> Void = { _ in }
  ) throws -> (records: [Record], summaries: [Summary])? {
    let solver = NewtonSolver(dataset.law, threads: threads)
    var records: [Record] = []
    var ends: [String: [Bool]] = [:]
    try warmUp(solver)
    for index in 0..<count {
      if isCancelled() { return nil }
      let problem = dataset.problem(index)
      // Before each method A is in the cache and its own threads are awake:
      // whoever came before leaves neither help nor harm.
      func run(
        _ name: String, _ network: (any Network)? = nil,
        _ body: (inout Descent) throws -> Void
      ) throws {
        _ = solver.objective(problem, at: problem.start)
        try network?.forward(samples: 1)
        var descent = Descent(
          problem: problem, solver: solver, tolerance: dataset.tolerance,
          limit: limit)
        try body(&descent)
        ends[name, default: []].append(descent.hasConverged)
        records += descent.path.enumerated().map {
          Record(
            problem: index, method: name, step: $0, seconds: $1.seconds,
            objective: $1.objective)
        }
      }
      try run("newton") { try $0.classical() }
      for contestant in contestants {
        let (network, encoding) = (contestant.network, contestant.encoding)
        try run(contestant.name, network) { try $0.learned(network, encoding) }
        try run(contestant.name + " + newton", network) {
          try $0.learned(network, encoding, untilRelativeFall: 0.01)
          try $0.finish()
        }
      }
      progress(index + 1)
    }
    return (records, try summaries(records, ends, count: count))
  }

  /// Makes primitives and touches memory outside of what is timed.
  private func warmUp(_ solver: NewtonSolver) throws {
    let problem = dataset.problem(0)
    for _ in 0..<2 {
      _ = try solver.step(problem, at: problem.start)
      for contestant in contestants {
        try contestant.network.forward(samples: 1)
      }
    }
  }

  // MARK: Summaries

  private func summaries(
    _ records: [Record], _ ends: [String: [Bool]], count: Int
  ) throws -> [Summary] {
    var order: [String] = []
    var last: [String: [Record]] = [:]
    for record in records {
      if last[record.method] == nil { order.append(record.method) }
      var own = last[record.method] ?? []
      if own.last?.problem == record.problem { own.removeLast() }
      own.append(record)
      last[record.method] = own
    }
    let best = (last["newton"] ?? []).map(\.objective)
    func mean(_ values: [Double]) -> Double {
      values.reduce(0, +) / Double(max(1, values.count))
    }
    let classical = mean((last["newton"] ?? []).map(\.seconds))
    return try order.map { method in
      let own = last[method] ?? []
      let contestant = contestants.first { $0.name == method }
      let seconds = mean(own.map(\.seconds))
      return Summary(
        method: method,
        parameters: contestant?.parameters, problems: own.count,
        steps: mean(own.map { Double($0.step) }),
        objective: mean(own.map(\.objective)),
        excess: mean(zip(own, best).map { $0.objective / $1 - 1 }),
        converged: mean((ends[method] ?? []).map { $0 ? 1 : 0 }),
        milliseconds: 1e3 * seconds, speedup: classical / seconds,
        batchedMillisecondsPerStep: try contestant.map {
          try batched($0, count: count)
        })
    }
  }

  /// The time of one step of `count` problems together, per problem.
  private func batched(_ contestant: Contestant, count: Int) throws -> Double {
    let network = contestant.network
    let size = min(count, network.capacity)
    try network.forward(samples: size)
    var best = Double.infinity
    for _ in 0..<5 {
      let time = try ContinuousClock().measure {
        try network.forward(samples: size)
      }
      best = min(best, time / Duration.seconds(1))
    }
    return 1e3 * best / Double(size)
  }
}

/// Seconds spent in what was timed.
private final class Stopwatch {
  private(set) var elapsed = 0.0

  func time<T>(_ body: () throws -> T) rethrows -> T {
    let clock = ContinuousClock()
    let began = clock.now
    let result = try body()
    elapsed += began.duration(to: clock.now) / Duration.seconds(1)
    return result
  }
}

/// The descent of one method on one problem.
private struct Descent {
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
  mutating func learned(
    _ network: any Network, _ encoding: Encoding,
    untilRelativeFall share: Double = 0
  ) throws {
    let n = x.count
    let product = watch.time { problem.transposedProduct }
    var objective = watch.time { solver.objective(problem, at: x) }
    path.append((watch.elapsed, objective))
    var scales = [Double](repeating: 1, count: n)
    while path.count <= limit {
      var next = x
      try watch.time {
        encoding.encode(
          x, product, n: n, into: network.tokens.pointer, scales: &scales)
        try network.forward(samples: 1)
        for i in 0..<n {
          next[i] += Double(network.outputs.pointer[i]) / encoding.targetGain
        }
      }
      let value = watch.time { solver.objective(problem, at: next) }
      path.append((watch.elapsed, value))
      // A step upwards ends it, and is not taken.
      guard value <= objective + tolerance else { return }
      x = next
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
