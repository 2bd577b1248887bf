import Parallel
import Ranks
import Systems
import Tables
import TensorFiles

/// Runs a trained network over examples, a batch at a time.
public final class Predictor {
  public let network: Network
  public let encoding: Encoding
  private let n: Int

  /// Takes a network as it is.
  ///
  /// - Parameters:
  ///   - network: the network; its weights may change between predictions.
  ///   - encoding: how it wants its tokens.
  ///   - n: the order of the systems.
  /// - Throws: ``NetworkError/mismatch(_:)`` if the network solves systems of
  ///   another order.
  public init(_ network: Network, encoding: Encoding, n: Int) throws {
    guard network.outputCount == n,
      network.tokenCount == n * encoding.kind.features(n)
    else {
      throw NetworkError.mismatch(
        "the network solves systems of order \(network.outputCount), "
          + "the data have order \(n)")
    }
    self.network = network
    self.encoding = encoding
    self.n = n
  }

  /// A network made from a checkpoint to solve systems.
  ///
  /// - Parameters:
  ///   - checkpoint: the network.
  ///   - engine: where it runs.
  ///   - precision: of its products.
  ///   - batch: the most systems that go through it together.
  ///   - n: the order of the systems.
  /// - Throws: ``NetworkError/mismatch(_:)`` if it learned anything else.
  public convenience init(
    _ checkpoint: Checkpoint, engine: ComputeEngine, precision: Precision,
    batch: Int = 64, n: Int
  ) throws {
    _ = try checkpoint.encoding.ofSystems()
    if !Ranks.all.isAlone {
      var digest = Digest()
      checkpoint.parameters.withUnsafeBytes { digest.add($0) }
      try Ranks.all.agree(on: [("network", digest.text)])
    }
    try self.init(
      checkpoint.makeNetwork(
        engine: engine, precision: precision, capacity: batch),
      encoding: checkpoint.encoding, n: n)
  }

  /// Predicts the answers of examples and hands out each beside the right one,
  /// in order.
  ///
  /// - Parameters:
  ///   - source: the examples.
  ///   - indices: which of them.
  ///   - cancellation: asked before every batch.
  ///   - body: receives the index, the prediction and the answer.
  /// - Throws: what the source and `body` throw, `Cancelled`;
  ///   ``NetworkError`` if a primitive fails.
  public func predict(
    _ source: any ExampleSource, _ indices: Range<Int>,
    cancellation: Cancellation = .never,
    body: (Int, [Double], [Double]) throws -> Void
  ) throws {
    guard source.n == n else {
      throw NetworkError.mismatch(
        "the network solves systems of order \(n), the data have order "
          + "\(source.n)")
    }
    let readers = ReaderStates(
      source, encoding, threads: network.engine.threads)
    let ranks = Ranks.all
    try ranks.agree(on: [
      ("data", "\(source.identity) (\(source.contentDigest))"),
      ("equation", source.origin?.law ?? ""),
    ])
    let n = n
    let answers = AlignedBuffer<Double>(count: network.capacity * n)
    let gains = AlignedBuffer<Double>(count: network.capacity)
    var first = indices.lowerBound
    while first < indices.upperBound {
      try cancellation.check()
      let count = min(network.capacity, indices.upperBound - first)
      let start = first
      let chunks = network.inferenceChunks(of: count)
      try network.forward(
        samples: count, own: ranks.part(of: chunks.count)
      ) { rows, examples, worker in
        let reader = try readers(worker)
        for row in rows {
          gains.pointer[row] = try reader.read(
            start + row, visit: start + row, into: examples.tokens,
            sample: row - rows.lowerBound, answer: answers.pointer + row * n)
        }
      }
      try share(answers, gains, chunks, ranks)
      for row in 0..<count {
        try body(
          first + row, answer(row, gain: gains.pointer[row]),
          Array(answers.elements[(row * n)..<((row + 1) * n)]))
      }
      first += count
    }
  }

  /// Gives every process the answers of all, computed and right.
  private func share(
    _ answers: AlignedBuffer<Double>, _ gains: AlignedBuffer<Double>,
    _ chunks: [Range<Int>], _ ranks: Ranks
  ) throws {
    // One sample alone is computed by each.
    guard !ranks.isAlone, chunks.last?.upperBound != 1 else { return }
    func samples(_ rank: Int) -> Range<Int> {
      let own = chunks[ranks.part(of: chunks.count, for: rank)]
      guard let first = own.first, let last = own.last else { return 0..<0 }
      return first.lowerBound..<last.upperBound
    }
    func part(_ rank: Int) -> Range<Int> {
      (samples(rank).lowerBound * n)..<(samples(rank).upperBound * n)
    }
    try ranks.share(answers.elements, part: part)
    try ranks.share(gains.elements, part: samples)
    try ranks.share(network.outputs.elements, part: part)
  }

  /// Solves one system.
  ///
  /// - Parameters:
  ///   - A: the matrix, n × n in column-major order.
  ///   - b: the right-hand side, n numbers.
  /// - Returns: the prediction, n numbers.
  /// - Throws: ``NetworkError`` if a primitive fails, or the network solves no
  ///   systems.
  public func predict(A: [Double], b: [Double]) throws -> [Double] {
    let encoding = try encoding.ofSystems()
    precondition(
      A.count == n * n && b.count == n, "A must be n × n, b n numbers")
    let n = n
    let gain = AlignedBuffer<Double>(count: 1)
    try network.forward(samples: 1) { _, examples, _ in
      var scales = [Double](repeating: 1, count: n)
      gain.pointer[0] = examples.tokens.write(0) {
        encoding.encode(A, b, n: n, into: $0, scales: &scales)
      }
    }
    return answer(0, gain: gain.pointer[0])
  }

  /// The errors over the first `count` examples of a source.
  ///
  /// - Parameters:
  ///   - source: the examples.
  ///   - count: how many.
  ///   - cancellation: asked before every batch.
  ///   - progress: receives the number of examples done so far and the answer to
  ///     the last.
  /// - Returns: the errors.
  /// - Throws: as ``predict(_:_:cancellation:body:)`` does.
  public func evaluate(
    _ source: any ExampleSource, count: Int,
    cancellation: Cancellation = .never,
    progress: (Int, [Double]) throws -> Void = { _, _ in }
  ) throws -> EvaluationRow {
    var metrics = ErrorMetrics()
    try predict(source, 0..<count, cancellation: cancellation) {
      index, prediction, solution in
      metrics.add(prediction: prediction, solution: solution)
      try progress(index + 1, prediction)
    }
    return metrics.row
  }

  /// The answer in a row of the network's outputs, of an example whose target
  /// is `gain` times the answer.
  private func answer(_ row: Int, gain: Double) -> [Double] {
    let outputs = network.outputs.pointer + row * n
    return (0..<n).map { gain == 0 ? 0 : Double(outputs[$0]) / gain }
  }
}
