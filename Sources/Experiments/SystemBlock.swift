import DenseSolvers
import Training

/// Solved systems side by side in memory, A column-major.
final class SystemBlock: @unchecked Sendable {
  let n: Int
  private(set) var count = 0
  let A: UnsafeMutablePointer<Double>
  let b: UnsafeMutablePointer<Double>
  let u: UnsafeMutablePointer<Double>

  init(capacity: Int, n: Int) {
    self.n = n
    A = .allocate(capacity: capacity * n * n)
    b = .allocate(capacity: capacity * n)
    u = .allocate(capacity: capacity * n)
  }

  deinit {
    A.deallocate()
    b.deallocate()
    u.deallocate()
  }

  /// Replaces the systems by `count` others, made in parallel.
  func fill(
    _ count: Int, threads: Int,
    make: @Sendable (Int, inout SolvedSystem) throws -> Void
  ) throws {
    self.count = count
    try parallelChunks(count: count, threads: threads) { rows, _ in
      var system = SolvedSystem(n: n)
      for row in rows {
        try make(row, &system)
        (A + row * n * n).update(from: system.A, count: n * n)
        (b + row * n).update(from: system.b, count: n)
        (u + row * n).update(from: system.u, count: n)
      }
    }
  }

  /// Copies a system out.
  func read(_ row: Int, into system: inout SolvedSystem) {
    Self.copy(A + row * n * n, into: &system.A)
    Self.copy(b + row * n, into: &system.b)
    Self.copy(u + row * n, into: &system.u)
  }

  /// What `transform` makes of each system.
  func map<T>(_ transform: (SolvedSystem) -> T) -> [T] {
    var system = SolvedSystem(n: n)
    return (0..<count).map { row in
      read(row, into: &system)
      return transform(system)
    }
  }

  private static func copy(
    _ source: UnsafePointer<Double>, into target: inout [Double]
  ) {
    target.withUnsafeMutableBufferPointer {
      _ = $0.update(
        fromContentsOf: UnsafeBufferPointer(start: source, count: $0.count))
    }
  }
}
