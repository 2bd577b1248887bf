import ArgumentParser
import Equations
import Training

struct FinetuneCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "finetune",
    abstract: "Train a network further on few samples of another equation.",
    discussion: """
      Shape and encoding are the checkpoint's. The run's folder is that of
      pretrain.

      EXAMPLE: 250 samples of reaction-diffusion

        bvp finetune reaction-diffusion --samples 250 \\
          --from runs/diffusion/model.safetensors --output runs/reaction

      EXAMPLE: fresh samples at every step, for as good a network as can be

        bvp finetune reaction-diffusion --online --steps 10000 \\
          --learning-rate 3e-3 --from runs/diffusion/model.safetensors \\
          --output runs/reaction
      """)

  @OptionGroup var equation: EquationArgument

  @Option(help: "The checkpoint to start from.")
  var from: String

  @OptionGroup var data: TrainingDataOptions

  @OptionGroup(title: "Run") var folder: RunOptions
  @OptionGroup(title: "Recipe") var training: TrainingOptions
  @OptionGroup var messages: MessageOptions

  func run() throws {
    try TrainingSession.run(
      "finetune", folder, messages, newRecipe: newRecipe,
      sources: TrainingSources.init(systemsOf:))
  }

  private func newRecipe() throws -> Recipe {
    var recipe = try Recipe.fineTuning(
      training.presets.preset, equation: equation.load().source, from: from)
    data.apply(to: &recipe.data)
    return try training.applied(to: recipe)
  }
}
