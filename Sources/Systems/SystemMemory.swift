import Parallel

/// What work on systems of one order takes of memory, and how it is cut into
/// blocks so that it does not take more than it must.
public struct SystemMemory: Sendable {
  private let n: Int
  private let threads: Int

  /// Work on systems of order `n` by so many threads.
  public init(order n: Int, threads: Int) {
    self.n = n
    self.threads = threads
  }

  /// The bytes of a matrix.
  private var matrix: Double { 8 * Double(n) * Double(n) }

  /// The systems of a block.
  ///
  /// - Parameters:
  ///   - most: for small systems.
  ///   - bytes: of each; those of a matrix unless they are given.
  /// - Returns: how many, at least 1; above 16 a multiple of it, since networks
  ///   take so many at a time.
  public func rows(most: Int, bytes: Double? = nil) -> Int {
    let rows = Memory.blockRows(
      most, bytes: bytes ?? matrix, threads: threads)
    return rows > 16 && rows < most ? rows / 16 * 16 : rows
  }

  /// Refuses work that does not fit into memory.
  ///
  /// - Parameters:
  ///   - rows: the systems that are made at a time.
  ///   - matrices: the matrices that are kept of each of them.
  ///   - solving: bytes that solving one takes besides.
  ///   - work: what it is, for the message.
  /// - Throws: `MemoryShortage`.
  public func require(
    rows: Int = 1, matrices: Int = 0, solving: Double = 0,
    for work: @autoclosure () -> String
  ) throws(MemoryShortage) {
    let workers = Double(parallelWorkers(count: rows, threads: threads))
    // Two differentiation matrices; for each worker A, the flux and LU's factors.
    let kept = 2 + Double(rows) * Double(matrices)
    try Memory.require(
      matrix * kept + workers * (3 * matrix + solving),
      for: "\(work()): order \(n)"
        + (workers > 1 ? " on \(Int(workers)) threads" : ""))
  }
}
