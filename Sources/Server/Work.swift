import Foundation
import Parallel

/// What is done for a request: whether somebody still waits for it, and how long it
/// may take.
///
/// What takes longer than a moment asks between its steps.
final class Work: @unchecked Sendable {
  /// The work of the calling thread.
  @TaskLocal static var current = Work()

  /// Whether it has a process of its own, which may be ended at any time.
  let isIsolated: Bool
  private let lock = NSLock()
  private var hasLeft = false
  private var end: ContinuousClock.Instant?
  private var limit: Duration = .zero

  init(isIsolated: Bool = false) { self.isIsolated = isIsolated }

  /// Begins the time that it may take.
  func begin(within limit: Duration) {
    lock.withLock {
      self.limit = limit
      end = .now.advanced(by: limit)
    }
  }

  /// Its client has gone.
  func leave() { lock.withLock { hasLeft = true } }

  /// Why it ends before it is done, if it does.
  var reason: ServiceError? {
    lock.withLock {
      if hasLeft { return ServiceError(503, "the client has left") }
      guard let end, ContinuousClock.now > end else { return nil }
      return ServiceError(
        503,
        "takes more than \(limit.components.seconds) s, which is what a request "
          + "has; the command has no such limit")
    }
  }

  /// Ends what nobody waits for, or what takes too long.
  ///
  /// - Throws: ``reason``.
  func check() throws {
    if let reason { throw reason }
  }

  /// Whether it ends, for work of other modules.
  var cancellation: Cancellation { Cancellation { self.reason != nil } }

  /// Sends what is long, and asks nobody while it is at it, into a process of its
  /// own.
  ///
  /// - Throws: ``TakesLong``.
  func isolate(if isLong: @autoclosure () throws -> Bool) throws {
    if !isIsolated, try isLong() { throw TakesLong() }
  }
}

/// Work that belongs into a process of its own.
struct TakesLong: Error {}
