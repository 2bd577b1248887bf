import COpenBLAS
import Parallel
import Ranks
import Tables
import TensorFiles

/// A problem that Newton's method failed on.
public struct NewtonFailure: Error, Equatable, CustomStringConvertible {
  /// The problem's index under its seed.
  public let problem: Int
  public let reason: String

  public var description: String { "problem \(problem): \(reason)" }
}

/// Solves problems and writes their trajectories.
public struct NewtonGenerator: Sendable {
  /// What was written.
  public struct Summary: Sendable, Equatable {
    public let problems: Int
    public let steps: Int
    /// Problems that did not converge within the limit of steps.
    public let unconverged: Int
    /// Problems with a Hessian that had to be damped.
    public let damped: Int
    /// The mean over the problems of f at the start and at the end.
    public let objectives: (start: Double, end: Double)
    public let millisecondsPerStep: Double

    public static func == (a: Summary, b: Summary) -> Bool {
      (a.problems, a.steps, a.unconverged, a.damped)
        == (b.problems, b.steps, b.unconverged, b.damped)
    }
  }

  public let law: PNormProblem.Law
  public let seed: UInt64
  public let problems: Range<Int>
  public let tolerance: Double
  public let limit: Int
  public let threads: Int

  public init(
    _ law: PNormProblem.Law, seed: UInt64, problems: Range<Int>,
    tolerance: Double = 1e-5, limit: Int = 50, threads: Int = 1
  ) {
    self.law = law
    self.seed = seed
    self.problems = problems
    self.tolerance = tolerance
    self.limit = limit
    self.threads = threads
  }

  /// Writes the dataset, which gets its name in one stroke at the end.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - replaces: whether a file at `path` is replaced.
  ///   - cancellation: asked before every problem.
  ///   - progress: receives the number of problems done.
  /// - Returns: what was written.
  /// - Throws: `MemoryShortage`, ``NewtonFailure``, `Cancelled`, and then nothing is written;
  ///   `SafetensorsError` for the file.
  @discardableResult
  public func write(
    to path: String, replaces: Bool = true,
    cancellation: Cancellation = .never,
    progress: (Int) -> Void = { _ in }
  ) throws -> Summary {
    try law.requireMemory(problems: problems.count)
    let file = try AtomicFile(path: path, replaces: replaces)
    let solver = NewtonSolver(law, threads: threads)
    var columns = NewtonColumns()
    let ranks = Ranks.all
    let own = ranks.part(of: problems.count)
    for row in own {
      if cancellation.isRequested { break }
      let index = problems.lowerBound + row
      let problem = PNormProblem(law, seed: seed, index: index)
      do {
        columns.add(
          try solver.minimize(problem, tolerance: tolerance, limit: limit),
          of: problem, row: row)
      } catch {
        throw NewtonFailure(problem: index, reason: "\(error)")
      }
      // The others are about as far.
      progress(
        min(problems.count, (row + 1 - own.lowerBound) * ranks.size))
    }
    try cancellation.check()
    try columns.join(ranks)
    try columns.write(
      to: file,
      metadata: law.metadata.merging(
        [
          "format": FileFormat.newton.rawValue, "seed": "\(seed)",
          "first_problem": "\(problems.lowerBound)",
          "tolerance": "\(tolerance)", "damped": "\(columns.damped)",
          "unconverged": "\(columns.unconverged)",
        ], uniquingKeysWith: { first, _ in first }))
    return Summary(
      problems: problems.count, steps: columns.owners.count,
      unconverged: columns.unconverged, damped: columns.damped,
      objectives: (
        mean(columns.firstObjectives), mean(columns.lastObjectives)
      ),
      millisecondsPerStep: 1e3 * mean(columns.seconds))
  }
}

/// The tensors of a dataset as they grow, problem by problem.
private struct NewtonColumns {
  private var products: [Double] = []
  private var last: [Double] = []
  private(set) var lastObjectives: [Double] = []
  private(set) var firstObjectives: [Double] = []
  private(set) var owners: [Double] = []
  private var iterates: [Double] = []
  private var steps: [Double] = []
  private var objectives: [Double] = []
  private var gradients: [Double] = []
  private var norms: [Double] = []
  private(set) var seconds: [Double] = []
  private(set) var unconverged = 0
  private(set) var damped = 0

  /// Adds what the other processes have, in the order of the problems.
  mutating func join(_ ranks: Ranks) throws {
    guard !ranks.isAlone else { return }
    for column: WritableKeyPath<NewtonColumns, [Double]> in [
      \.products, \.last, \.lastObjectives, \.firstObjectives, \.owners,
      \.iterates, \.steps, \.objectives, \.gradients, \.norms, \.seconds,
    ] {
      self[keyPath: column] = try ranks.join(self[keyPath: column])
    }
    unconverged = try ranks.gather([unconverged]).reduce(0, +)
    damped = try ranks.gather([damped]).reduce(0, +)
  }

  mutating func add(
    _ trajectory: NewtonTrajectory, of problem: PNormProblem, row: Int
  ) {
    products += problem.transposedProduct
    last += trajectory.iterates.last ?? problem.start
    firstObjectives.append(trajectory.objectives.first ?? .nan)
    lastObjectives.append(trajectory.objectives.last ?? .nan)
    for (k, step) in trajectory.steps.enumerated() {
      owners.append(Double(row))
      iterates += trajectory.iterates[k]
      steps += step
      objectives.append(trajectory.objectives[k])
      let gradient = trajectory.gradients[k]
      gradients += gradient
      norms.append(cblas_dnrm2(Int32(gradient.count), gradient, 1))
      seconds.append(trajectory.seconds[k])
    }
    unconverged += trajectory.hasConverged ? 0 : 1
    damped += trajectory.damping > 0 ? 1 : 0
  }

  func write(to file: AtomicFile, metadata: [String: String]) throws {
    let P = lastObjectives.count
    let S = owners.count
    let n = P > 0 ? products.count / P : 0
    let tensors = [
      ("Atb", [P, n], products), ("final", [P, n], last),
      ("f_final", [P], lastObjectives), ("problem", [S], owners),
      ("x", [S, n], iterates), ("step", [S, n], steps), ("f", [S], objectives),
      ("gradient", [S, n], gradients), ("gradient_norm", [S], norms),
      ("seconds", [S], seconds),
    ]
    let writer = SafetensorsWriter(
      file, tensors: tensors.map { ($0.0, DType.F64, $0.1) },
      metadata: metadata)
    for (name, _, values) in tensors {
      try writer.write(name, doubles: values)
    }
    try writer.finish()
  }
}
