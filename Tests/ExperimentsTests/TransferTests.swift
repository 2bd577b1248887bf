import Equations
import Tables
import Testing
import Training

@testable import Experiments

struct TransferTests {
  @Test func recipesDifferInStartAndEpochsAlone() throws {
    let source = try Equation.load("reaction-diffusion").source
    var finetuned = Recipe.fineTuning(.smoke, equation: source)
    finetuned.network.from = "model.safetensors"
    let scratch = Transfer.scratch(beside: finetuned, preset: .smoke)
    #expect(scratch.schedule.epochs == 2 * finetuned.schedule.epochs)
    let transfer = Transfer(
      finetuned: finetuned, scratch: scratch, samples: [20, 50], seeds: [3, 4],
      folder: "none")
    #expect(transfer.runs.count == 8)
    for run in transfer.runs {
      let recipe = transfer.recipe(run)
      #expect(recipe.data.samples == run.samples && recipe.seed == run.seed)
      #expect((recipe.network.from == nil) == (run.start == .scratch))
      var same = recipe
      same.network.from = finetuned.network.from
      same.schedule.epochs = finetuned.schedule.epochs
      same.schedule.evaluateEvery = finetuned.schedule.evaluateEvery
      same.data.samples = finetuned.data.samples
      same.seed = finetuned.seed
      #expect(same == finetuned)
      try recipe.validate()
    }
    #expect(Set(transfer.runs.map(\.name)).count == 8)
  }
}
