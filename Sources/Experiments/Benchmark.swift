import Chebyshev
import Datasets
import DenseSolvers
import Equations
import Foundation
import Networks
import Newton
import Training

/// The speed of the hot paths on this machine.
///
/// Each figure is the best of several runs after two that warm up, as the
/// machine's other work only ever makes a run slower.
public struct Benchmark {
  /// One measured job.
  public struct Measurement: Sendable {
    /// What was done, such as `train`.
    public let job: String
    /// The network, solver or equation.
    public let model: String
    /// The network's parameters.
    public var parameters: Int?
    /// The network's precision.
    public var precision: Precision?
    /// Samples, systems or transforms in a run.
    public let batch: Int
    public let threads: Int
    /// The shortest run.
    public let seconds: Double
    /// Operations in a run's matrix products.
    public var flops: Double?
    /// The processor's own rate in such products, in flop/s.
    public var limit: Double?

    public var samplesPerSecond: Double { Double(batch) / seconds }
    public var flopsPerSecond: Double? { flops.map { $0 / seconds } }
    /// The share of ``limit`` that was reached.
    public var shareOfLimit: Double? {
      guard let rate = flopsPerSecond, let limit else { return nil }
      return rate / limit
    }
  }

  private let threads: Int
  private let repeats: Int

  /// Creates a benchmark.
  ///
  /// - Parameters:
  ///   - threads: threads to use.
  ///   - repeats: runs that count.
  public init(threads: Int, repeats: Int) {
    self.threads = threads
    self.repeats = repeats
  }

  private func best(_ run: () throws -> Void) rethrows -> Double {
    var shortest = Double.infinity
    for index in 0..<(repeats + 2) {
      let time = try ContinuousClock().measure(run)
      if index >= 2 { shortest = min(shortest, time / Duration.seconds(1)) }
    }
    return shortest
  }

  // MARK: Networks

  /// Measures a training step or a forward pass on random tokens.
  ///
  /// - Parameters:
  ///   - name: the model's name, for the report.
  ///   - shape: its shape.
  ///   - precision: of the operands of products.
  ///   - batch: samples in a step.
  ///   - optimizer: what a training step ends in; nil measures inference.
  /// - Returns: the measurement.
  /// - Throws: ``NetworkError`` if a primitive fails.
  public func network(
    _ name: String, _ shape: NetworkConfiguration, precision: Precision,
    batch: Int, optimizer: OptimizerKind?
  ) throws -> Measurement {
    let engine = try ComputeEngine(threads: threads)
    let network = try shape.makeNetwork(
      engine: engine, precision: precision, capacity: batch,
      isTraining: optimizer != nil)
    network.initialize(seed: 0)
    var random = CounterRandom(seed: 0, index: 0, stream: 0)
    for index in 0..<(batch * network.tokenCount) {
      network.tokens.pointer[index] = Float(random.nextNormal())
    }
    let targets = (0..<(batch * network.outputCount)).map { _ in
      Float(random.nextNormal())
    }
    let seconds: Double
    if let optimizer {
      let update = try optimizer.makeOptimizer(
        network, engine: engine, constants: AdamWConstants())
      seconds = try best {
        _ = try network.trainingPass(targets: targets, samples: batch)
        try update.step(learningRate: 1e-4, gradientScale: 1)
        network.parametersChanged()
      }
    } else {
      seconds = try best { try network.forward(samples: batch) }
    }
    let passes: Double = optimizer == nil ? 1 : 3
    return Measurement(
      job: optimizer == nil ? "infer" : "train", model: name,
      parameters: network.layout.parameterCount, precision: precision,
      batch: batch, threads: threads, seconds: seconds,
      flops: passes * Double(batch) * shape.forwardFlops,
      limit: try matmulLimit(
        engine, precision: precision, rows: max(batch, 8) * shape.n,
        inner: shape.width, columns: 4 * shape.width))
  }

  // MARK: Data

  /// Measures the sampling, assembly and solution of systems into a file.
  ///
  /// - Parameters:
  ///   - equation: what to sample.
  ///   - count: samples in a run.
  ///   - nodes: of the collocation grid.
  /// - Returns: the measurement.
  /// - Throws: what the generator throws.
  public func generate(_ equation: Equation, count: Int, nodes: Int) throws
    -> Measurement
  {
    let path = NSTemporaryDirectory() + "bench-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let generator = DatasetGenerator(
      equation, nodes: nodes, samples: 0..<count, threads: threads)
    let seconds = try best { try generator.write(to: path) }
    return Measurement(
      job: "generate", model: equation.name, batch: count, threads: threads,
      seconds: seconds)
  }

  /// Measures a classical solver on the systems of an equation.
  ///
  /// - Parameters:
  ///   - solver: the solver.
  ///   - equation: what to sample.
  ///   - count: systems in a run.
  ///   - nodes: of the collocation grid.
  /// - Returns: the measurement.
  /// - Throws: what the sampler throws.
  public func solve(
    _ solver: DenseSolver, _ equation: Equation, count: Int, nodes: Int
  ) throws -> Measurement {
    let source = try EquationSource(
      equation, nodes: nodes, seed: 0, count: count)
    let block = SystemBlock(capacity: count, n: nodes)
    try block.fill(count, threads: threads) { try source.load($0, into: &$1) }
    var x = [Double](repeating: 0, count: count * nodes)
    let seconds = best {
      _ = solveBatch(
        solver, A: block.A, b: block.b, x: &x, count: count, n: nodes,
        threads: threads)
    }
    return Measurement(
      job: "solve", model: solver.rawValue, batch: count, threads: threads,
      seconds: seconds)
  }

  /// Measures a step of Newton's method for the paper's min ‖Ax − b‖₆, A
  /// 10 000 × 60, at its starting point.
  ///
  /// - Returns: the measurement.
  /// - Throws: `SolveFailure`.
  public func newton() throws -> Measurement {
    let problem = PNormProblem(PNormProblem.Law(), seed: 0, index: 0)
    let solver = NewtonSolver(problem.law, threads: threads)
    let seconds = try best {
      _ = try solver.step(problem, at: problem.start)
    }
    return Measurement(
      job: "newton", model: "p = 6, 10000 by 60", batch: 1, threads: threads,
      seconds: seconds)
  }

  /// Measures Chebyshev transforms, values to coefficients, on one thread.
  ///
  /// - Parameters:
  ///   - count: vectors in a run.
  ///   - nodes: the length of a vector.
  /// - Returns: the measurement.
  public func transform(count: Int, nodes: Int) -> Measurement {
    let values = (0..<(count * nodes)).map { sin(Double($0)) }
    let seconds = best { _ = vals2coeffs(values, n: nodes) }
    return Measurement(
      job: "transform", model: "vals2coeffs", batch: count, threads: 1,
      seconds: seconds)
  }
}
