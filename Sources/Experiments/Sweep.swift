import Chebyshev
import DenseSolvers
import Equations
import Networks
import Parallel
import Systems
import Tables

/// A network's error where one thing differs from what it was trained on.
public struct Sweep {
  /// What is varied.
  public enum Variable: Sendable, Equatable {
    /// A parameter of the equation, inside or beyond its law.
    case parameter(String)
    /// The correlation length of all the equation's fields.
    case length
    /// The nodes of the grid that the problem is posed on. The coefficients
    /// are known as functions: the network solves at its own nodes, and its
    /// answer is resampled through its Chebyshev series.
    case nodes

    /// The variable that a name in a command or a table stands for.
    public init(_ name: String) {
      self =
        name == "length" ? .length : name == "nodes" ? .nodes : .parameter(name)
    }

    /// The name in tables.
    public var name: String {
      switch self {
      case .parameter(let name): name
      case .length: "length"
      case .nodes: "nodes"
      }
    }
  }

  private let equation: Equation
  private let variable: Variable
  private let values: [Double]
  private let networks: [(name: String, predictor: Predictor)]
  private let n: Int
  private let seed: UInt64

  /// Creates a sweep.
  ///
  /// - Parameters:
  ///   - equation: what to sample.
  ///   - variable: what to vary.
  ///   - values: its values.
  ///   - networks: whom to test, all of the same order.
  ///   - n: that order.
  ///   - seed: the samples' seed; all values share it.
  public init(
    _ equation: Equation, _ variable: Variable, values: [Double],
    networks: [(name: String, predictor: Predictor)], nodes n: Int,
    seed: UInt64
  ) {
    self.equation = equation
    self.variable = variable
    self.values = values
    self.networks = networks
    self.n = n
    self.seed = seed
  }

  /// Tests every network at every value, on `count` samples each.
  ///
  /// - Parameters:
  ///   - count: samples at a value.
  ///   - cancellation: asked between batches.
  ///   - progress: receives the number of values done.
  /// - Returns: the results.
  /// - Throws: what the sampler or a network throws, `Cancelled`.
  public func run(
    count: Int, cancellation: Cancellation = .never,
    progress: (Int) -> Void = { _ in }
  ) throws -> [SweepRow] {
    var rows: [SweepRow] = []
    for (index, value) in values.enumerated() {
      let source = try source(value, nodes: n, count: count)
      let fine =
        variable == .nodes
        ? try self.source(value, nodes: Int(value), count: count) : source
      let condition = try condition(fine, count: min(count, 100))
      for (name, predictor) in networks {
        let errors = try measure(
          predictor, source, fine, count: count, cancellation)
        var row = SweepRow()
        row.variable = variable.name
        row.value = value
        row.network = name
        row.samples = count
        row.mse = errors.mse
        row.relativeMSE = errors.relativeMSE
        row.zeros = errors.zeros
        row.failures = errors.failures
        row.condition = condition
        rows.append(row)
      }
      progress(index + 1)
    }
    return rows
  }

  private func source(_ value: Double, nodes: Int, count: Int) throws
    -> EquationSource
  {
    switch variable {
    case .parameter(let name):
      try EquationSource(
        equation, nodes: nodes, seed: seed, count: count,
        overrides: [name: value])
    case .length:
      try EquationSource(
        equation.withCorrelationLength(value), nodes: nodes, seed: seed,
        count: count)
    case .nodes:
      try EquationSource(equation, nodes: nodes, seed: seed, count: count)
    }
  }

  /// The median κ₂(A) of the problem's systems on the grid that it is posed on.
  private func condition(_ source: EquationSource, count: Int) throws -> Double
  {
    var system = SolvedSystem(n: source.n)
    let workspace = SystemWorkspace()
    let values = try (0..<count).map { index in
      try source.load(index, into: &system, workspace: workspace)
      return try conditionNumber(
        system.A, n: source.n, workspace: workspace.solver)
    }
    return Distribution(values).median
  }

  /// The errors on the grid of `fine`.
  private func measure(
    _ predictor: Predictor, _ source: EquationSource, _ fine: EquationSource,
    count: Int, _ cancellation: Cancellation
  ) throws -> EvaluationRow {
    var metrics = ErrorMetrics()
    var system = SolvedSystem(n: fine.n)
    let workspace = SystemWorkspace()
    try predictor.predict(
      SystemExamples(source), 0..<count, cancellation: cancellation
    ) { index, prediction, solution in
      guard fine.n != n else {
        metrics.add(prediction: prediction, solution: solution)
        return
      }
      try fine.load(index, into: &system, workspace: workspace)
      metrics.add(
        prediction: try resampled(prediction, to: fine.n), solution: system.u)
    }
    return metrics.row
  }

  /// Values on another number of nodes, through the Chebyshev series.
  private func resampled(_ values: [Double], to count: Int) throws -> [Double] {
    // A network's answer that is not finite has no series.
    guard values.allSatisfy(\.isFinite) else {
      return Array(repeating: .nan, count: count)
    }
    return try ChebyshevSeries(values: values, on: equation.domain)
      .values(count)
  }
}
