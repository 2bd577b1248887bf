import ArgumentParser
import Equations
import Training

struct FinetuneCommand: DealtCommand {
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

  @OptionGroup var equation: TrainingEquation

  @Option(
    help: "The checkpoint to start from; a run that goes on knows it.",
    completion: .file(extensions: ["safetensors"]))
  var from: String?

  @OptionGroup var data: TrainingDataOptions

  @OptionGroup(title: "Run") var folder: RunOptions
  @OptionGroup(title: "Recipe") var training: TrainingOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    guard from != nil || folder.resume else {
      throw ValidationError("--from is missing: the checkpoint to start from")
    }
  }

  func run() throws {
    try TrainingSession.run(
      "finetune", folder, training.threads, messages, recipe: recipe,
      sources: TrainingSources.init(systemsOf:))
  }

  private func recipe(_ saved: SavedRun?, _ report: (String) -> Void) throws
    -> Recipe
  {
    var recipe: Recipe
    if let saved {
      try training.presets.checkPreset(of: saved.recipe)
      try from.map(saved.checkStart)
      recipe =
        try equation.equation.map {
          try saved.recipe(of: Equation.load($0))
        } ?? saved.recipe
    } else {
      recipe = try Recipe.fineTuning(
        training.presets.chosen, equation: equation.load(data)?.source,
        from: from ?? "")
    }
    let nodes = recipe.network.nodes
    try data.apply(
      to: &recipe, samples: training.samples, isNew: saved == nil)
    recipe.network.nodes = nodes
    try training.test.apply(to: &recipe.data.test, isNew: saved == nil)
    return try training.applied(
      to: recipe, isNew: saved == nil, report: report)
  }
}
