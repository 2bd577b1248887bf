import Testing
import Training

struct MetricsTests {
  @Test func errorsAreTheirDefinitions() {
    var accumulator = Metrics.Accumulator()
    accumulator.add(prediction: [1, 2], solution: [1, 1])  // 1 of 2
    accumulator.add(prediction: [0, 0], solution: [3, 4])  // 25 of 25
    let metrics = accumulator.metrics
    #expect(metrics.samples == 2)
    #expect(metrics.mse == 26.0 / 4)
    #expect(metrics.relativeMSE.mean == 0.75)
    #expect(metrics.relativeMSE.median == 0.75)
  }

  /// NumPy's default percentiles of 1, 2, 4, 8, 16.
  @Test func percentilesInterpolate() {
    let distribution = Metrics.Distribution([16, 1, 8, 2, 4])
    #expect(distribution.median == 4)
    #expect(abs(distribution.p10 - 1.4) < 1e-12)
    #expect(abs(distribution.p90 - 12.8) < 1e-12)
    #expect(distribution.mean == 6.2)
  }

  @Test func noValuesAreNaN() {
    #expect(Metrics.Distribution([]).median.isNaN)
  }
}
