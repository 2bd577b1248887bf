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
  }
}
