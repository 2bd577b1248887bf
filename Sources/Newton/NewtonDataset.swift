import DenseSolvers
import Foundation
import TensorFiles

/// What can go wrong with a dataset of Newton trajectories.
public enum NewtonError: Error, Equatable, CustomStringConvertible {
  case file(path: String, reason: String)
  /// A problem that Newton's method failed on.
  case problem(index: Int, reason: String)
  case cancelled

  public var description: String {
    switch self {
    case .file(let path, let reason): "\(path): \(reason)"
    case .problem(let index, let reason): "problem \(index): \(reason)"
    case .cancelled: "interrupted"
    }
  }
}

/// Newton trajectories on disk, `bvp-newton/1`.
///
/// For P problems with S steps in all: `Atb` [P, n], `final` [P, n] and
/// `f_final` [P] (the last iterate and its f = ‖Ax − b‖ₚ), and for each step in
/// order of problem and time `problem` [S], `x` [S, n], `step` [S, n], `f` [S],
/// `gradient_norm` [S] (of ‖Ax − b‖ₚᵖ) and `seconds` [S], all F64. A and b are
/// rebuilt from the seed. All but `seconds` are the same bits for any number of
/// threads.
public struct NewtonDataset: Sendable {
  public static let format = "bvp-newton/1"

  public let path: String
  public let law: PNormProblem.Law
  public let seed: UInt64
  /// The index, in the seed's sequence, of the first problem.
  public let firstProblem: Int
  public let problems: Int
  public let tolerance: Double
  /// Aᵀb of every problem, [problems, n].
  public let transposedProducts: [Double]
  /// The problem of every step, counted from 0 in the file.
  public let problemOfStep: [Int]
  /// x at the start of every step, and the step, [steps, n] each.
  public let iterates: [Double]
  public let steps: [Double]
  public let objectives: [Double]
  public let seconds: [Double]

  public var n: Int { law.columns }
  public var count: Int { problemOfStep.count }

  /// Reads a dataset.
  ///
  /// - Throws: ``NewtonError/file(path:reason:)`` if it is none or its parts do
  ///   not fit together, `SafetensorsError` if the file is damaged.
  public init(path: String) throws {
    let file = try SafetensorsFile(path: path)
    func error(_ reason: String) -> NewtonError {
      .file(path: path, reason: reason)
    }
    func value(_ key: String) throws -> String {
      guard let value = file.metadata[key] else {
        throw error("metadata have no '\(key)'; are these Newton trajectories?")
      }
      return value
    }
    func number<T: LosslessStringConvertible>(_ key: String) throws -> T {
      guard let number = T(try value(key)) else {
        throw error("'\(key)' is not a number")
      }
      return number
    }
    let format = try value("format")
    guard format == Self.format else {
      throw error("'format' is '\(format)', expected '\(Self.format)'")
    }
    guard let scaling = PNormProblem.Scaling(rawValue: try value("scaling")),
      let start = PNormProblem.Start(rawValue: try value("start"))
    else { throw error("'scaling' or 'start' is unknown") }
    law = PNormProblem.Law(
      p: try number("p"), rows: try number("m"), columns: try number("n"),
      scaling: scaling, start: start)
    seed = try number("seed")
    firstProblem = try number("first_problem")
    tolerance = try number("tolerance")
    let n = law.columns
    guard n >= 2, law.rows > n, n <= 4096, law.rows <= 10_000_000 else {
      throw error("m = \(law.rows) and n = \(n) are no size of a problem")
    }
    transposedProducts = try file.doubles("Atb")
    iterates = try file.doubles("x")
    steps = try file.doubles("step")
    objectives = try file.doubles("f")
    seconds = try file.doubles("seconds")
    let owners = try file.doubles("problem")
    let problems = transposedProducts.count / n
    self.problems = problems
    self.path = path
    guard transposedProducts.count == problems * n, problems > 0,
      iterates.count == owners.count * n, steps.count == iterates.count,
      objectives.count == owners.count, seconds.count == owners.count
    else { throw error("the tensors' shapes do not fit together") }
    guard !owners.isEmpty else { throw error("has no steps") }
    problemOfStep = try owners.map { owner in
      guard let index = Int(exactly: owner), (0..<problems).contains(index)
      else { throw error("'problem' has \(owner), which is none") }
      return index
    }
    guard iterates.allSatisfy(\.isFinite), steps.allSatisfy(\.isFinite),
      transposedProducts.allSatisfy(\.isFinite)
    else { throw error("has entries that are not finite") }
  }

  /// A problem, rebuilt.
  public func problem(_ index: Int) -> PNormProblem {
    PNormProblem(law, seed: seed, index: firstProblem + index)
  }

  /// The root mean square of the entries of all steps.
  public var stepRMS: Double {
    let sum = steps.reduce(0) { $0 + $1 * $1 }
    return (sum / Double(max(1, steps.count))).squareRoot()
  }
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

  /// Writes the dataset, replacing a file at `path` in one stroke at the end.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - progress: receives the number of problems done.
  ///   - isCancelled: asked after every problem; true ends the work.
  /// - Returns: what was written.
  /// - Throws: ``NewtonError``, `SafetensorsError`.
  @discardableResult
  public func write(
    to path: String, progress: (Int) -> Void = { _ in },
    isCancelled: () -> Bool = { false }
  ) throws -> Summary {
    let solver = NewtonSolver(law, threads: threads)
    var products: [Double] = []
    var last: [Double] = []
    var lastObjectives: [Double] = []
    var firstObjectives: [Double] = []
    var owners: [Double] = []
    var iterates: [Double] = []
    var steps: [Double] = []
    var objectives: [Double] = []
    var norms: [Double] = []
    var seconds: [Double] = []
    var unconverged = 0
    var damped = 0
    for (row, index) in problems.enumerated() {
      if isCancelled() { throw NewtonError.cancelled }
      let problem = PNormProblem(law, seed: seed, index: index)
      let trajectory: NewtonTrajectory
      do {
        trajectory = try solver.minimize(
          problem, tolerance: tolerance, limit: limit)
      } catch {
        throw NewtonError.problem(index: index, reason: "\(error)")
      }
      products += problem.transposedProduct
      last += trajectory.iterates.last ?? problem.start
      firstObjectives.append(trajectory.objectives.first ?? .nan)
      lastObjectives.append(trajectory.objectives.last ?? .nan)
      for (k, step) in trajectory.steps.enumerated() {
        owners.append(Double(row))
        iterates += trajectory.iterates[k]
        steps += step
        objectives.append(trajectory.objectives[k])
        norms.append(trajectory.gradientNorms[k])
        seconds.append(trajectory.seconds[k])
      }
      unconverged += trajectory.hasConverged ? 0 : 1
      damped += trajectory.damping > 0 ? 1 : 0
      progress(row + 1)
    }
    let n = law.columns
    let P = problems.count
    let S = owners.count
    let writer = try SafetensorsWriter(
      path: path,
      tensors: [
        ("Atb", .F64, [P, n]), ("final", .F64, [P, n]), ("f_final", .F64, [P]),
        ("problem", .F64, [S]), ("x", .F64, [S, n]), ("step", .F64, [S, n]),
        ("f", .F64, [S]), ("gradient_norm", .F64, [S]), ("seconds", .F64, [S]),
      ],
      metadata: [
        "format": NewtonDataset.format, "p": "\(law.p)", "m": "\(law.rows)",
        "n": "\(law.columns)", "scaling": law.scaling.rawValue,
        "start": law.start.rawValue, "seed": "\(seed)",
        "first_problem": "\(problems.lowerBound)", "tolerance": "\(tolerance)",
        "damped": "\(damped)", "unconverged": "\(unconverged)",
      ])
    for (name, values) in [
      ("Atb", products), ("final", last), ("f_final", lastObjectives),
      ("problem", owners), ("x", iterates), ("step", steps), ("f", objectives),
      ("gradient_norm", norms), ("seconds", seconds),
    ] {
      try writer.write(name, doubles: values)
    }
    try writer.finish()
    func mean(_ values: [Double]) -> Double {
      values.reduce(0, +) / Double(max(1, values.count))
    }
    return Summary(
      problems: P, steps: S, unconverged: unconverged, damped: damped,
      objectives: (mean(firstObjectives), mean(lastObjectives)),
      millisecondsPerStep: 1e3 * mean(seconds))
  }
}
