import ArgumentParser
import Equations
import Networks
import Training

struct PretrainCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "pretrain",
    abstract: "Train a network from scratch.",
    discussion: """
      The run's folder receives recipe.yaml, metrics.csv, model.safetensors
      and state.safetensors. A run that was stopped, by whatever means, goes
      on with --resume and ends in the same weights as one that was not.

      EXAMPLE: fresh samples at every step

        bvp pretrain diffusion --online --steps 5000 --output runs/diffusion

      EXAMPLE: the paper's hyper-parameters on a dataset of its size

        bvp generate diffusion --samples 50000 --output train.safetensors
        bvp pretrain diffusion --preset paper --data train.safetensors \\
          --output runs/paper
      """)

  @Argument(help: "An equation file, or the name of a shipped equation.")
  var equation: String

  @Option(help: "Dataset to train on. (default: made from the equation)")
  var data: String?

  @Flag(help: "Fresh samples at every step.")
  var online = false

  @Option(help: "algebraformer, or the baselines lstm and gru.")
  var model = NetworkConfiguration.Model.algebraformer

  @Option(help: "Nodes of the collocation grid. (default: 64)")
  var nodes: Int?

  @Option(
    help: "The embedding dimension, or the units of a recurrent layer.")
  var width: Int?

  @Option(help: "Transformer blocks, or recurrent layers.")
  var depth: Int?

  @Option(help: "Attention heads.")
  var heads: Int?

  @Flag(help: "Let token i see the tokens up to i only (for study).")
  var causal = false

  @Option(help: "equilibrated or raw.")
  var encoding: Encoding.Kind?

  @OptionGroup(title: "Run") var folder: RunOptions
  @OptionGroup(title: "Recipe") var training: TrainingOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var output: OutputOptions

  func validate() throws {
    if online, data != nil {
      throw ValidationError("--online and --data exclude each other")
    }
    if let nodes { try validateNodes(nodes) }
  }

  func run() throws {
    try TrainingSession.run(
      "pretrain", folder, isQuiet: output.quiet, newRecipe: newRecipe)
  }

  private func newRecipe() throws -> Recipe {
    let source = try Equation.load(equation).source
    var recipe = Recipe.pretraining(
      training.preset, equation: source, model: model)
    recipe.data = data
    recipe.online = online
    recipe.nodes = nodes ?? recipe.nodes
    recipe.width = width ?? recipe.width
    recipe.depth = depth ?? recipe.depth
    recipe.heads = heads ?? recipe.heads
    recipe.causal = causal
    recipe.encoding = encoding?.rawValue ?? recipe.encoding
    training.apply(to: &recipe, threads: threads.count)
    try recipe.validate()
    return recipe
  }
}
