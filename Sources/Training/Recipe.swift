import Datasets
import Equations
import Networks
import Yams

/// Everything that decides a training: the same recipe, seed and number of
/// threads end in the same weights.
public struct Recipe: Codable, Sendable, Equatable {
  /// The value of ``format`` that this version writes and reads.
  public static let currentFormat = "bvp-recipe/1"

  public var format = Recipe.currentFormat
  public var preset: String
  /// The text of the equation file.
  public var equation: String

  // Network.
  public var model = NetworkConfiguration.Model.algebraformer.rawValue
  public var nodes = 64
  /// The embedding dimension, or the units of a recurrent layer.
  public var width = 128
  public var depth = 6
  public var heads = 4
  public var causal = false
  public var encoding = Encoding.Kind.equilibrated.rawValue
  public var precision = Precision.f32.rawValue
  /// The last share of the steps, taken in Float32 whatever the precision; nil
  /// is none.
  ///
  /// Rounding operands to bfloat16 leaves a relative error of about 10⁻³ in
  /// the answers, which shows once all else is learned.
  public var f32Share: Double?
  /// The checkpoint that training starts from; nil starts from scratch.
  public var from: String?

  // Data.
  /// A dataset file; nil makes the samples from the equation.
  public var data: String?
  /// Whether every step sees fresh samples.
  public var online = false
  /// Samples in an epoch, which is all of them unless `online`.
  public var samples = 50_000
  /// Noise on the training systems; nil leaves them clean.
  public var trainNoise: TrainingNoise?
  public var testData: String?
  public var testSamples = 512
  public var testSeed: UInt64 = 1_000_003

  // Optimisation.
  public var optimizer = OptimizerKind.muon.rawValue
  public var learningRate = 3e-3
  public var schedule = Schedule.Kind.cosine.rawValue
  public var warmup = 200
  /// The share of the peak that a cosine ends at.
  public var floor = 0.05
  public var weightDecay = 0.0
  /// The largest 2-norm of the gradient; 0 does not clip.
  public var clip = 1.0
  public var batch = 32
  public var epochs = 4
  /// The number of steps; nil is `epochs` epochs.
  public var steps: Int?
  /// Steps between two evaluations; nil is once an epoch.
  public var evaluateEvery: Int?
  public var seed: UInt64 = 0
  public var threads = 1

  enum CodingKeys: String, CodingKey {
    case format, preset, equation, model, nodes, width, depth, heads, causal
    case encoding, precision
    case f32Share = "f32_share"
    case from, data, online, samples
    case trainNoise = "train_noise"
    case testData = "test_data"
    case testSamples = "test_samples"
    case testSeed = "test_seed"
    case optimizer
    case learningRate = "learning_rate"
    case schedule, warmup, floor
    case weightDecay = "weight_decay"
    case clip, batch, epochs, steps
    case evaluateEvery = "evaluate_every"
    case seed, threads
  }

  public init(preset: String, equation: String) {
    self.preset = preset
    self.equation = equation
  }

  // MARK: Presets

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
    _ preset: Preset, equation: String,
    model: NetworkConfiguration.Model = .algebraformer
  ) -> Recipe {
    var recipe = Recipe(preset: preset.rawValue, equation: equation)
    recipe.model = model.rawValue
    switch preset {
    case .compact:
      recipe.floor = 0
      recipe.f32Share = 0.3
    case .paper:
      recipe.width = 256
      recipe.depth = 12
      recipe.heads = 8
      recipe.encoding = Encoding.Kind.raw.rawValue
      recipe.optimizer = OptimizerKind.adamw.rawValue
      recipe.learningRate = 1e-4
      recipe.floor = 0.1
      recipe.warmup = 0
      recipe.weightDecay = 0.01
      recipe.clip = 0
      recipe.batch = 64
      recipe.epochs = 400
      recipe.testSamples = 5000
    case .smoke:
      recipe.width = 32
      recipe.depth = 2
      recipe.heads = 2
      recipe.batch = 16
      recipe.samples = 256
      recipe.epochs = 2
      recipe.warmup = 8
      recipe.testSamples = 64
    }
    if model != .algebraformer {
      recipe.heads = 1
      switch preset {
      case .compact:
        recipe.depth = 4
        recipe.optimizer = OptimizerKind.adamw.rawValue
        recipe.learningRate = 1e-3
      case .paper:
        recipe.width = 384
        recipe.depth = 4
      case .smoke: break
      }
    }
    return recipe
  }

  /// A preset for fine-tuning a checkpoint on few samples.
  ///
  /// The paper's is a constant 5·10⁻⁵ for half of the 1000 epochs that
  /// training from scratch takes.
  public static func fineTuning(
    _ preset: Preset, equation: String,
    model: NetworkConfiguration.Model = .algebraformer
  ) -> Recipe {
    var recipe = pretraining(preset, equation: equation, model: model)
    recipe.samples = 250
    switch preset {
    case .compact:
      recipe.learningRate = 2e-3
      recipe.warmup = 20
      recipe.epochs = 100
      recipe.batch = 32
      recipe.evaluateEvery = 80
    case .paper:
      recipe.learningRate = 5e-5
      recipe.schedule = Schedule.Kind.constant.rawValue
      recipe.epochs = 500
    case .smoke:
      recipe.samples = 64
      recipe.epochs = 4
    }
    return recipe
  }

  /// A preset for learning Newton's steps; `data` and `testData` are set by the
  /// caller.
  ///
  /// The paper's is its section 6: the network of section 4, AdamW, cosine from
  /// 10⁻⁴ to 10⁻⁵ without warm-up, 50 epochs.
  public static func newton(_ preset: Preset) -> Recipe {
    var recipe = pretraining(preset, equation: "")
    recipe.encoding = Encoding.Kind.iterate.rawValue
    recipe.nodes = 60
    recipe.samples = .max
    recipe.testSamples = .max
    recipe.epochs = 50
    switch preset {
    case .compact:
      recipe.width = 64
      recipe.depth = 2
      recipe.heads = 4
      recipe.warmup = 100
      recipe.floor = 0.05
      recipe.f32Share = nil  // Its error is far above bfloat16's rounding.
    case .paper: break
    case .smoke:
      recipe.width = 16
      recipe.depth = 1
      recipe.heads = 2
      recipe.epochs = 3
    }
    return recipe
  }

  // MARK: Files

  /// Reads a recipe.
  public init(path: String, text: String) throws {
    do {
      // The first recipes had one model and did not name it.
      let names = text.split(separator: "\n").contains {
        $0.hasPrefix("model:")
      }
      self = try YAMLDecoder().decode(
        Recipe.self, from: names ? text : "model: algebraformer\n" + text)
    } catch let DecodingError.keyNotFound(key, _) {
      throw TrainingError.recipe(
        path: path, key: key.stringValue, reason: "is missing")
    } catch let DecodingError.typeMismatch(_, context) {
      throw TrainingError.recipe(
        path: path, key: context.codingPath.map(\.stringValue).joined(),
        reason: "has a value of the wrong kind")
    } catch {
      throw TrainingError.recipe(
        path: path, key: "recipe", reason: "is damaged or not YAML")
    }
    guard format == Self.currentFormat else {
      throw TrainingError.recipe(
        path: path, key: "format",
        reason: "'\(format)', expected '\(Self.currentFormat)'")
    }
    try validate(path: path)
  }

  /// The recipe as YAML.
  public func yaml() throws -> String {
    let encoder = YAMLEncoder()
    encoder.options.width = -1
    return try encoder.encode(self)
  }

  // MARK: Checks

  /// Throws the first setting that cannot be followed.
  public func validate(path: String? = nil) throws {
    func require(_ holds: Bool, _ key: CodingKeys, _ reason: String) throws {
      guard holds else {
        throw TrainingError.recipe(
          path: path, key: key.rawValue, reason: reason)
      }
    }
    func positive(_ value: Int, _ key: CodingKeys) throws {
      try require(value > 0, key, "must be at least 1, not \(value)")
    }
    try positive(samples, .samples)
    try positive(testSamples, .testSamples)
    try positive(batch, .batch)
    try positive(epochs, .epochs)
    try positive(steps ?? 1, .steps)
    try positive(evaluateEvery ?? 1, .evaluateEvery)
    try positive(threads, .threads)
    try require(nodes >= 3, .nodes, "must be at least 3, not \(nodes)")
    try require(
      learningRate > 0 && learningRate.isFinite, .learningRate,
      "must be a positive number, not \(learningRate)")
    try require(
      (0...1).contains(floor), .floor, "must lie in [0, 1], not \(floor)")
    try require(warmup >= 0, .warmup, "must not be negative")
    try require(
      weightDecay >= 0 && weightDecay.isFinite, .weightDecay,
      "must be zero or a positive number")
    try require(
      clip >= 0 && clip.isFinite, .clip, "must be zero or a positive number")
    let share = f32Share ?? 0
    try require(
      (0...1).contains(share), .f32Share, "must lie in [0, 1], not \(share)")
    let level = trainNoise?.level ?? 1
    try require(
      level > 0 && level.isFinite, .trainNoise,
      "must have a positive level, not \(level)")
    try requireKnown(model, NetworkConfiguration.Model.self, .model, path)
    try requireKnown(optimizer, OptimizerKind.self, .optimizer, path)
    try requireKnown(schedule, Schedule.Kind.self, .schedule, path)
    try requireKnown(encoding, Encoding.Kind.self, .encoding, path)
    try requireKnown(precision, Precision.self, .precision, path)
    try require(
      !(online && data != nil), .online, "and data exclude each other")
    let isNewton = encoding == Encoding.Kind.iterate.rawValue
    try require(
      !(isNewton && (trainNoise != nil || online)), .encoding,
      "'iterate' goes with neither train_noise nor online")
  }

  private func requireKnown<Kind: RawRepresentable & CaseIterable>(
    _ value: String, _ kind: Kind.Type, _ key: CodingKeys, _ path: String?
  ) throws where Kind.RawValue == String {
    guard Kind(rawValue: value) == nil else { return }
    let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
    throw TrainingError.recipe(
      path: path, key: key.rawValue,
      reason: "unknown value '\(value)'; known are \(known)")
  }

  /// The precision after `step` of `total` steps: of the step that follows, or
  /// of the evaluation after the last.
  func precision(after step: Int, of total: Int) -> Precision {
    let tail = Int((Double(total) * (f32Share ?? 0)).rounded())
    if tail > 0, step >= total - tail { return .f32 }
    return Precision(rawValue: precision) ?? .f32
  }

  /// The network's shape.
  public func configuration() throws -> NetworkConfiguration {
    try NetworkConfiguration(
      .init(rawValue: model) ?? .algebraformer, n: nodes,
      features: encoding == Encoding.Kind.iterate.rawValue ? 2 : nil,
      width: width,
      depth: depth, heads: heads, causal: causal)
  }
}
