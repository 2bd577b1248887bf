import Equations
import Networks
import Testing
import Training

@testable import Experiments

struct TransferTests {
  private func rows(
    _ start: Transfer.Start, _ samples: Int, _ seed: UInt64,
    _ curve: [(Int, Double)]
  ) -> [Transfer.Row] {
    let run = Transfer.Run(start: start, samples: samples, seed: seed)
    return curve.map {
      Transfer.Row(
        run: run, epoch: $0.0, step: $0.0, testMSE: $0.1, relativeMSE: $0.1,
        seconds: 0)
    }
  }

  @Test func comparisonsAreGeometricMeansByEpoch() throws {
    let all =
      rows(.finetuned, 250, 0, [(0, 1), (5, 1e-3), (10, 1e-4)])
      + rows(.finetuned, 250, 1, [(0, 1), (5, 1e-1), (10, 1e-4)])
      + rows(.scratch, 250, 0, [(10, 1), (20, 1e-2)])
      + rows(.scratch, 250, 1, [(10, 1), (20, 1e-2)])
    let comparison = try #require(Transfer.compare(all).first)
    #expect(abs(comparison.finetuned / 1e-4 - 1) < 1e-12)
    #expect(abs(comparison.scratch / 1e-2 - 1) < 1e-12)
    // √(10⁻³ · 10⁻¹) is 10⁻² at epoch 5, to rounding.
    #expect([5, 10].contains(try #require(comparison.finetunedEpochs)))
    #expect(comparison.scratchEpochs == nil)
    #expect(comparison.epochs == (10, 20))
    #expect(
      comparison.sentence.contains("scratch never reaches fine-tuning's"))
    #expect(comparison.sentence.contains("100 times"))
  }

  @Test func whereScratchIsBetterItSaysSo() throws {
    let all =
      rows(.finetuned, 50, 0, [(10, 1e-1)])
      + rows(.scratch, 50, 0, [(20, 1e-2)])
    let comparison = try #require(Transfer.compare(all).first)
    #expect(comparison.sentence.contains("scratch is the better start"))
  }

  @Test func recipesDifferInStartAndEpochsAlone() throws {
    let source = try Equation.load("reaction-diffusion").source
    var finetuned = Recipe.fineTuning(.smoke, equation: source)
    finetuned.from = "model.safetensors"
    var scratch = finetuned
    scratch.from = nil
    scratch.epochs = 2 * finetuned.epochs
    let transfer = Transfer(
      finetuned: finetuned, scratch: scratch, samples: [20, 50], seeds: [3, 4],
      folder: "none")
    #expect(transfer.runs.count == 8)
    for run in transfer.runs {
      let recipe = transfer.recipe(run)
      #expect(recipe.samples == run.samples && recipe.seed == run.seed)
      #expect((recipe.from == nil) == (run.start == .scratch))
      try recipe.validate()
    }
    #expect(Set(transfer.runs.map(\.name)).count == 8)
  }
}
