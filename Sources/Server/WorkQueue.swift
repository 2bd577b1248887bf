import Foundation

/// Threads for work that would hold up the ones that talk to clients, which come
/// from a pool that is no larger than the processors.
final class WorkQueue: @unchecked Sendable {
  private let condition = NSCondition()
  private var waiting: [@Sendable () -> Void] = []
  /// So many may wait.
  private let room: Int

  init(threads: Int, room: Int) {
    self.room = room
    for _ in 0..<threads {
      let thread = Thread { [self] in
        while true { next()() }
      }
      // As that of a program's first thread.
      thread.stackSize = 8 << 20
      thread.start()
    }
  }

  /// Waits for a piece of work.
  private func next() -> @Sendable () -> Void {
    condition.lock()
    defer { condition.unlock() }
    while waiting.isEmpty { condition.wait() }
    return waiting.removeFirst()
  }

  private func add(_ work: @escaping @Sendable () -> Void) -> Bool {
    condition.lock()
    defer { condition.unlock() }
    guard waiting.count < room else { return false }
    waiting.append(work)
    condition.signal()
    return true
  }

  /// Does a piece of work on one of the threads.
  ///
  /// - Throws: what the work throws; ``ServiceError/busy`` if too much waits.
  func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws
    -> T
  {
    try await withCheckedThrowingContinuation { continuation in
      let isAdded = add { continuation.resume(with: Result { try work() }) }
      if !isAdded { continuation.resume(throwing: ServiceError.busy) }
    }
  }
}
