import ArgumentParser
import Equations
import Networks
import Training

struct PretrainCommand: DealtCommand {
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

  @OptionGroup var equation: TrainingEquation

  @OptionGroup var data: TrainingDataOptions

  @Option(
    help: """
      algebraformer; polya, which says the factors of an operator; greens, \
      which says its Green's function; or the baselines lstm and gru. \
      (default: algebraformer)
      """)
  var model: NetworkConfiguration.Model?

  @Option(help: "Nodes of the collocation grid. (default: 64)")
  var nodes: Int?

  @OptionGroup var shape: ShapeOptions

  @Flag(help: "Let token i see the tokens up to i only (for study).")
  var causal = false

  @Option(
    help: """
      Products on either side of the diagonal of a Green's function that \
      greens says. (default: 8)
      """)
  var rank: Int?

  @Option(
    help: "How systems become tokens: \(Self.encodings).",
    transform: Self.encoding)
  var encoding: Encoding.Kind?

  @Flag(
    inversion: .prefixedNo,
    help: """
      Scale right-hand sides to unit norm and answers back, so that c·b gives \
      c·x. (default: the preset's: yes, but for paper)
      """)
  var homogeneous: Bool?

  /// Those that a model has a choice of.
  private static let kinds = [Encoding.Kind.equilibrated, .raw]

  private static var encodings: String {
    kinds.map(\.rawValue).joined(separator: " or ")
  }

  @Sendable private static func encoding(_ name: String) throws -> Encoding.Kind
  {
    guard let kind = Encoding.Kind(rawValue: name), kinds.contains(kind) else {
      throw ValidationError("must be \(encodings), not '\(name)'")
    }
    return kind
  }

  @OptionGroup(title: "Run") var folder: RunOptions
  @OptionGroup(title: "Recipe") var training: TrainingOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if let nodes { try validateNodes(nodes) }
    if let model, model.encoding != nil, encoding != nil || homogeneous != nil {
      throw ValidationError(
        "\(model) has tokens of its own, and is linear in the right-hand side; "
          + "neither --encoding nor --homogeneous goes with it")
    }
    if let model, [.lstm, .gru].contains(model) {
      if causal {
        throw ValidationError("--causal is of attention; \(model) has none")
      }
      if shape.heads != nil {
        throw ValidationError("--heads are of attention; \(model) has none")
      }
    }
  }

  func run() throws {
    try TrainingSession.run(
      "pretrain", folder, training.threads, messages, recipe: recipe,
      sources: TrainingSources.init(systemsOf:))
  }

  private func recipe(_ saved: SavedRun?, _ report: (String) -> Void) throws
    -> Recipe
  {
    var recipe: Recipe
    if let saved {
      try training.presets.checkPreset(of: saved.recipe)
      recipe =
        try equation.equation.map {
          try saved.recipe(of: Equation.load($0))
        } ?? saved.recipe
      let own = recipe.network.model
      if let model, model != own {
        throw CommandFailure(
          "\(folder.output): the run has network.model \(own), not \(model); it "
            + "goes on as it began")
      }
    } else {
      recipe = try Recipe.pretraining(
        training.presets.chosen, equation: equation.load(data)?.source,
        model: model ?? .algebraformer)
    }
    try data.apply(
      to: &recipe, samples: training.samples, isNew: saved == nil)
    recipe.network.nodes = nodes ?? recipe.network.nodes
    shape.apply(to: &recipe.network)
    if causal { recipe.network.causal = true }
    recipe.network.rank = rank ?? recipe.network.rank
    if saved == nil {
      recipe.data.noise = training.noise.applied(to: recipe.data.noise)
      recipe.chooseEncoding()
    }
    recipe.network.encoding = encoding ?? recipe.network.encoding
    recipe.network.homogeneous = homogeneous ?? recipe.network.homogeneous
    try training.test.apply(to: &recipe.data.test, isNew: saved == nil)
    return try training.applied(
      to: recipe, isNew: saved == nil, report: report)
  }
}
