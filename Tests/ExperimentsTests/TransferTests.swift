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
      try recipe.validate()
    }
    #expect(Set(transfer.runs.map(\.name)).count == 8)
  }
}
