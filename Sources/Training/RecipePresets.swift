import Networks

extension Recipe {
  /// The recipes that have a name.
  public enum Preset: String, CaseIterable, Sendable {
    /// The paper's hyper-parameters.
    case paper
    /// Small and quick: the default.
    case compact
    /// Seconds; for tests.
    case smoke
  }

  /// A preset for training from scratch.
  ///
  /// The paper's is its appendix F (AdamW, β = 0.9 and 0.95, cosine from 10⁻⁴
  /// to 10⁻⁵, 400 epochs of 50 000 samples, section 4's networks); the batch
  /// size, which it leaves out, is 64.
  public static func pretraining(
    _ preset: Preset, equation: String?,
    model: NetworkConfiguration.Model = .algebraformer
  ) -> Recipe {
    var recipe = Recipe(preset: preset, equation: equation)
    recipe.network.model = model
    recipe.network.homogeneous = true
    switch preset {
    case .compact:
      recipe.schedule.floor = 0
      recipe.precision.f32Share = 0.3
    case .paper: recipe.takePapersSettings()
    case .smoke: recipe.takeSmokeSettings()
    }
    switch model {
    case .algebraformer: break
    case .polya, .greens:
      recipe.network.encoding = model.encoding ?? recipe.network.encoding
      if preset == .compact { recipe.network.depth = 3 }
      guard model == .greens else { break }
      recipe.network.rank = 8
      recipe.data.rhs = 8
      recipe.data.rhsRandom = 0.25
    case .lstm, .gru: recipe.takeRecurrentSettings(preset)
    }
    return recipe
  }

  private mutating func takePapersSettings() {
    network.width = 256
    network.depth = 12
    network.heads = 8
    network.encoding = .raw
    network.homogeneous = false
    optimizer.kind = .adamw
    optimizer.learningRate = 1e-4
    optimizer.weightDecay = 0.01
    optimizer.clip = 0
    schedule.floor = 0.1
    schedule.warmup = 0
    schedule.batch = 64
    schedule.epochs = 400
    data.test.samples = 5000
  }

  private mutating func takeSmokeSettings() {
    network.width = 32
    network.depth = 2
    network.heads = 2
    schedule.batch = 16
    schedule.epochs = 2
    schedule.warmup = 8
    data.samples = 256
    data.test.samples = 64
  }

  private mutating func takeRecurrentSettings(_ preset: Preset) {
    network.heads = 1
    // A step's weights are read once for all samples of a chunk.
    schedule.chunk = 16
    switch preset {
    case .compact:
      network.depth = 4
      optimizer.kind = .adamw
      optimizer.learningRate = 1e-3
    case .paper:
      network.width = 384
      network.depth = 4
    case .smoke: break
    }
  }

  /// A preset for fine-tuning a checkpoint on few samples.
  ///
  /// The paper's is a constant 5·10⁻⁵ for half of the 1000 epochs that
  /// training from scratch takes.
  public static func fineTuning(
    _ preset: Preset, equation: String?,
    model: NetworkConfiguration.Model = .algebraformer
  ) -> Recipe {
    var recipe = pretraining(preset, equation: equation, model: model)
    recipe.data.samples = 250
    switch preset {
    case .compact:
      recipe.optimizer.learningRate = 2e-3
      recipe.schedule.warmup = 20
      recipe.schedule.epochs = 100
      recipe.schedule.batch = 32
      recipe.schedule.evaluateEvery = 80
    case .paper:
      recipe.optimizer.learningRate = 5e-5
      recipe.schedule.kind = .constant
      recipe.schedule.epochs = 500
    case .smoke:
      recipe.data.samples = 64
      recipe.schedule.epochs = 4
    }
    return recipe
  }

  /// A preset's recipe for a checkpoint: its shape, and itself as the start.
  ///
  /// - Parameters:
  ///   - preset: where all else comes from.
  ///   - equation: the text of the equation file.
  ///   - path: the checkpoint.
  /// - Returns: the recipe.
  /// - Throws: what reading the checkpoint throws, and ``TrainingError`` if it
  ///   solves no linear systems.
  public static func fineTuning(
    _ preset: Preset, equation: String?, from path: String
  ) throws -> Recipe {
    let checkpoint = try Checkpoint(path: path)
    guard checkpoint.encoding.kind.isOfSystems else {
      throw TrainingError.mismatch(
        "\(path): learned steps of a minimisation and solves no linear systems")
    }
    let shape = checkpoint.configuration
    var recipe = fineTuning(preset, equation: equation, model: shape.model)
    recipe.network.from = path
    recipe.network.nodes = shape.n
    recipe.network.width = shape.width
    recipe.network.depth = shape.depth
    recipe.network.heads = shape.heads
    recipe.network.causal = shape.isCausal
    recipe.network.rank = shape.rank
    recipe.network.encoding = checkpoint.encoding.kind
    recipe.network.homogeneous = checkpoint.encoding.isHomogeneous
    return recipe
  }
}
