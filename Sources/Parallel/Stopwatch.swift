/// Adds up the wall time of what it is given to do.
public final class Stopwatch {
  /// Seconds so far.
  public private(set) var elapsed = 0.0

  public init() {}

  /// Does something, and counts its time.
  public func time<T>(_ body: () throws -> T) rethrows -> T {
    let clock = ContinuousClock()
    let began = clock.now
    let result = try body()
    elapsed += began.duration(to: clock.now).inSeconds
    return result
  }
}

/// The wall time that `body` takes, in seconds.
public func measuredSeconds(_ body: () throws -> Void) rethrows -> Double {
  try ContinuousClock().measure(body).inSeconds
}

/// The shortest wall time that `body` takes in several runs, in seconds.
///
/// - Parameters:
///   - runs: the runs that count.
///   - warmUp: runs before them, which do not.
///   - body: what is timed.
/// - Returns: the seconds; infinity of no runs.
public func shortestSeconds(
  of runs: Int, warmUp: Int = 0, _ body: () throws -> Void
) rethrows -> Double {
  for _ in 0..<warmUp { try body() }
  var shortest = Double.infinity
  for _ in 0..<runs { shortest = min(shortest, try measuredSeconds(body)) }
  return shortest
}

extension Duration {
  /// The duration in seconds.
  public var inSeconds: Double { self / .seconds(1) }
}
