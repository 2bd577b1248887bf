import Foundation

/// Calls `body` on contiguous parts of 0..<count, several a thread.
///
/// The division depends on `count` and `threads` alone. If parts fail, the
/// error of the first of them, in order of index, is thrown.
///
/// - Parameters:
///   - count: the number of items.
///   - threads: the most threads.
///   - body: receives its part and the number of its worker, below `threads`.
/// - Throws: what `body` throws; ``MemoryShortage`` before anything is done.
public func parallelChunks(
  count: Int, threads: Int,
  body: @Sendable (Range<Int>, Int) throws -> Void
) throws {
  let workers = parallelWorkers(count: count, threads: threads)
  try Memory.requireBLASBuffers(threads: workers)
  // A thread that other work holds up leaves its parts to the rest.
  let parts = workers == 1 ? min(1, count) : min(4 * workers, count)
  try parallelTasks(parts, threads: workers) { part, worker in
    try body(
      (count * part / parts)..<(count * (part + 1) / parts), worker)
  }
}

/// The threads that ``parallelChunks(count:threads:body:)`` works with.
public func parallelWorkers(count: Int, threads: Int) -> Int {
  // More than this only take memory.
  max(1, min(threads, count, 4 * ThreadPool.processorCount))
}

/// Calls `body` for every part in 0..<count, on up to `threads` threads, as
/// ``parallelParts(_:threads:body:)`` does, until one fails.
///
/// - Parameters:
///   - count: the number of parts.
///   - threads: the most threads.
///   - body: receives the part and the number of its worker.
/// - Throws: the error of the first part that fails, in order of index.
public func parallelTasks(
  _ count: Int, threads: Int, body: @Sendable (Int, Int) throws -> Void
) throws {
  try parallelTasks(1, parts: count, threads: threads) { _, part, worker in
    try body(part, worker)
  }
}

/// Calls `body` for every part of every phase, as
/// ``parallelPhases(_:parts:threads:body:)`` does, until one fails.
public func parallelTasks(
  _ phases: Int, parts: Int, threads: Int,
  body: @Sendable (Int, Int, Int) throws -> Void
) throws {
  let failure = FirstFailure()
  parallelPhases(phases, parts: parts, threads: threads) {
    phase, part, worker in
    // Parts are taken in order: those before the first failure are all done.
    guard !failure.hasOccurred else { return }
    do {
      try body(phase, part, worker)
    } catch {
      failure.note(error, at: phase * parts + part)
    }
  }
  if let error = failure.error { throw error }
}

/// The error of the part that comes first.
private final class FirstFailure: @unchecked Sendable {
  private let lock = NSLock()
  private var first: (index: Int, error: any Error)?

  var hasOccurred: Bool { error != nil }
  var error: (any Error)? { lock.withLock { first?.error } }

  func note(_ error: any Error, at index: Int) {
    lock.withLock {
      if index < first?.index ?? .max { first = (index, error) }
    }
  }
}

/// What each worker of a job keeps between jobs, made when it first works.
///
/// A worker's state is touched by that worker alone.
public final class WorkerStates<State>: @unchecked Sendable {
  private let states: UnsafeMutablePointer<State?>
  private let count: Int
  private let make: (Int) throws -> State

  /// Room for the workers of jobs on `threads` threads.
  public init(threads: Int, make: @escaping (Int) throws -> State) {
    count = max(1, threads)
    states = .allocate(capacity: count)
    states.initialize(repeating: nil, count: count)
    self.make = make
  }

  deinit {
    states.deinitialize(count: count)
    states.deallocate()
  }

  /// A worker's state.
  public func callAsFunction(_ worker: Int) throws -> State {
    precondition(worker < count, "there is no worker \(worker)")
    if let state = states[worker] { return state }
    let state = try make(worker)
    states[worker] = state
    return state
  }
}
