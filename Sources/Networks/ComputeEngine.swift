import CMatmul
import Parallel

/// Where networks compute: the number of threads, and oneDNN's CPU engine for
/// each of them.
///
/// An engine, and every network built on it, is driven by one thread at a
/// time.
public final class ComputeEngine {
  /// The most threads of every operation.
  public let threads: Int
  let workers: WorkerStates<WorkerEngine>

  /// Creates an engine of `threads` threads.
  ///
  /// - Throws: ``NetworkError/oneDNN(operation:reason:)``.
  public init(threads: Int) throws {
    self.threads = max(1, threads)
    workers = WorkerStates(threads: self.threads) { _ in try WorkerEngine() }
    _ = try workers(0)
  }
}

/// oneDNN's CPU engine for one worker: products made on it run on the thread
/// that asks for them.
final class WorkerEngine {
  let handle: OpaquePointer

  /// - Throws: ``NetworkError/oneDNN(operation:reason:)``.
  init() throws {
    var engine: OpaquePointer?
    try check(cm_engine_create(&engine), "create an engine")
    guard let engine else {
      throw NetworkError.oneDNN(
        operation: "create an engine", reason: "there is none")
    }
    handle = engine
  }

  deinit { cm_engine_destroy(handle) }
}

/// Throws if oneDNN reports anything but success.
func check(_ status: Int32, _ operation: @autoclosure () -> String) throws {
  guard status == 0 else {
    throw NetworkError.oneDNN(
      operation: operation(), reason: String(cString: cm_status_text(status)))
  }
}
