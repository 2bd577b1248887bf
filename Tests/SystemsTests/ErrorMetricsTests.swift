import Parallel
import Systems
import Tables
import Testing

struct ErrorMetricsTests {
  @Test func errorsAreTheirDefinitions() {
    var metrics = ErrorMetrics()
    metrics.add(prediction: [1, 2], solution: [1, 1])  // 1 of 2
    metrics.add(prediction: [0, 0], solution: [3, 4])  // 25 of 25
    let row = metrics.row
    #expect(row.samples == 2)
    #expect(row.mse == 26.0 / 4)
    #expect(row.relativeMSE.mean == 0.75)
    #expect(row.relativeMSE.median == 0.75)
    #expect(row.zeros == nil && row.failures == nil)
  }

  @Test func aZeroSolutionHasNoRelativeErrorAndAFailureNone() {
    var metrics = ErrorMetrics()
    metrics.add(prediction: [1, 2], solution: [1, 1])
    metrics.add(prediction: [3, 0], solution: [0, 0])  // 9, and no ratio
    metrics.add(prediction: [.nan, 0], solution: [1, 1])
    metrics.add(prediction: [1e200, 0], solution: [1, 1])
    metrics.add(prediction: [1, 0], solution: [.infinity, 1])
    let row = metrics.row
    #expect(row.samples == 5 && row.zeros == 1 && row.failures == 3)
    #expect(row.mse == 10.0 / 4)
    #expect(row.relativeMSE.mean == 0.5 && row.relativeMSE.p90 == 0.5)
  }
}

struct SystemMemoryTests {
  @Test func blocksOfLargeSystemsAreSmall() {
    let small = SystemMemory(order: 64, threads: 2)
    #expect(small.rows(most: 128) == 128)
    let medium = SystemMemory(order: 700, threads: 1).rows(most: 128)
    #expect(medium == 64)
    #expect(SystemMemory(order: 60_000, threads: 1).rows(most: 128) == 1)
  }

  @Test func aSystemThatFitsNoMachineIsRefused() {
    #expect {
      try SystemMemory(order: 1_000_000, threads: 1).require(for: "big.file")
    } throws: {
      "\($0)".contains("big.file: order 1000000: needs")
    }
  }

  /// The mean of (1, 2), (3, 6) is (2, 4), from which each is (1, 2) off.
  @Test func theMeanSolutionIsABaseline() throws {
    var metrics = ErrorMetrics()
    #expect(metrics.row.meanMSE == nil)
    metrics.add(prediction: [1, 2], solution: [1, 2])
    metrics.add(prediction: [0, 0], solution: [3, 6])
    metrics.add(prediction: [.nan, 0], solution: [9, 9])
    #expect(abs(try #require(metrics.row.meanMSE) - 2.5) < 1e-14)
  }
}
