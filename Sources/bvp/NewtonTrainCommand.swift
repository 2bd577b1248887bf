import ArgumentParser
import Newton
import Training

struct NewtonTrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network on the steps of trajectories.",
    discussion: """
      Token i is entry i of Aᵀb and of the iterate x, each times one gain; the
      target is entry i of Newton's step over the root mean square of all
      training steps. The test mse is that of the step as it is, the relative
      one that of each step over its own norm.

      EXAMPLE:

        bvp newton train --data train.safetensors --test-data test.safetensors \\
          --width 32 --depth 2 --output runs/newton
      """)

  @Option(help: "The trajectories to learn from.")
  var data: String

  @OptionGroup var shape: ShapeOptions
  @OptionGroup(title: "Run") var folder: RunOptions
  @OptionGroup(title: "Recipe") var training: TrainingOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    guard training.test.testData != nil || folder.resume else {
      throw ValidationError("--test-data is missing")
    }
  }

  func run() throws {
    try TrainingSession.run(
      "newton", folder, messages, newRecipe: newRecipe,
      sources: TrainingSources.init(trajectoriesOf:))
  }

  private func newRecipe() throws -> Recipe {
    var preset = Recipe.newton(training.presets.preset)
    let dataset = try NewtonDataset(path: data)
    try requireCount(
      training.samples, "--samples", of: dataset.count, in: data, unit: "steps")
    preset.data.file = data
    preset.network.nodes = dataset.n
    shape.apply(to: &preset.network)
    var recipe = try training.applied(to: preset)
    recipe.data.samples = min(recipe.data.samples, dataset.count)
    if let path = training.test.testData {
      let test = try NewtonDataset(path: path)
      try requireCount(
        training.test.testSamples, "--test-samples", of: test.count, in: path,
        unit: "steps")
      recipe.data.test.samples = min(recipe.data.test.samples, test.count)
    }
    return recipe
  }
}
