import DenseSolvers
import Equations
import Foundation
import Networks
import Parallel
import Solutions
import Systems
import Tables

/// Counts the steps that an iteration takes to a relative error, with networks and
/// with classical approximations as the inverse.
public struct IterationStudy {
  /// Whose answer to a residual is the correction.
  public enum Inverse {
    /// That of −D² with the system's own boundary rows.
    case laplacian
    /// That of the mean matrix of some samples.
    case mean
    /// That by the operator's own factors, which a network for factors learns.
    case factors
    case network(String, Predictor)

    /// The names of those that need no training.
    public static let classicalNames = ["laplacian", "mean", "factors"]

    public init?(classical name: String) {
      switch name {
      case "laplacian": self = .laplacian
      case "mean": self = .mean
      case "factors": self = .factors
      default: return nil
      }
    }

    public var name: String {
      switch self {
      case .laplacian: "laplacian"
      case .mean: "mean"
      case .factors: "factors"
      case .network(let name, _): name
      }
    }
  }

  let source: any SystemSource
  let count: Int
  private let D: [Double]
  /// Of ‖x − u‖/‖u‖.
  private let tolerance: Double

  /// Prepares the study of the first samples of a source.
  ///
  /// - Parameters:
  ///   - source: the systems.
  ///   - equation: whose they are.
  ///   - count: how many.
  ///   - tolerance: of the relative error.
  public init(
    _ source: any SystemSource, _ equation: Equation, count: Int,
    tolerance: Double
  ) {
    self.source = source
    self.count = count
    self.tolerance = tolerance
    D = Collocation(nodes: source.n, on: equation.domain).D
  }

  /// Iterates on every sample.
  ///
  /// - Parameters:
  ///   - inverse: the approximate inverse.
  ///   - iteration: the iteration.
  ///   - cancellation: asked before every sample.
  ///   - progress: receives the number of samples done so far.
  /// - Returns: the figures; samples that have no such inverse are failures.
  /// - Throws: what the source or a network throws, `Cancelled`.
  public func run(
    _ inverse: Inverse, _ iteration: Iteration, cancellation: Cancellation,
    progress: (Int) -> Void
  ) throws -> IterationRow {
    let n = source.n
    let workspace = SystemWorkspace()
    var system = SolvedSystem(n: n)
    var (steps, singles): ([Double], [Double]) = ([], [])
    var (seconds, luSeconds) = (0.0, 0.0)
    let prepared = try prepare(inverse, workspace)
    for index in 0..<count {
      try cancellation.check()
      try source.load(index, into: &system, workspace: workspace)
      // Labels may be other solutions than the system's.
      var u = system.u
      luSeconds += try measuredSeconds {
        try DenseSolver.lu.solve(
          A: system.A, b: system.b, n: n, x: &u, workspace: workspace.solver)
      }
      func error(_ x: [Double]) -> Double {
        let error = SquaredError(x, u)
        return (error.relative ?? error.absolute).squareRoot()
      }
      var isDone = false
      var found: Iteration.Result?
      var apply: (([Double]) throws -> [Double])?
      seconds += try measuredSeconds {
        found = try Self.unlessNone {
          let applied = try self.inverse(inverse, of: system, prepared)
          apply = applied
          return try iteration.solve(
            A: system.A, b: system.b, tolerance: 0, limit: n,
            isEnough: {
              isDone = error($0) <= tolerance
              return isDone
            },
            inverse: applied)
        }
      }
      // Nothing has to be done for b = 0.
      if found?.history == [0] { isDone = true }
      let single = try Self.unlessNone { try (apply?(system.b)).map(error) }
      if let single = single ?? nil, single.isFinite { singles.append(single) }
      if isDone, let found { steps.append(Double(found.history.count - 1)) }
      progress(index + 1)
    }
    var row = row(inverse, iteration, singles, steps)
    row.failures = count - steps.count
    row.microseconds = 1e6 * seconds / Double(count)
    row.overLU = seconds / luSeconds
    return row
  }

  /// What `body` makes; nil where a system, or some residual of it, has no such
  /// inverse.
  private static func unlessNone<T>(_ body: () throws -> T) throws -> T? {
    do {
      return try body()
    } catch let error
      where error is OscillatoryOperator || error is NoOperator
      || error is SolveFailure
    { return nil }
  }

  private func row(
    _ inverse: Inverse, _ iteration: Iteration, _ singles: [Double],
    _ steps: [Double]
  ) -> IterationRow {
    var row = IterationRow()
    row.inverse = inverse.name
    row.iteration = iteration.rawValue
    row.samples = count
    if !singles.isEmpty { row.single = Distribution(singles).median }
    if !steps.isEmpty {
      row.median = Distribution(steps).median
      row.p90 = Distribution(steps).p90
      row.most = steps.max().map { Int($0) }
    }
    return row
  }

  /// What the operator's own factors take.
  ///
  /// - Throws: `NetworkError` if systems of this order have none.
  private func factorization(
    _ inverse: Inverse
  ) throws -> PolyaFactorization? {
    guard case .factors = inverse else { return nil }
    guard Encoding.factorOrders.contains(source.n) else {
      throw NetworkError.mismatch(
        "the factors take from \(Encoding.factorOrders.lowerBound) to "
          + "\(Encoding.factorOrders.upperBound) nodes, not \(source.n)")
    }
    return PolyaFactorization(nodes: source.n)
  }

  /// The mean of the first matrices, which the mean's inverse is of.
  private func meanMatrix(
    _ inverse: Inverse, _ workspace: SystemWorkspace
  ) throws -> [Double] {
    guard case .mean = inverse else { return [] }
    let n = source.n
    var system = SolvedSystem(n: n)
    var sum = [Double](repeating: 0, count: n * n)
    for index in 0..<count {
      try source.load(index, into: &system, workspace: workspace)
      for i in sum.indices { sum[i] += system.A[i] / Double(count) }
    }
    return sum
  }

  /// What an approximate inverse is made of besides a sample's matrix.
  struct Prepared {
    let mean: [Double]
    let factorization: PolyaFactorization?
  }

  func prepare(
    _ inverse: Inverse, _ workspace: SystemWorkspace
  ) throws -> Prepared {
    Prepared(
      mean: try meanMatrix(inverse, workspace),
      factorization: try factorization(inverse))
  }

  /// The approximate inverse for one system.
  func inverse(
    _ inverse: Inverse, of system: SolvedSystem, _ prepared: Prepared
  ) throws -> ([Double]) throws -> [Double] {
    let n = system.n
    switch inverse {
    case .network(_, let predictor):
      return try predictor.inverse(of: system.A)
    case .factors:
      guard let factorization = prepared.factorization else { return { $0 } }
      let fields = try factorization.fields(
        of: system.A, workspace: Workspace())
      return {
        factorization.solve(fields, A: system.A, b: $0, corrections: 1)
      }
    case .mean:
      return { try DenseSolver.lu.solve(A: prepared.mean, b: $0, n: n) }
    case .laplacian:
      var matrix = [Double](repeating: 0, count: n * n)
      for j in 0..<n {
        matrix[j * n] = system.A[j * n]
        matrix[j * n + n - 1] = system.A[j * n + n - 1]
        for i in 1..<n - 1 {
          for k in 0..<n { matrix[j * n + i] -= D[i * n + k] * D[k * n + j] }
        }
      }
      return { try DenseSolver.lu.solve(A: matrix, b: $0, n: n) }
    }
  }
}
