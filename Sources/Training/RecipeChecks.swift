import Networks
import Systems

extension Recipe {
  /// The largest number of samples, steps or epochs; products of two do not
  /// overflow.
  public static let largestCount = 1 << 30

  /// The most steps of a run: ``largestCount`` epochs of as many steps.
  static let largestRun = largestCount * largestCount

  /// Throws the first setting that cannot be followed.
  ///
  /// - Parameter path: the file that the recipe is from, for the error.
  /// - Throws: ``TrainingError/recipe(path:key:reason:)``.
  public func validate(path: String? = nil) throws {
    let check = RecipeCheck(path: path)
    try check.require(
      (3...65_536).contains(network.nodes), "network.nodes",
      "must lie between 3 and 65536, not \(network.nodes)")
    try check.require(
      network.model.encodings.contains(network.encoding), "network.encoding",
      "'\(network.encoding.rawValue)' does not go with the model "
        + "'\(network.model.rawValue)'")
    let orders =
      network.encoding == .estimates
      ? Encoding.estimateOrders : Encoding.factorOrders
    try check.require(
      network.model.encoding == nil || orders.contains(network.nodes),
      "network.nodes",
      "must lie between \(orders.lowerBound) and \(orders.upperBound) for "
        + "\(network.model), not \(network.nodes)")
    for (key, isGiven) in [
      ("network.rank", network.rank != nil), ("data.rhs", data.rhs != nil),
      ("data.rhs_random", data.rhsRandom != nil),
    ] {
      try check.require(
        network.model == .greens || !isGiven, key,
        "goes with the model 'greens', not with '\(network.model.rawValue)'")
    }
    try check.require(
      !network.encoding.isLinear || data.noise?.target ?? .A == .A,
      "data.noise.target",
      "must be A: the model '\(network.model.rawValue)' reads no b")
    try data.validate(check)
    try optimizer.validate(check)
    try schedule.validate(check)
    try check.share(precision.f32Share ?? 0, "precision.f32_share")
    try check.require(
      network.encoding.isOfSystems || (data.noise == nil && !data.online),
      "network.encoding",
      "'\(network.encoding.rawValue)' goes with neither data.noise nor "
        + "data.online")
  }
}

/// Refuses settings, by the key in their file.
struct RecipeCheck {
  let path: String?

  func require(_ holds: Bool, _ key: String, _ reason: String) throws {
    guard holds else {
      throw TrainingError.recipe(path: path, key: key, reason: reason)
    }
  }

  func positive(_ value: Int, _ key: String) throws {
    try require(value > 0, key, "must be at least 1, not \(value)")
    try require(
      value <= Recipe.largestCount, key,
      "must be at most \(Recipe.largestCount), not \(value)")
  }

  func share(_ value: Double, _ key: String) throws {
    try require(
      (0...1).contains(value), key, "must lie in [0, 1], not \(value)")
  }

  func notNegative(_ value: Double, _ key: String) throws {
    try require(
      value >= 0 && value.isFinite, key, "must be zero or a positive number")
  }

  func positive(_ value: Double, _ key: String) throws {
    try require(
      value > 0 && value.isFinite, key,
      "must be a positive number, not \(value)")
  }
}

extension Recipe.DataSettings {
  fileprivate func validate(_ check: RecipeCheck) throws {
    try check.positive(samples, "data.samples")
    try check.positive(test.samples, "data.test.samples")
    try check.positive(noise?.level ?? 1, "data.noise.level")
    try check.require(
      (0...20).contains(noise?.decades ?? 3), "data.noise.decades",
      "must lie between 0 and 20, not \(noise?.decades ?? 3)")
    try check.require(
      Noise.levels.contains(noise?.level ?? 1), "data.noise.level",
      "must lie between \(Noise.levels.lowerBound) and "
        + "\(Noise.levels.upperBound), not \(noise?.level ?? 1)")
    try check.require(
      (1...1024).contains(rhs ?? 1), "data.rhs",
      "must lie between 1 and 1024, not \(rhs ?? 1)")
    try check.share(rhsRandom ?? 0, "data.rhs_random")
    try check.require(
      !(online && file != nil), "data.online",
      "and data.file exclude each other")
  }
}

extension Recipe.OptimizerSettings {
  fileprivate func validate(_ check: RecipeCheck) throws {
    try check.positive(learningRate, "optimizer.learning_rate")
    try check.notNegative(weightDecay, "optimizer.weight_decay")
    try check.notNegative(clip, "optimizer.clip")
  }
}

extension Schedule {
  fileprivate func validate(_ check: RecipeCheck) throws {
    try check.share(floor, "schedule.floor")
    try check.require(
      (0...Recipe.largestCount).contains(warmup), "schedule.warmup",
      "must not be negative, nor over \(Recipe.largestCount)")
    try check.positive(batch, "schedule.batch")
    try check.positive(chunk, "schedule.chunk")
    try check.positive(epochs, "schedule.epochs")
    try check.positive(steps ?? 1, "schedule.steps")
    try check.positive(evaluateEvery ?? 1, "schedule.evaluate_every")
    let ends = earlierEnds ?? []
    try check.require(
      zip([0] + ends, ends).allSatisfy { $0 < $1 }
        && ends.allSatisfy { $0 <= Recipe.largestCount },
      "schedule.earlier_ends", "must be positive and ascend, not \(ends)")
  }
}
