import CDNNL
import Parallel

/// oneDNN's CPU engine on the workbench's thread pool.
///
/// An engine, and every network built on it, is driven by one thread at a
/// time: the pool is each calling thread's own, and two would fight for the
/// cores.
public final class ComputeEngine {
  /// The number of threads of every operation.
  public let threads: Int
  let handle: dnnl_engine_t
  let stream: dnnl_stream_t

  /// Creates an engine of `threads` threads.
  ///
  /// - Throws: ``NetworkError/oneDNN(operation:status:)``.
  public init(threads: Int) throws {
    self.threads = max(1, threads)
    var engine: dnnl_engine_t?
    let status = dnnl_engine_create(&engine, dnnl_cpu, 0)
    var stream: dnnl_stream_t?
    guard status == dnnl_success, let engine else {
      throw NetworkError.oneDNN(
        operation: "create an engine", status: Int(status.rawValue))
    }
    let flags = dnnl_stream_default_flags.rawValue
    let streamStatus = dnnl_stream_create(&stream, engine, flags)
    guard streamStatus == dnnl_success, let stream else {
      dnnl_engine_destroy(engine)
      throw NetworkError.oneDNN(
        operation: "create a stream", status: Int(streamStatus.rawValue))
    }
    handle = engine
    self.stream = stream
    activate()
  }

  /// Gives the calling thread this engine's number of threads; every pass
  /// begins with it, since libgomp keeps that number for each thread apart.
  public func activate() { ThreadPool.setThreads(threads) }

  deinit {
    dnnl_stream_destroy(stream)
    dnnl_engine_destroy(handle)
  }
}

/// Throws if oneDNN reports anything but success.
func check(_ status: dnnl_status_t, _ operation: @autoclosure () -> String)
  throws
{
  guard status == dnnl_success else {
    throw NetworkError.oneDNN(
      operation: operation(), status: Int(status.rawValue))
  }
}
