import Foundation
import Parallel
import Testing

/// Counts how often each part was done.
private final class Tally: @unchecked Sendable {
  private let lock = NSLock()
  private var counts: [Int]

  init(_ count: Int) { counts = Array(repeating: 0, count: count) }

  func add(_ index: Int) { lock.withLock { counts[index] += 1 } }
  var all: [Int] { lock.withLock { counts } }
}

struct ParallelTests {
  @Test(arguments: [0, 1, 2, 7, 100], [-1, 0, 1, 2, 3, 64])
  func everyPartIsDoneOnce(_ count: Int, _ threads: Int) {
    let tally = Tally(count)
    parallelParts(count, threads: threads) { tally.add($0) }
    #expect(tally.all == Array(repeating: 1, count: count))
  }

  @Test(arguments: [0, 1, 5, 1000], [1, 2, 3, 8])
  func chunksCoverTheRangeInOrderOfTheirWorkers(_ count: Int, _ threads: Int)
    throws
  {
    let tally = Tally(count)
    let workers = Tally(threads)
    try parallelChunks(count: count, threads: threads) { range, worker in
      workers.add(worker)
      for index in range { tally.add(index) }
    }
    #expect(tally.all == Array(repeating: 1, count: count))
    #expect(workers.all.reduce(0, +) == min(count, threads))
  }

  @Test func theFirstFailureInOrderIsThrown() {
    struct Failure: Error, Equatable { let part: Int }
    #expect(throws: Failure(part: 1)) {
      try parallelChunks(count: 40, threads: 4) { range, worker in
        if worker >= 1 { throw Failure(part: worker) }
      }
    }
  }

  @Test func workThatIsCalledOffThrows() throws {
    try Cancellation.never.check()
    var isWanted = true
    let cancellation = Cancellation { !isWanted }
    try cancellation.check()
    isWanted = false
    #expect(throws: Cancelled()) { try cancellation.check() }
  }

  @Test func blasHasOneThreadBeforeAnybodyAsks() {
    #expect(blasThreadCount == 1)
  }

  @Test func timesAreInSeconds() {
    #expect(Duration.milliseconds(1500).inSeconds == 1.5)
    #expect(measuredSeconds { usleep(2000) } > 1e-3)
  }
}
