import CMatmul
import Parallel

/// oneDNN's CPU engine on the workbench's thread pool.
///
/// An engine, and every network built on it, is driven by one thread at a
/// time: the pool is each calling thread's own, and two would fight for the
/// cores.
public final class ComputeEngine {
  /// The number of threads of every operation.
  public let threads: Int
  let handle: OpaquePointer

  /// Creates an engine of `threads` threads.
  ///
  /// - Throws: ``NetworkError/oneDNN(operation:reason:)``.
  public init(threads: Int) throws {
    self.threads = max(1, threads)
    var engine: OpaquePointer?
    try check(cm_engine_create(&engine), "create an engine")
    guard let engine else {
      throw NetworkError.oneDNN(
        operation: "create an engine", reason: "there is none")
    }
    handle = engine
    activate()
  }

  /// Gives the calling thread this engine's number of threads; every pass
  /// begins with it, since libgomp keeps that number for each thread apart.
  public func activate() { ThreadPool.setThreads(threads) }

  deinit { cm_engine_destroy(handle) }
}

/// Throws if oneDNN reports anything but success.
func check(_ status: Int32, _ operation: @autoclosure () -> String) throws {
  guard status == 0 else {
    throw NetworkError.oneDNN(
      operation: operation(), reason: String(cString: cm_status_text(status)))
  }
}
