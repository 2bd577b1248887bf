import Tables
import Testing

struct TransferComparisonTests {
  private func rows(
    _ start: String, _ samples: Int, _ seed: UInt64,
    _ curve: [(Int, Double)]
  ) -> [TransferRow] {
    curve.map { epoch, error in
      var training = TrainingRow()
      training.epoch = epoch
      training.testMSE = error
      training.testRelativeMSE = error / 10
      return TransferRow(
        start: start, samples: samples, seed: seed, training: training)
    }
  }

  @Test func comparisonsAreGeometricMeansByEpoch() throws {
    let all =
      rows("finetuned", 250, 0, [(0, 1), (5, 1e-3), (10, 1e-4)])
      + rows("finetuned", 250, 1, [(0, 1), (5, 1e-1), (10, 1e-4)])
      + rows("scratch", 250, 0, [(10, 1), (20, 1e-2)])
      + rows("scratch", 250, 1, [(10, 1), (20, 1e-2)])
    let comparison = try #require(TransferComparison.compare(all).first)
    #expect(abs(comparison.finetuned / 1e-4 - 1) < 1e-12)
    #expect(abs(comparison.scratch / 1e-2 - 1) < 1e-12)
    // √(10⁻³ · 10⁻¹) is 10⁻² at epoch 5, to rounding.
    #expect([5, 10].contains(try #require(comparison.finetunedReaches)))
    #expect(comparison.scratchReaches == nil)
    #expect(comparison.finetunedEpochs == 10)
    #expect(comparison.scratchEpochs == 20)
    let curve = try #require(TransferCurve.curves(all).first)
    #expect(curve.points.map(\.epoch) == [0, 5, 10])
    #expect(curve.points[1].seeds == 2)
    #expect(curve.points[1].range == 1e-4...1e-2)
    #expect(abs(curve.points[1].relativeMSE / 1e-3 - 1) < 1e-12)
    #expect(
      comparison.sentence.contains("scratch never reaches fine-tuning's"))
    #expect(comparison.sentence.contains("100 times"))
  }

  @Test func whereScratchIsBetterItSaysSo() throws {
    let all =
      rows("finetuned", 50, 0, [(10, 1e-1)])
      + rows("scratch", 50, 0, [(20, 1e-2)])
    let comparison = try #require(TransferComparison.compare(all).first)
    #expect(comparison.sentence.contains("scratch is the better start"))
  }
}
