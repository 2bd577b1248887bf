import Foundation

/// Threads for work that would hold up the ones that talk to clients.
final class WorkQueue: Sendable {
  private let queue = OperationQueue()
  /// So many may wait.
  private let room: Int

  init(threads: Int, room: Int) {
    queue.maxConcurrentOperationCount = threads
    queue.qualityOfService = .userInitiated
    self.room = room
  }

  /// Does a piece of work on one of the threads.
  ///
  /// - Throws: what the work throws; ``ServiceError/busy`` if too much waits.
  func run<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws
    -> T
  {
    guard queue.operationCount < room else { throw ServiceError.busy }
    return try await withCheckedThrowingContinuation { continuation in
      queue.addOperation {
        continuation.resume(with: Result { try work() })
      }
    }
  }
}
