import CParallel

/// The workbench's one pool of threads.
///
/// Everything that runs in parallel runs on it: networks' passes, samples that
/// are generated or solved, Newton's passes over A.
public enum ThreadPool {
  /// The processors that this process may use: those of its affinity, or fewer
  /// where its control group's quota gives it less time; a part of one that is
  /// left over is not counted.
  public static let processorCount = processors(
    allowed: Int(cp_allowed_processors()), quota: ControlGroup().processors)

  static func processors(allowed: Int, quota: Double?) -> Int {
    let quota = quota.map { Int($0.rounded(.down)) } ?? allowed
    return max(1, min(allowed, quota))
  }

  /// The most threads that anyone may ask for.
  public static let largestCount = 1024

  /// Gives what the calling thread starts from now on this number of threads;
  /// 1 until it is set.
  public static func setThreads(_ count: Int) {
    cp_set_threads(Int32(clamping: max(1, count)))
  }
}

/// Calls `body` for every part in 0..<count, on up to `threads` threads.
///
/// Parts must not touch one another's memory. All are done on return, whatever
/// number of threads the system grants.
///
/// - Parameters:
///   - count: the number of parts.
///   - threads: the most threads.
///   - body: does a part.
public func parallelParts(
  _ count: Int, threads: Int, body: @Sendable (Int) -> Void
) {
  withoutActuallyEscaping(body) { body in
    let job = Job(body)
    withExtendedLifetime(job) {
      cp_for_parts(
        max(0, count), Int32(clamping: threads),
        { context, part in
          guard let context else { return }
          Unmanaged<Job>.fromOpaque(context).takeUnretainedValue().body(part)
        }, Unmanaged.passUnretained(job).toOpaque())
    }
  }
}

/// A closure where C wants a pointer.
private final class Job {
  let body: @Sendable (Int) -> Void
  init(_ body: @escaping @Sendable (Int) -> Void) { self.body = body }
}
