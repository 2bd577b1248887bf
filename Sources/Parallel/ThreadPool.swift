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
}

/// Calls `body` for every part in 0..<count, on up to `threads` threads.
///
/// Parts are taken in order, each by the next thread that is free; they must not
/// touch one another's memory, and what one computes must not depend on who
/// takes it. All are done on return, whatever number of threads the system
/// grants.
///
/// - Parameters:
///   - count: the number of parts.
///   - threads: the most threads.
///   - body: receives the part and the number of its worker, below `threads`;
///     no two workers have the same number at a time.
public func parallelParts(
  _ count: Int, threads: Int, body: @Sendable (Int, Int) -> Void
) {
  parallelPhases(1, parts: count, threads: threads) { _, part, worker in
    body(part, worker)
  }
}

/// Calls `body` for every part of every phase, a phase after all parts of the
/// one before it.
///
/// - Parameters:
///   - phases: the number of phases.
///   - parts: the parts of each.
///   - threads: the most threads.
///   - body: receives the phase, the part and the number of the worker.
public func parallelPhases(
  _ phases: Int, parts: Int, threads: Int,
  body: @Sendable (Int, Int, Int) -> Void
) {
  withoutActuallyEscaping(body) { body in
    let job = Job(body)
    withExtendedLifetime(job) {
      cp_for_phases(
        max(0, phases), max(0, parts), Int32(clamping: threads),
        { context, phase, part, worker in
          guard let context else { return }
          Unmanaged<Job>.fromOpaque(context).takeUnretainedValue().body(
            phase, part, Int(worker))
        }, Unmanaged.passUnretained(job).toOpaque())
    }
  }
}

/// A closure where C wants a pointer.
private final class Job {
  let body: @Sendable (Int, Int, Int) -> Void
  init(_ body: @escaping @Sendable (Int, Int, Int) -> Void) { self.body = body }
}
