import ArgumentParser
import Networks
import Newton
import Training

struct NewtonTrainCommand: DealtCommand {
  static let configuration = CommandConfiguration(
    commandName: "train",
    abstract: "Train a network on the steps of trajectories.",
    discussion: """
      Token i is entry i of Aᵀb and of the iterate x, with --encoding gradient
      also of the gradient of ‖Ax − b‖ₚᵖ there, each times one gain; the target
      is entry i of Newton's step over the root mean square of all training
      steps. The test mse is that of the step as it is, the relative one that of
      each step over its own norm.

      EXAMPLE:

        bvp newton train --data train.safetensors --test-data test.safetensors \\
          --width 32 --depth 2 --output runs/newton
      """)

  @Option(
    help: "The trajectories to learn from.",
    completion: .file(extensions: ["safetensors"]))
  var data: String

  @OptionGroup var shape: ShapeOptions

  @Option(
    help: "How iterates become tokens: iterate (the default) or gradient.",
    completion: .list(kinds.map(\.rawValue)), transform: Self.encoding)
  var encoding: Encoding.Kind?

  private static let kinds = [Encoding.Kind.iterate, .gradient]

  @Sendable private static func encoding(_ name: String) throws -> Encoding.Kind
  {
    guard let kind = Encoding.Kind(rawValue: name), kinds.contains(kind) else {
      throw ValidationError("must be iterate or gradient, not '\(name)'")
    }
    return kind
  }

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
      "newton", folder, training.threads, messages, recipe: recipe,
      sources: TrainingSources.init(trajectoriesOf:))
  }

  private func recipe(_ saved: SavedRun?, _ report: (String) -> Void) throws
    -> Recipe
  {
    if let saved { try training.presets.checkPreset(of: saved.recipe) }
    var recipe = saved?.recipe ?? Recipe.newton(training.presets.chosen)
    recipe.data.file = data
    if saved == nil {
      let dataset = try NewtonDataset(path: data)
      try requireCount(
        training.samples, "--samples", of: dataset.count, in: data,
        unit: "steps")
      recipe.data.samples = dataset.count
      recipe.network.nodes = dataset.n
    }
    shape.apply(to: &recipe.network)
    recipe.network.encoding = encoding ?? recipe.network.encoding
    try training.test.apply(to: &recipe.data.test, isNew: saved == nil) {
      try NewtonDataset(path: $0).count
    }
    return try training.applied(
      to: recipe, isNew: saved == nil, report: report)
  }
}
