import Networks
import Systems
import Training

extension Recipe {
  /// A preset for learning Newton's steps; `data.file` and `data.test.file` are
  /// set by the caller.
  ///
  /// The paper's is its section 6: the network of section 4, AdamW, cosine from
  /// 10⁻⁴ to 10⁻⁵ without warm-up, 50 epochs.
  public static func newton(_ preset: Preset) -> Recipe {
    var recipe = pretraining(preset, equation: nil)
    recipe.network.encoding = .iterate
    recipe.network.homogeneous = nil
    recipe.network.nodes = 60
    recipe.data.samples = largestCount
    recipe.data.test.samples = largestCount
    recipe.schedule.epochs = 50
    switch preset {
    case .compact:
      recipe.network.width = 64
      recipe.network.depth = 2
      recipe.network.heads = 4
      recipe.schedule.warmup = 100
      recipe.schedule.floor = 0.05
      // Its error is far above bfloat16's rounding.
      recipe.precision.f32Share = nil
    case .paper: break
    case .smoke:
      recipe.network.width = 16
      recipe.network.depth = 1
      recipe.network.heads = 2
      recipe.schedule.epochs = 3
    }
    return recipe
  }
}

extension TrainingSources {
  /// The Newton trajectories that a recipe names.
  ///
  /// - Throws: `TrainingError.recipe` if it names none, and the errors of the
  ///   files in it.
  public init(trajectoriesOf recipe: Recipe) throws {
    guard !recipe.network.encoding.isOfSystems else {
      throw TrainingError.recipe(
        path: nil, key: "network.encoding",
        reason: "'\(recipe.network.encoding.rawValue)' is not one of iterates")
    }
    func examples(_ path: String?, _ key: String, _ limit: Int) throws
      -> TrajectoryExamples
    {
      guard let path else {
        throw TrainingError.recipe(
          path: nil, key: key, reason: "is missing: there are no trajectories")
      }
      let examples = TrajectoryExamples(
        try NewtonDataset(path: path), limit: limit)
      if recipe.network.encoding == .gradient {
        try examples.requireGradients()
      }
      return examples
    }
    self.init(
      training: try examples(
        recipe.data.file, "data.file", recipe.data.samples),
      test: try examples(
        recipe.data.test.file, "data.test.file", recipe.data.test.samples))
    if let own = training.origin?.law, let other = test.origin?.law,
      own != other
    {
      throw TrainingError.mismatch(
        "\(recipe.data.test.file ?? ""): has other problems than the training, "
          + "\(other), not \(own)")
    }
    try refuseSharedSamples(recipe.data.test)
  }
}
