import Equations
import Systems
import Testing
import Training

struct RecipeNumberTests {
  /// A run that is resumed reads its numbers from recipe.yaml: they must be those
  /// that it began with.
  @Test(arguments: [
    0.1 + 0.2, 1.0 / 3, 0.123_456_789_012_345_678, 92_233_720_368_547_760,
    3e-3, 0x1p-1022, 1e300, .greatestFiniteMagnitude, 1, 0x1.fffffffffffffp-9,
  ])
  func everyNumberComesBackToTheBit(_ value: Double) throws {
    var recipe = Recipe.pretraining(
      .compact, equation: try Equation.load("diffusion").source)
    recipe.optimizer.learningRate = value
    recipe.optimizer.weightDecay = value
    recipe.optimizer.clip = value
    recipe.schedule.floor = value.significand / 3
    recipe.precision.f32Share = value.significand / 7
    recipe.data.noise = TrainingNoise(
      model: .rms, target: .A, level: value.significand * 1e-30)
    recipe.seed = .max
    let text = try recipe.yaml()
    let read = try Recipe(path: "recipe.yaml", text: text)
    #expect(read == recipe)
    #expect(try read.yaml() == text)
    #expect(text.contains("  equation: |\n    # Heat conduction, −(K u′)′"))
  }
}
