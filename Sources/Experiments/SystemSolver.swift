import DenseSolvers
import Networks
import Parallel
import Ranks
import Systems

/// One who solves linear systems: a classical method, an expert's fit or a
/// network.
public protocol SystemSolver {
  /// The name in tables and on the command line.
  var name: String { get }
  /// What it is told, for tables.
  var knowledge: String { get }
  /// Whether it asks how far the data may be off.
  var asksUncertainty: Bool { get }
  /// Whether its answer solves the given system to rounding, and not another one
  /// that is more to its taste.
  var isExact: Bool { get }

  /// The band around its answers; nil where it has none.
  var band: ConformalBand? { get }

  /// The bytes that solving one system of an order takes besides the system.
  func bytes(order n: Int) -> Double

  /// Solves one system, whose solution it does not look at.
  ///
  /// - Parameters:
  ///   - system: A and b.
  ///   - noise: what is known of their noise.
  ///   - workspace: memory of the calling thread.
  /// - Returns: the solution, n numbers.
  /// - Throws: `SolveFailure` where there is none, `NetworkError`.
  func solve(
    _ system: SolvedSystem, noise: NoiseKnowledge, workspace: SystemWorkspace
  ) throws -> [Double]

  /// Solves many systems; one that fails stops no other.
  ///
  /// - Parameters:
  ///   - systems: A and b of each.
  ///   - noise: what is known of a system's noise, by its row.
  ///   - threads: how many to solve at a time.
  ///   - x: receives the solutions, [size, n]; NaN where a system has none.
  /// - Throws: anything but `SolveFailure`.
  func solve(
    _ systems: SystemBlock, noise: @Sendable (Int) -> NoiseKnowledge,
    threads: Int, into x: UnsafeMutablePointer<Double>
  ) throws
}

/// What a solver may be told of the noise on a system.
public struct NoiseKnowledge: Sendable {
  /// What the noise on A is proportional to; nil where A is clean.
  public var model: Noise.Model?
  /// How far the entries may be off; nil is rounding.
  public var uncertainty: DataUncertainty?
  /// The noise itself, but for its seed; nil where nobody tells.
  public var noise: Noise?

  /// That the data are clean.
  public static let clean = NoiseKnowledge()
}

extension NoiseKnowledge {
  /// What a solver is told of a noisy system, if it asks; clean data are as good
  /// as rounding for everyone.
  public init(
    _ noise: Noise, of system: SolvedSystem, for solver: any SystemSolver
  ) {
    model = noise.target == .b ? nil : noise.model
    guard solver.asksUncertainty, noise.level > 0 else { return }
    uncertainty = noise.uncertainty(of: system)
    self.noise = noise.withoutSeed
  }
}

extension SystemSolver {
  public var asksUncertainty: Bool { false }
  public var band: ConformalBand? { nil }
  public var isExact: Bool { false }

  /// What a singular value decomposition takes.
  public func bytes(order n: Int) -> Double {
    8 * 8 * Double(n) * Double(n)
  }
}

extension SystemSolver where Self: Sendable {
  public func solve(
    _ systems: SystemBlock, noise: @Sendable (Int) -> NoiseKnowledge,
    threads: Int, into x: UnsafeMutablePointer<Double>
  ) throws {
    let n = systems.n
    nonisolated(unsafe) let x = x
    let ranks = Ranks.all
    let own = ranks.part(of: systems.size)
    try parallelChunks(count: own.count, threads: threads) { rows, _ in
      let workspace = SystemWorkspace()
      var system = SolvedSystem(n: n)
      for row in rows.map({ own.lowerBound + $0 }) {
        systems.load(row, into: &system, workspace: workspace)
        do {
          let solution = try solve(
            system, noise: noise(row), workspace: workspace)
          for i in 0..<n { x[row * n + i] = solution[i] }
        } catch is SolveFailure {
          for i in 0..<n { x[row * n + i] = .nan }
        }
      }
    }
    try ranks.share(
      UnsafeMutableBufferPointer(start: x, count: systems.size * n)
    ) {
      let rows = ranks.part(of: systems.size, for: $0)
      return (rows.lowerBound * n)..<(rows.upperBound * n)
    }
  }
}
