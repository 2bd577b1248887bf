// What Kernels.swift takes from ordo-one's benchmark, without which scripts/test
// checks its types; the benchmarks themselves are built with the real one.

public enum BenchmarkMetric {
  case wallClock
  case throughput
}

public enum BenchmarkTimeUnits {
  case microseconds
}

public final class Benchmark {
  public struct Configuration: Sendable {
    public init(
      metrics: [BenchmarkMetric], timeUnits: BenchmarkTimeUnits,
      warmupIterations: Int, maxDuration: Duration, maxIterations: Int
    ) {}
  }

  nonisolated(unsafe) public static var defaultConfiguration = Configuration(
    metrics: [], timeUnits: .microseconds, warmupIterations: 0,
    maxDuration: .seconds(0), maxIterations: 0)

  public var scaledIterations: Range<Int> { 0..<1 }

  @discardableResult
  public init?(_ name: String, closure: @escaping (Benchmark) throws -> Void) {}

  public func startMeasurement() {}
}

public func blackHole(_ value: some Any) {}
