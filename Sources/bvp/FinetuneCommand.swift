import ArgumentParser
import Equations
import Networks
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

  @Argument(help: "An equation file, or the name of a shipped equation.")
  var equation: String

  @Option(help: "The checkpoint to start from.")
  var from: String

  @Option(help: "Dataset to train on. (default: made from the equation)")
  var data: String?

  @Flag(help: "Fresh samples at every step.")
  var online = false

  @OptionGroup(title: "Run") var folder: RunOptions
  @OptionGroup(title: "Recipe") var training: TrainingOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if online, data != nil {
      throw ValidationError("--online and --data exclude each other")
    }
  }

  func run() throws {
    try TrainingSession.run(
      "finetune", folder, isQuiet: output.quiet, newRecipe: newRecipe)
  }

  private func newRecipe() throws -> Recipe {
    var recipe = try fineTuningRecipe(
      training.preset, equation: equation, from: from)
    recipe.data = data
    recipe.online = online
    training.apply(to: &recipe, threads: threads.count)
    try recipe.validate()
    return recipe
  }
}

/// A preset's recipe for a checkpoint: its shape, and itself as the start.
func fineTuningRecipe(
  _ preset: Recipe.Preset, equation: String, from path: String
) throws -> Recipe {
  let source = try Equation.load(equation).source
  let checkpoint = try Checkpoint(path: path)
  guard checkpoint.encoding.kind != .iterate else {
    throw CommandFailure(
      "\(path): learned Newton steps and solves no linear systems")
  }
  let shape = checkpoint.configuration
  var recipe = Recipe.fineTuning(preset, equation: source, model: shape.model)
  recipe.from = path
  recipe.nodes = shape.n
  recipe.width = shape.width
  recipe.depth = shape.depth
  recipe.heads = shape.heads
  recipe.causal = shape.isCausal
  return recipe
}
