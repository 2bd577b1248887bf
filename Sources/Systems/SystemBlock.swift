import Parallel

/// Solved systems side by side in memory, A column-major.
///
/// One thread at a time fills it; any number read it then.
public final class SystemBlock: SystemSource, @unchecked Sendable {
  public let n: Int
  /// The most systems that it can hold.
  public let capacity: Int
  /// The systems that it holds now.
  public private(set) var size = 0
  /// The matrices, [size, n, n].
  public let A: UnsafeMutablePointer<Double>
  /// The right-hand sides, [size, n].
  public let b: UnsafeMutablePointer<Double>
  /// The solutions, [size, n].
  public let u: UnsafeMutablePointer<Double>

  public var count: Int? { size }
  public var identity: String { "\(size) systems in memory" }

  /// Allocates room for `capacity` systems of order `n`.
  public init(capacity: Int, n: Int) {
    self.n = n
    self.capacity = capacity
    A = .allocate(capacity: capacity * n * n)
    b = .allocate(capacity: capacity * n)
    u = .allocate(capacity: capacity * n)
  }

  deinit {
    A.deallocate()
    b.deallocate()
    u.deallocate()
  }

  /// Replaces the systems by `size` others, made in parallel.
  ///
  /// - Parameters:
  ///   - size: how many; no more than the capacity.
  ///   - threads: threads to use.
  ///   - make: fills the system of a row, from memory of its thread.
  /// - Throws: what `make` throws.
  public func fill(
    _ size: Int, threads: Int,
    make: @Sendable (Int, inout SolvedSystem, SystemWorkspace) throws -> Void
  ) throws {
    precondition(
      (0...capacity).contains(size), "a block of \(capacity) holds no \(size)")
    self.size = size
    try parallelChunks(count: size, threads: threads) { rows, _ in
      let workspace = SystemWorkspace()
      var system = SolvedSystem(n: n)
      for row in rows {
        try make(row, &system, workspace)
        (A + row * n * n).update(from: system.A, count: n * n)
        (b + row * n).update(from: system.b, count: n)
        (u + row * n).update(from: system.u, count: n)
      }
    }
  }

  /// Copies system `row` out.
  public func load(
    _ row: Int, into system: inout SolvedSystem, workspace: SystemWorkspace
  ) {
    precondition((0..<size).contains(row), "the block has no system \(row)")
    Self.copy(A + row * n * n, into: &system.A)
    Self.copy(b + row * n, into: &system.b)
    Self.copy(u + row * n, into: &system.u)
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
