import Parallel

/// Solves many systems, `threads` at a time, each on one thread.
///
/// - Parameters:
///   - solver: the method.
///   - A: the matrices, [count, n, n], each column-major.
///   - b: the right-hand sides, [count, n].
///   - x: receives the solutions, [count, n]; NaN where a system has none.
///   - count: the number of systems.
///   - n: their order.
///   - threads: how many to solve at a time.
///   - uncertainty: of each system, by its index, for regularised methods.
/// - Returns: the failure of each system, or nil. A system that fails stops no
///   other, and the bits of the solutions do not depend on `threads`.
/// - Throws: `MemoryShortage`, before any system is solved.
public func solveBatch(
  _ solver: DenseSolver, A: UnsafePointer<Double>, b: UnsafePointer<Double>,
  x: UnsafeMutablePointer<Double>, count: Int, n: Int, threads: Int,
  uncertainty: @Sendable (Int) -> DataUncertainty? = { _ in nil }
) throws -> [SolveFailure?] {
  var failures = [SolveFailure?](repeating: nil, count: count)
  try failures.withUnsafeMutableBufferPointer { failures in
    nonisolated(unsafe) let failures = failures
    nonisolated(unsafe) let A = A
    nonisolated(unsafe) let b = b
    nonisolated(unsafe) let x = x
    try parallelChunks(count: count, threads: threads) { range, _ in
      let workspace = Workspace()
      for index in range {
        do throws(SolveFailure) {
          try solver.solve(
            A: A + index * n * n, b: b + index * n, n: n, x: x + index * n,
            workspace: workspace, uncertainty: uncertainty(index))
        } catch {
          failures[index] = error
          (x + index * n).update(repeating: .nan, count: n)
        }
      }
    }
  }
  return failures
}
