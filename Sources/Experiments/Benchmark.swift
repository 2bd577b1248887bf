import Chebyshev
import Equations
import Foundation
import Networks
import Newton
import Parallel
import Randomness
import Systems
import Tables
import Training

/// The speed of the hot paths on this machine.
///
/// Each figure is the best of several runs after two that warm up, as the
/// machine's other work only ever makes a run slower.
public struct Benchmark {
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
    try shortestSeconds(of: repeats, warmUp: 2, run)
  }

  // MARK: Networks

  /// Measures a training step or a forward pass on random tokens.
  ///
  /// - Parameters:
  ///   - name: the model's name, for the report.
  ///   - shape: its shape.
  ///   - precision: of the operands of products.
  ///   - batch: samples in a step.
  ///   - chunk: samples that a worker takes at a time in training.
  ///   - rightHandSides: of a sample in training, where a matrix is said of it.
  ///   - optimizer: what a training step ends in; nil measures inference.
  /// - Returns: the measurement.
  /// - Throws: `NetworkError` if a primitive fails.
  public func network(
    _ name: String, _ shape: NetworkConfiguration, precision: Precision,
    batch: Int, chunk: Int, rightHandSides: Int = 1, optimizer: OptimizerKind?
  ) throws -> BenchmarkRow {
    // Before anything else is made, which may be large as well.
    try Memory.require(
      4 * Double(batch) * Double(shape.n) * Double(shape.features),
      for: "the tokens of \(batch) samples")
    let engine = try ComputeEngine(threads: threads)
    let network = try Network(
      shape, engine: engine, precision: precision, capacity: batch,
      chunk: chunk, rightHandSides: rightHandSides,
      isTraining: optimizer != nil)
    try network.initialize(seed: 0)
    let (tokens, targets, given) = Self.randomBatch(network, batch)
    let seconds: Double
    if let optimizer {
      let phase = TrainingPhase(
        network, optimizer, constants: AdamWConstants())
      let read = network.reading(
        tokens, targets: targets.pointer, rightHandSides: given.pointer)
      seconds = try best {
        _ = try phase.pass(samples: batch, read: read)
        try phase.update(learningRate: 1e-4, gradientScale: 1)
      }
    } else {
      seconds = try best { try network.forward(tokens, samples: batch) }
    }
    var row = BenchmarkRow(
      job: optimizer == nil ? "infer" : "train", model: name, batch: batch,
      threads: threads, seconds: seconds)
    row.parameters = network.layout.parameterCount
    row.precision = precision.rawValue
    row.optimizer = optimizer?.rawValue
    let passes: Double = optimizer == nil ? 1 : 3
    let flops = passes * Double(batch) * shape.forwardFlops
    let limit = try matmulLimit(
      engine, precision: precision, rows: 8 * shape.n, inner: shape.width,
      columns: 4 * shape.width)
    row.gflops = flops / seconds / 1e9
    row.shareOfLimit = flops / seconds / limit
    return row
  }

  /// Standard normal tokens, targets and right-hand sides.
  private static func randomBatch(_ network: Network, _ samples: Int)
    -> (TokenBatch, AlignedBuffer<Float>, AlignedBuffer<Float>)
  {
    var random = CounterRandom(seed: 0, index: 0, stream: .benchmark)
    let tokens = network.makeTokens()
    for sample in 0..<samples {
      tokens.write(sample) { place in
        for index in 0..<network.tokenCount {
          place[index] = Float(random.nextNormal())
        }
      }
    }
    let targets = AlignedBuffer<Float>(count: samples * network.answerCount)
    let given = AlignedBuffer<Float>(
      count: samples * network.rightHandSideCount)
    for buffer in [targets, given] {
      for index in 0..<buffer.count {
        buffer.pointer[index] = Float(random.nextNormal())
      }
    }
    return (tokens, targets, given)
  }

  // MARK: Data

  /// Measures the sampling, assembly and solution of systems into a file.
  ///
  /// - Parameters:
  ///   - equation: what to sample.
  ///   - count: samples in a run.
  ///   - nodes: of the collocation grid.
  ///   - cancellation: asked while it samples.
  /// - Returns: the measurement.
  /// - Throws: what the generator throws.
  public func generate(
    _ equation: Equation, count: Int, nodes: Int,
    cancellation: Cancellation = .never
  ) throws -> BenchmarkRow {
    let path = NSTemporaryDirectory() + "bench-\(UUID().uuidString)"
    defer { try? FileManager.default.removeItem(atPath: path) }
    let generator = DatasetGenerator(
      equation, nodes: nodes, samples: 0..<count, threads: threads)
    let seconds = try best {
      try generator.write(to: path, cancellation: cancellation)
    }
    return BenchmarkRow(
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
  /// - Throws: what the sampler throws, `MemoryShortage`.
  public func solve(
    _ solver: any SystemSolver, _ equation: Equation, count: Int, nodes: Int
  ) throws -> BenchmarkRow {
    let source = try EquationSource(
      equation, nodes: nodes, seed: 0, count: count)
    try SystemMemory(order: nodes, threads: threads).require(
      rows: count, matrices: 1, solving: solver.bytes(order: nodes),
      for: "\(count) systems")
    let block = SystemBlock(capacity: count, n: nodes)
    try block.fill(count, threads: threads) {
      try source.load($0, into: &$1, workspace: $2)
    }
    var x = [Double](repeating: 0, count: count * nodes)
    let seconds = try best {
      try solver.solve(
        block, noise: { _ in .clean }, threads: threads, into: &x)
    }
    return BenchmarkRow(
      job: "solve", model: solver.name, batch: count, threads: threads,
      seconds: seconds)
  }

  /// Measures a step of Newton's method for the paper's min ‖Ax − b‖₆, A
  /// 10 000 × 60, at its starting point.
  ///
  /// - Returns: the measurement.
  /// - Throws: `SolveFailure`.
  public func newton() throws -> BenchmarkRow {
    let problem = PNormProblem(PNormProblem.Law(), seed: 0, index: 0)
    let solver = NewtonSolver(problem.law, threads: threads)
    let seconds = try best {
      _ = try solver.step(problem, at: problem.start)
    }
    return BenchmarkRow(
      job: "newton", model: "p = 6, 10000 by 60", batch: 1, threads: threads,
      seconds: seconds)
  }

  /// Measures Chebyshev transforms, values to coefficients, on one thread.
  ///
  /// - Parameters:
  ///   - count: vectors in a run.
  ///   - nodes: the length of a vector.
  /// - Returns: the measurement.
  /// - Throws: `MemoryShortage`, `TransformFailure`.
  public func transform(count: Int, nodes: Int) throws -> BenchmarkRow {
    try Memory.require(
      24 * Double(count) * Double(nodes),
      for: "a transform of \(count) vectors of \(nodes) numbers")
    let values = (0..<(count * nodes)).map { sin(Double($0)) }
    let seconds = try best { _ = try vals2coeffs(values, n: nodes) }
    return BenchmarkRow(
      job: "transform", model: "vals2coeffs", batch: count, threads: 1,
      seconds: seconds)
  }
}
