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

extension Duration {
  /// The duration in seconds.
  public var inSeconds: Double { self / .seconds(1) }
}
