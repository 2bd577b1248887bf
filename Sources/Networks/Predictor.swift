import Parallel
import Ranks
import Solutions
import Systems
import Tables
import TensorFiles

/// Runs a trained network over examples, a batch at a time.
public final class Predictor {
  public let network: Network
  public let encoding: Encoding
  /// The order of the systems.
  public let n: Int

  /// Takes a network as it is.
  ///
  /// - Parameters:
  ///   - network: the network; its weights may change between predictions.
  ///   - encoding: how it wants its tokens.
  ///   - n: the order of the systems.
  /// - Throws: ``NetworkError/mismatch(_:)`` if the network solves systems of
  ///   another order.
  public init(_ network: Network, encoding: Encoding, n: Int) throws {
    let tokens = encoding.tokenCount(n)
    guard encoding.isOf(n), network.configuration.n == tokens,
      network.tokenCount == tokens * encoding.kind.features(tokens),
      network.outputCount == tokens * encoding.kind.outputs(tokens)
    else {
      throw NetworkError.mismatch(
        "the network solves systems of order \(network.configuration.n), "
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
    try checkpoint.encoding.requireSystems()
    if !Ranks.all.isAlone {
      var digest = Digest()
      checkpoint.parameters.withUnsafeBytes { digest.add($0) }
      try Ranks.all.agree(on: [("network", digest.text)])
    }
    try self.init(
      checkpoint.makeNetwork(
        engine: engine, precision: precision, capacity: batch),
      encoding: checkpoint.encoding.on(n), n: n)
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
    let predictions = AlignedBuffer<Double>(count: network.capacity * n)
    let size = encoding.contextCount(n)
    let contexts = AlignedBuffer<Double>(count: network.capacity * size)
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
          try reader.read(
            start + row, visit: start + row, into: examples.tokens,
            sample: row - rows.lowerBound,
            ExampleMemory(
              answer: answers.pointer + row * n,
              context: contexts.pointer + row * size))
        }
      }
      try decode(
        rows(of: chunks, ranks, ranks.rank), contexts, into: predictions)
      try share([answers, predictions], chunks, ranks)
      for row in 0..<count {
        let own = (row * n)..<((row + 1) * n)
        try body(
          first + row, Array(predictions.elements[own]),
          Array(answers.elements[own]))
      }
      first += count
    }
  }

  /// The rows of a batch that a process computes; all where it is one alone.
  private func rows(
    of chunks: [Range<Int>], _ ranks: Ranks, _ rank: Int
  ) -> Range<Int> {
    // One sample alone is computed by each.
    guard chunks.last?.upperBound != 1 else { return 0..<1 }
    let own = chunks[ranks.part(of: chunks.count, for: rank)]
    guard let first = own.first, let last = own.last else { return 0..<0 }
    return first.lowerBound..<last.upperBound
  }

  /// Makes answers of the network's outputs.
  private func decode(
    _ rows: Range<Int>, _ contexts: AlignedBuffer<Double>,
    into predictions: AlignedBuffer<Double>
  ) throws {
    let size = encoding.contextCount(n)
    let outputs = network.outputs
    let width = network.outputCount
    let (n, encoding) = (n, encoding)
    try parallelTasks(rows.count, threads: network.engine.threads) { part, _ in
      let row = rows.lowerBound + part
      encoding.decode(
        outputs.pointer + row * width, context: contexts.pointer + row * size,
        n: n, into: predictions.pointer + row * n)
    }
  }

  /// Gives every process the numbers of all, n for each row.
  private func share(
    _ buffers: [AlignedBuffer<Double>], _ chunks: [Range<Int>], _ ranks: Ranks
  ) throws {
    guard !ranks.isAlone, chunks.last?.upperBound != 1 else { return }
    for buffer in buffers {
      try ranks.share(buffer.elements) {
        let own = rows(of: chunks, ranks, $0)
        return (own.lowerBound * n)..<(own.upperBound * n)
      }
    }
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
    let context = try forward(A: A, b: b)
    let answer = AlignedBuffer<Double>(count: n)
    encoding.decode(
      network.outputs.pointer, context: context.pointer, n: n,
      into: answer.pointer)
    return Array(answer.elements)
  }

  /// Passes one system through the network; returns what its answer needs.
  private func forward(A: [Double], b: [Double]) throws -> AlignedBuffer<Double>
  {
    try encoding.requireSystems()
    precondition(
      A.count == n * n && b.count == n, "A must be n × n, b n numbers")
    let (n, encoding) = (n, encoding)
    let context = AlignedBuffer<Double>(count: encoding.contextCount(n))
    try network.forward(samples: 1) { _, examples, _ in
      var scales = [Double](repeating: 1, count: n)
      examples.tokens.write(0) {
        encoding.encode(
          A, b, n: n, into: $0, context: context.pointer, scales: &scales)
      }
    }
    return context
  }

  /// Solves A X = B for several right-hand sides, looking at A once where answers
  /// are linear in them.
  ///
  /// - Parameters:
  ///   - A: the matrix, n × n in column-major order.
  ///   - rightHandSides: of n numbers each.
  /// - Returns: the predictions, in the same order.
  /// - Throws: as ``predict(A:b:)`` does.
  public func predict(A: [Double], rightHandSides: [[Double]]) throws
    -> [[Double]]
  { try rightHandSides.map(try inverse(of: A)) }

  /// The network as an approximate inverse of a matrix.
  ///
  /// Where its answers are linear in the right-hand side it looks at the matrix
  /// once, whatever the number of right-hand sides.
  ///
  /// - Parameter A: the matrix, n × n in column-major order.
  /// - Returns: what maps a right-hand side to the answer.
  /// - Throws: as ``predict(A:b:)`` does.
  public func inverse(of A: [Double]) throws -> ([Double]) throws
    -> [Double]
  {
    if case .coefficients(let encoding) = encoding {
      let scales = try forward(A: A, b: Array(repeating: 0, count: n))
      let G = Array(network.outputs.elements.prefix(network.outputCount))
      return { encoding.answer(G, scales: scales.pointer, b: $0) }
    }
    guard case .factors(let encoding) = encoding else {
      return { [self] in try predict(A: A, b: $0) }
    }
    let fields = try fields(of: A)
    return { encoding.answer(fields, A: A, b: $0) }
  }

  /// The fields that a network for factors says of a matrix.
  ///
  /// - Throws: ``NetworkError`` if it says none.
  public func fields(of A: [Double]) throws -> PolyaFields {
    guard case .factors(let encoding) = encoding else {
      throw NetworkError.mismatch("the network says no fields of an operator")
    }
    precondition(A.count == n * n, "A must be n × n")
    let logarithm = AlignedBuffer<Double>(count: 1)
    try network.forward(samples: 1) { _, examples, _ in
      logarithm.pointer[0] = examples.tokens.write(0) {
        encoding.encode(A, into: $0)
      }
    }
    return encoding.fields(
      network.outputs.pointer, logarithm: logarithm.pointer[0])
  }

  /// The errors over the first `count` examples of a source.
  ///
  /// - Parameters:
  ///   - source: the examples.
  ///   - count: how many.
  ///   - band: the answers' band; nil where there is none.
  ///   - cancellation: asked before every batch.
  ///   - progress: receives the number of examples done so far and the answer to
  ///     the last.
  /// - Returns: the errors.
  /// - Throws: as ``predict(_:_:cancellation:body:)`` does.
  public func evaluate(
    _ source: any ExampleSource, count: Int, band: ConformalBand? = nil,
    cancellation: Cancellation = .never,
    progress: (Int, [Double]) throws -> Void = { _, _ in }
  ) throws -> EvaluationRow {
    var metrics = ErrorMetrics()
    var covered = 0
    try predict(source, 0..<count, cancellation: cancellation) {
      index, prediction, solution in
      metrics.add(prediction: prediction, solution: solution)
      if band?.holds(solution, around: prediction) == true { covered += 1 }
      try progress(index + 1, prediction)
    }
    var row = metrics.row
    if band != nil { row.covered = Double(covered) / Double(count) }
    return row
  }
}
