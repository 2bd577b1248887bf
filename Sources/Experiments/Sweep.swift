import Chebyshev
import DenseSolvers
import Equations
import Networks
import Training

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

    /// The name in tables.
    public var name: String {
      switch self {
      case .parameter(let name): name
      case .length: "length"
      case .nodes: "nodes"
      }
    }
  }

  /// One network at one value.
  public struct Result: Sendable {
    public let value: Double
    public let network: String
    public let samples: Int
    public let mse: Double
    public let relativeMSE: Metrics.Distribution
    /// The median 2-norm condition number of the network's systems.
    public let condition: Double
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
  ///   - isCancelled: asked between batches; true ends the work early.
  ///   - progress: receives the number of values done.
  /// - Returns: the results; nil if it was cancelled.
  /// - Throws: what the sampler or a network throws.
  public func run(
    count: Int, isCancelled: () -> Bool = { false },
    progress: (Int) -> Void = { _ in }
  ) throws -> [Result]? {
    var results: [Result] = []
    for (index, value) in values.enumerated() {
      let source = try source(value, nodes: n, count: count)
      let fine =
        variable == .nodes
        ? try self.source(value, nodes: Int(value), count: count) : source
      let condition = try condition(source, count: min(count, 100))
      for (name, predictor) in networks {
        if isCancelled() { return nil }
        let metrics = try measure(
          predictor, source, fine, count: count, isCancelled)
        guard let metrics else { return nil }
        results.append(
          Result(
            value: value, network: name, samples: count, mse: metrics.mse,
            relativeMSE: metrics.relativeMSE, condition: condition))
      }
      progress(index + 1)
    }
    return results
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

  private func condition(_ source: EquationSource, count: Int) throws -> Double
  {
    var system = SolvedSystem(n: n)
    let values = try (0..<count).map { index in
      try source.load(index, into: &system)
      return try conditionNumber(system.A, n: n)
    }
    return Metrics.Distribution(values).median
  }

  /// The errors on the grid of `fine`; nil if it was cancelled.
  private func measure(
    _ predictor: Predictor, _ source: EquationSource, _ fine: EquationSource,
    count: Int, _ isCancelled: () -> Bool
  ) throws -> Metrics? {
    var accumulator = Metrics.Accumulator()
    var system = SolvedSystem(n: fine.n)
    var isStopped = false
    try predictor.predict(
      0..<count, load: { try source.load($0, into: &$1) },
      isCancelled: {
        if isCancelled() { isStopped = true }
        return isStopped
      },
      body: { index, prediction, solution in
        guard fine.n != n else {
          accumulator.add(prediction: prediction, solution: solution)
          return
        }
        try fine.load(index, into: &system)
        accumulator.add(
          prediction: resampled(prediction, to: fine.n), solution: system.u)
      })
    return isStopped ? nil : accumulator.metrics
  }

  /// Values on another number of nodes, through the Chebyshev series.
  private func resampled(_ values: [Double], to count: Int) -> [Double] {
    ChebyshevSeries(values: values, on: equation.domain).values(count)
  }
}
