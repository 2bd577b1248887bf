import Foundation

/// Threads for work that would hold up the ones that talk to clients, which come
/// from a pool that is no larger than the processors.
final class WorkQueue: @unchecked Sendable {
  private struct Entry {
    let work: Work
    /// Does it, or says why it is not done.
    let run: @Sendable (ServiceError?) -> Void
  }

  private let condition = NSCondition()
  private var waiting: [Entry] = []
  /// So many may wait.
  private let room: Int
  /// So long one piece of work may take.
  private let limit: Duration

  init(threads: Int, room: Int, limit: Duration) {
    self.room = room
    self.limit = limit
    for _ in 0..<threads {
      let thread = Thread { [self] in
        while true {
          let entry = next()
          entry.run(entry.work.reason)
        }
      }
      // As that of a program's first thread.
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  /// How many wait.
  var length: Int { condition.withLock { waiting.count } }

  /// Waits for a piece of work.
  private func next() -> Entry {
    condition.lock()
    defer { condition.unlock() }
    while waiting.isEmpty { condition.wait() }
    return waiting.removeFirst()
  }

  /// Adds work; those whose clients have left make room, and are handed back.
  private func add(_ entry: Entry) -> (isAdded: Bool, left: [Entry]) {
    condition.lock()
    defer { condition.unlock() }
    let left = waiting.filter { $0.work.reason != nil }
    waiting.removeAll { $0.work.reason != nil }
    guard waiting.count < room else { return (false, left) }
    waiting.append(entry)
    condition.signal()
    return (true, left)
  }

  /// Does a piece of work on one of the threads.
  ///
  /// - Throws: what the work throws; ``ServiceError/busy`` if too much waits, or
  ///   why the work is not wanted any more.
  func run<T: Sendable>(
    _ work: Work, _ body: @escaping @Sendable () throws -> T
  ) async throws -> T {
    // Waiting counts.
    work.begin(within: limit)
    return try await withCheckedThrowingContinuation { continuation in
      let entry = Entry(work: work) { reason in
        continuation.resume(
          with: Result {
            if let reason { throw reason }
            return try Work.$current.withValue(work) { try body() }
          })
      }
      let (isAdded, left) = add(entry)
      for entry in left { entry.run(entry.work.reason) }
      if !isAdded { continuation.resume(throwing: ServiceError.busy) }
    }
  }
}
