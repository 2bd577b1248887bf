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

@Suite(.serialized)
struct ParallelTests {
  @Test(arguments: [0, 1, 2, 7, 100], [-1, 0, 1, 2, 3, 64])
  func everyPartIsDoneOnce(_ count: Int, _ threads: Int) {
    let tally = Tally(count)
    parallelParts(count, threads: threads) { part, worker in
      if (0..<max(1, threads)).contains(worker) { tally.add(part) }
    }
    #expect(tally.all == Array(repeating: 1, count: count))
  }

  @Test(arguments: [1, 2, 3, 8])
  func aPhaseBeginsWhenTheOneBeforeHasEnded(_ threads: Int) {
    let (phases, parts) = (50, 5)
    let done = Tally(phases)
    let early = Tally(1)
    parallelPhases(phases, parts: parts, threads: threads) { phase, part, _ in
      // Some parts take longer than others.
      if part == phase % parts { usleep(200) }
      if phase > 0, done.all[phase - 1] != parts { early.add(0) }
      done.add(phase)
    }
    #expect(done.all == Array(repeating: parts, count: phases))
    #expect(early.all == [0])
  }

  @Test func noTwoWorkersHaveTheSameNumberAtATime() {
    let busy = Tally(4)
    let clashes = Tally(1)
    parallelParts(400, threads: 4) { _, worker in
      let before = busy.all[worker]
      busy.add(worker)
      usleep(20)
      if busy.all[worker] != before + 1 { clashes.add(0) }
    }
    #expect(clashes.all == [0])
  }

  @Test func jobsWithinJobsAndBesideOthersAreDone() async {
    let tally = Tally(6)
    await withTaskGroup(of: Void.self) { group in
      for job in 0..<6 {
        group.addTask {
          parallelParts(20, threads: 3) { _, _ in
            parallelParts(5, threads: 3) { _, _ in tally.add(job) }
          }
        }
      }
    }
    #expect(tally.all == Array(repeating: 100, count: 6))
  }

  @Test(arguments: [0, 1, 5, 1000], [1, 2, 3, 8])
  func chunksCoverTheRange(_ count: Int, _ threads: Int) throws {
    let tally = Tally(count)
    try parallelChunks(count: count, threads: threads) { range, worker in
      #expect(worker < threads)
      for index in range { tally.add(index) }
    }
    #expect(tally.all == Array(repeating: 1, count: count))
  }

  @Test(arguments: [1, 2, 4])
  func theFirstFailureInOrderIsThrown(_ threads: Int) {
    struct Failure: Error, Equatable { let part: Int }
    for _ in 0..<50 {
      #expect(throws: Failure(part: 7)) {
        try parallelTasks(40, threads: threads) { part, _ in
          // The later ones fail sooner.
          if part == 7 { usleep(100) }
          if part >= 7 { throw Failure(part: part) }
        }
      }
    }
  }

  @Test func aWorkerKeepsItsState() throws {
    final class Counter { var count = 0 }
    let counters = WorkerStates(threads: 3) { _ in Counter() }
    for _ in 0..<10 {
      try parallelTasks(30, threads: 3) { _, worker in
        try counters(worker).count += 1
      }
    }
    let counts = try (0..<3).map { try counters($0).count }
    #expect(counts.reduce(0, +) == 300)
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
