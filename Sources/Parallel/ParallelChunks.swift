import Foundation

/// Calls `body` on contiguous parts of 0..<count, one a thread.
///
/// The division depends on `count` and `threads` alone. If parts fail, the
/// error of the first of them, in order of index, is thrown.
///
/// - Parameters:
///   - count: the number of items.
///   - threads: the most parts.
///   - body: receives its part and the number of its worker, below `threads`.
/// - Throws: what `body` throws; ``MemoryShortage`` before anything is done.
public func parallelChunks(
  count: Int, threads: Int,
  body: @Sendable (Range<Int>, Int) throws -> Void
) throws {
  let parts = max(1, min(threads, count))
  let workers = parallelWorkers(count: count, threads: threads)
  try Memory.requireBLASBuffers(threads: workers)
  if parts == 1 {
    if count > 0 { try body(0..<count, 0) }
    return
  }
  let failures = Failures(count: parts)
  parallelParts(parts, threads: workers) { part in
    let range = (count * part / parts)..<(count * (part + 1) / parts)
    do {
      try body(range, part)
    } catch {
      failures.set(part, error)
    }
  }
  if let failure = failures.first { throw failure }
}

/// The threads that ``parallelChunks(count:threads:body:)`` works with.
public func parallelWorkers(count: Int, threads: Int) -> Int {
  // More than this only take memory.
  max(1, min(threads, count, 4 * ThreadPool.processorCount))
}

/// The error of each worker.
private final class Failures: @unchecked Sendable {
  private let lock = NSLock()
  private var errors: [(any Error)?]

  init(count: Int) { errors = Array(repeating: nil, count: count) }

  func set(_ index: Int, _ error: any Error) {
    lock.withLock { errors[index] = error }
  }

  var first: (any Error)? {
    lock.withLock { errors.lazy.compactMap(\.self).first }
  }
}
