import Chebyshev
import DenseSolvers
import Networks
import Training

/// The errors of solvers on systems whose data are noisy and whose solutions
/// are those of the clean systems (figure 2, right, of the paper).
///
/// Every solver is given the same noisy systems. Times are wall-clock, from the
/// system in memory to its solution, over all threads; a network's include
/// encoding the tokens.
public struct Robustness {
  /// One who solves systems.
  public enum Solver {
    /// A classical method, which knows A and b and nothing else; Tikhonov and
    /// truncation by the discrepancy principle also know the noise.
    case dense(DenseSolver)
    /// The fit of the operator's coefficients, for whom the operator's form is
    /// known.
    case projection(Projection)
    /// A network, which knows its training set besides.
    case network(name: String, Predictor)

    /// The name in tables.
    public var name: String {
      switch self {
      case .dense(let solver): solver.rawValue
      case .projection: "projection"
      case .network(let name, _): name
      }
    }

    /// What it is told, for tables.
    public var knowledge: String {
      switch self {
      case .dense(let solver):
        solver.asksUncertainty ? "A, b, noise model and level" : "A, b"
      case .projection: "A, b, form of the operator, noise model"
      case .network: "A, b, training set"
      }
    }
  }

  /// One solver at one level of noise.
  public struct Result: Sendable {
    public let noise: Noise
    public let solver: String
    /// The number of systems, failures included.
    public let samples: Int
    /// ‖û − u‖²/‖u‖² over the systems that the solver did not fail on.
    public let relativeMSE: Metrics.Distribution
    /// The median of ‖Aû − b‖/(‖A‖‖û‖ + ‖b‖) for the noisy A and b.
    public let residual: Double
    /// The medians of the parts of ‖û − u‖²/‖u‖² in the lowest quarter, the
    /// second quarter and the upper half of the Chebyshev coefficients.
    public let bands: (low: Double, middle: Double, high: Double)
    /// The median of max |û − u| at the two ends over max |u|.
    public let boundary: Double
    /// What the solver was told.
    public let knowledge: String
    /// Systems without a finite solution.
    public let failures: Int
    public let microsecondsPerSystem: Double
  }

  private let noises: [Noise]
  private let solvers: [Solver]
  private let threads: Int

  /// Systems in memory at a time.
  private static let block = 128

  /// Creates the experiment.
  ///
  /// - Parameters:
  ///   - model: what the perturbations are proportional to.
  ///   - target: what is perturbed.
  ///   - levels: the values of σ; 0 is clean data.
  ///   - seed: the noise's seed.
  ///   - solvers: whom to compare.
  ///   - threads: threads of the classical solvers.
  public init(
    model: Noise.Model, target: Noise.Target, levels: [Double], seed: UInt64,
    solvers: [Solver], threads: Int
  ) {
    noises = levels.map {
      Noise(model: model, target: target, level: $0, seed: seed)
    }
    self.solvers = solvers
    self.threads = threads
  }

  /// Runs the experiment on the first `count` systems of a source.
  ///
  /// - Parameters:
  ///   - source: the clean systems with their solutions.
  ///   - count: how many to use.
  ///   - isCancelled: asked between blocks; true ends the work early.
  ///   - progress: receives the number of systems done.
  /// - Returns: the results by level, and in the order of the solvers at each;
  ///   nil if it was cancelled.
  /// - Throws: what the source or a network throws.
  public func run(
    on source: any SystemSource, count: Int,
    isCancelled: () -> Bool = { false }, progress: (Int) -> Void = { _ in }
  ) throws -> [Result]? {
    var tallies = noises.map { _ in solvers.map { _ in Tally() } }
    let clean = SystemBlock(capacity: min(count, Self.block), n: source.n)
    let noisy = SystemBlock(capacity: min(count, Self.block), n: source.n)
    for first in stride(from: 0, to: count, by: Self.block) {
      let size = min(Self.block, count - first)
      try clean.fill(size, threads: threads) { row, system in
        try source.load(first + row, into: &system)
      }
      for (level, noise) in noises.enumerated() {
        if isCancelled() { return nil }
        try noisy.fill(size, threads: threads) { row, system in
          clean.read(row, into: &system)
          noise.apply(to: &system, sample: first + row)
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
        tallies[level][index].result(noises[level], solvers[index])
      }
    }
  }
}

/// What is counted of one solver at one level.
private struct Tally {
  private var errors: [Double] = []
  private var residuals: [Double] = []
  private var low: [Double] = []
  private var middle: [Double] = []
  private var high: [Double] = []
  private var boundary: [Double] = []
  private var failures = 0
  private var seconds = 0.0

  /// Solves every system of a block.
  mutating func add(
    _ solver: Robustness.Solver, on block: SystemBlock, noise: Noise,
    threads: Int
  ) throws {
    let n = block.n
    let clock = ContinuousClock()
    var solutions = [Double](repeating: .nan, count: block.count * n)
    let doubts =
      Self.needsUncertainty(solver, noise)
      ? block.map { noise.uncertainty(of: $0) } : nil
    let time: Duration
    switch solver {
    case .dense(let solver):
      var uncertainty: (@Sendable (Int) -> DataUncertainty)?
      if let doubts { uncertainty = { doubts[$0] } }
      time = clock.measure {
        _ = solveBatch(
          solver, A: block.A, b: block.b, x: &solutions, count: block.count,
          n: n, threads: threads, uncertainty: uncertainty)
      }
    case .projection(let projection):
      time = try clock.measure {
        solutions = try projection.solveBatch(
          block, model: noise.target == .b ? nil : noise.model,
          threads: threads)
      }
    case .network(_, let predictor):
      time = try clock.measure {
        try predictor.predict(
          0..<block.count, load: { block.read($0, into: &$1) },
          body: { row, prediction, _ in
            solutions.replaceSubrange(
              (row * n)..<((row + 1) * n), with: prediction)
          })
      }
    }
    seconds += time / Duration.seconds(1)
    for row in 0..<block.count {
      add(Array(solutions[(row * n)..<((row + 1) * n)]), on: block, row)
    }
  }

  /// Whether a solver is told how noisy the data are; clean data are as good
  /// as rounding for everyone.
  private static func needsUncertainty(
    _ solver: Robustness.Solver, _ noise: Noise
  ) -> Bool {
    guard case .dense(let solver) = solver, noise.level > 0 else {
      return false
    }
    return solver.asksUncertainty
  }

  private mutating func add(
    _ solution: [Double], on block: SystemBlock, _ row: Int
  ) {
    guard solution.allSatisfy(\.isFinite) else {
      failures += 1
      return
    }
    let n = block.n
    let u = Array(UnsafeBufferPointer(start: block.u + row * n, count: n))
    errors.append(Metrics.relativeSquaredError(solution, u))
    residuals.append(
      relativeResidual(
        A: block.A + row * n * n, b: block.b + row * n, x: solution, n: n))
    let difference = zip(solution, u).map { $0 - $1 }
    let spectrum = vals2coeffs(difference).map { $0 * $0 }
    let whole = vals2coeffs(u).reduce(0) { $0 + $1 * $1 }
    func band(_ range: Range<Int>) -> Double {
      spectrum[range].reduce(0, +) / whole
    }
    low.append(band(0..<(n / 4)))
    middle.append(band((n / 4)..<(n / 2)))
    high.append(band((n / 2)..<n))
    let largest = u.reduce(0) { max($0, abs($1)) }
    boundary.append(
      max(abs(difference[0]), abs(difference[n - 1])) / largest)
  }

  func result(_ noise: Noise, _ solver: Robustness.Solver) -> Robustness.Result
  {
    func median(_ values: [Double]) -> Double {
      Metrics.Distribution(values).median
    }
    let count = errors.count + failures
    return Robustness.Result(
      noise: noise, solver: solver.name, samples: count,
      relativeMSE: Metrics.Distribution(errors), residual: median(residuals),
      bands: (median(low), median(middle), median(high)),
      boundary: median(boundary), knowledge: solver.knowledge,
      failures: failures, microsecondsPerSystem: 1e6 * seconds / Double(count))
  }
}
