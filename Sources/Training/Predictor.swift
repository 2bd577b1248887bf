import Networks

/// Runs a trained network over systems, a batch at a time.
public final class Predictor {
  public let network: any Network
  public let encoding: Encoding
  private let n: Int
  private var system: SolvedSystem
  private var scales: [Double]

  /// Takes a network as it is.
  ///
  /// - Parameters:
  ///   - network: the network; its weights may change between predictions.
  ///   - encoding: how it wants its tokens.
  ///   - n: the order of the systems.
  /// - Throws: ``TrainingError/mismatch(_:)`` if the network solves systems of
  ///   another order.
  public init(_ network: any Network, encoding: Encoding, n: Int) throws {
    guard network.outputCount == n,
      network.tokenCount == n * encoding.features(n)
    else {
      throw TrainingError.mismatch(
        "the network solves systems of order \(network.outputCount), "
          + "the data have order \(n)")
    }
    self.network = network
    self.encoding = encoding
    self.n = n
    system = SolvedSystem(n: n)
    scales = Array(repeating: 1, count: n)
  }

  /// A network made from a checkpoint to solve systems.
  public convenience init(
    _ checkpoint: Checkpoint, engine: ComputeEngine, precision: Precision,
    batch: Int = 16, n: Int
  ) throws {
    guard checkpoint.encoding.kind != .iterate else {
      throw TrainingError.mismatch(
        "the network learned Newton steps and solves no linear systems")
    }
    try self.init(
      checkpoint.makeNetwork(
        engine: engine, precision: precision, capacity: batch),
      encoding: checkpoint.encoding, n: n)
  }

  /// Predicts systems `indices` and hands out each prediction with what was
  /// loaded for it.
  ///
  /// - Parameters:
  ///   - indices: the systems.
  ///   - load: fills the system of an index.
  ///   - isCancelled: asked before every batch; true ends the work early.
  ///   - body: receives the index, the prediction and the solution given by
  ///     `load`, in order.
  /// - Throws: what `load` and `body` throw; ``NetworkError`` if a primitive
  ///   fails.
  public func predict(
    _ indices: Range<Int>,
    load: (Int, inout SolvedSystem) throws -> Void,
    isCancelled: () -> Bool = { false },
    body: (Int, [Double], [Double]) throws -> Void
  ) throws {
    var first = indices.lowerBound
    var solutions = [[Double]](repeating: [], count: network.capacity)
    while first < indices.upperBound, !isCancelled() {
      let count = min(network.capacity, indices.upperBound - first)
      for row in 0..<count {
        try load(first + row, &system)
        solutions[row] = system.u
        encoding.encode(
          system.A, system.b, n: n,
          into: network.tokens.pointer + row * network.tokenCount,
          scales: &scales)
      }
      try network.forward(samples: count)
      for row in 0..<count {
        let outputs = network.outputs.pointer + row * n
        let prediction = (0..<n).map {
          Double(outputs[$0]) / encoding.targetGain
        }
        try body(first + row, prediction, solutions[row])
      }
      first += count
    }
  }

  /// Solves one system.
  ///
  /// - Parameters:
  ///   - A: the matrix, n × n in column-major order, or the iterate.
  ///   - b: the right-hand side, n numbers.
  /// - Returns: the prediction, n numbers.
  /// - Throws: ``NetworkError`` if a primitive fails.
  public func predict(A: [Double], b: [Double]) throws -> [Double] {
    var result: [Double] = []
    try predict(
      0..<1,
      load: { _, system in
        system.A = A
        system.b = b
      }, body: { _, prediction, _ in result = prediction })
    return result
  }

  /// The metrics over the first `count` systems of a source.
  public func evaluate(
    _ source: any SystemSource, count: Int,
    isCancelled: () -> Bool = { false },
    progress: (Int) -> Void = { _ in }
  ) throws -> Metrics {
    var accumulator = Metrics.Accumulator()
    try predict(
      0..<count, load: { try source.load($0, into: &$1) },
      isCancelled: isCancelled,
      body: { index, prediction, solution in
        accumulator.add(prediction: prediction, solution: solution)
        progress(index + 1)
      })
    return accumulator.metrics
  }
}
