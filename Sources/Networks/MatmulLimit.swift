import Parallel

/// Returns the rate that dense products reach, in flop/s, each of an engine's
/// threads with its own: what a processor gives to a network whose work is such
/// products.
///
/// The best of several runs of [rows, inner] · [inner, columns].
///
/// - Parameters:
///   - engine: where they run.
///   - precision: of all three matrices.
///   - rows: rows of the left factor.
///   - inner: its columns.
///   - columns: columns of the right factor.
/// - Returns: the operations, 2 · rows · inner · columns for each product, over
///   the shortest time in seconds.
/// - Throws: ``NetworkError`` if oneDNN has no such product.
public func matmulLimit(
  _ engine: ComputeEngine, precision: Precision, rows: Int, inner: Int,
  columns: Int
) throws -> Double {
  let products = WorkerStates(threads: engine.threads) { worker in
    // The weights as layers keep them: [columns, inner], read transposed.
    try Matmul(
      engine.workers(worker), Operand(precision, rows, inner),
      Operand(precision, columns, inner).transposed,
      Operand(precision, rows, columns), isPacked: true)
  }
  let parts = min(engine.threads, ThreadPool.processorCount)
  // All zero bits: 4 bytes an element suffice for either precision, and twice
  // as many for packed weights.
  let sources = (0..<parts).map { _ in
    AlignedBuffer<Float>(count: rows * inner)
  }
  let weights = AlignedBuffer<Float>(count: 2 * inner * columns + 65_536)
  let destinations = (0..<parts).map { _ in
    AlignedBuffer<Float>(count: rows * columns)
  }
  let repeats = 4
  let best = try shortestSeconds(of: 12) {
    try parallelTasks(parts, threads: parts) { part, worker in
      let product = try products(worker)
      for _ in 0..<repeats {
        try product.run(
          sources[part].pointer, weights.pointer, destinations[part].pointer)
      }
    }
  }
  return 2 * Double(repeats * parts) * Double(rows) * Double(inner)
    * Double(columns) / best
}

extension AlgebraformerConfiguration {
  /// The floating-point operations of one sample's forward pass in matrix
  /// products; a training pass takes three times as many.
  public var forwardFlops: Double {
    let (n, d) = (Double(n), Double(width))
    let block = 2 * n * 12 * d * d + 4 * n * n * d
    return Double(depth) * block + 2 * n * d * Double(features + fields)
  }
}
