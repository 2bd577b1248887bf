import Parallel

/// Returns the rate that one dense product reaches, in flop/s: what a processor
/// gives to a network whose work is such products.
///
/// The best of several runs of [rows, inner] · [inner, columns].
///
/// - Parameters:
///   - engine: where it runs.
///   - precision: of all three matrices.
///   - rows: rows of the left factor.
///   - inner: its columns.
///   - columns: columns of the right factor.
/// - Returns: 2 · rows · inner · columns over the shortest time in seconds.
/// - Throws: ``NetworkError`` if oneDNN has no such product.
public func matmulLimit(
  _ engine: ComputeEngine, precision: Precision, rows: Int, inner: Int,
  columns: Int
) throws -> Double {
  engine.activate()
  // The weights as layers keep them: [columns, inner], read transposed.
  let product = try Matmul(
    engine, Operand(precision, rows, inner),
    Operand(precision, columns, inner).transposed,
    Operand(precision, rows, columns))
  // All zero bits: 4 bytes an element suffice for either precision.
  let source = AlignedBuffer<Float>(count: rows * inner)
  let weights = AlignedBuffer<Float>(count: inner * columns)
  let destination = AlignedBuffer<Float>(count: rows * columns)
  let best = try shortestSeconds(of: 12) {
    try product.run(source.pointer, weights.pointer, destination.pointer)
  }
  return 2 * Double(rows) * Double(inner) * Double(columns) / best
}

extension AlgebraformerConfiguration {
  /// The floating-point operations of one sample's forward pass in matrix
  /// products; a training pass takes three times as many.
  public var forwardFlops: Double {
    let (n, d) = (Double(n), Double(width))
    let block = 2 * n * 12 * d * d + 4 * n * n * d
    return Double(depth) * block + 2 * n * d * Double(features + 1)
  }
}
