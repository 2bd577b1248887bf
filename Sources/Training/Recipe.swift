import Networks
import Systems

/// Everything that decides a training: the same recipe ends in the same weights
/// on one kind of processor, whatever the number of threads.
///
/// Each part owns its settings. ``init(path:text:)`` reads one from YAML and
/// refuses keys that it does not know.
public struct Recipe: Codable, Sendable, Equatable {
  /// The value of ``format`` that this version writes.
  public static let currentFormat = "bvp-recipe/2"

  public var format = Recipe.currentFormat
  /// Where the settings came from before any was changed.
  @Choice public var preset: Preset
  /// Of the training samples, their order and the first weights.
  public var seed: UInt64 = 0
  /// Recipes from before the weights were those of any number of threads named
  /// one; it is read, and means nothing.
  var threads: Int?
  public var network = NetworkSettings()
  public var data: DataSettings
  public var optimizer = OptimizerSettings()
  public var schedule = Schedule()
  public var precision = PrecisionSettings()

  public init(preset: Preset, equation: String?) {
    _preset = Choice(wrappedValue: preset)
    data = DataSettings(equation: equation)
  }

  /// The network's shape, and where its weights come from.
  public struct NetworkSettings: Codable, Sendable, Equatable {
    @Choice public var model = NetworkConfiguration.Model.algebraformer
    /// Tokens, which is the order of the systems.
    public var nodes = 64
    /// The embedding dimension, or the units of a recurrent layer.
    public var width = 128
    public var depth = 6
    public var heads = 4
    public var causal = false
    /// Products on either side of a Green's function's diagonal; nil of other
    /// models.
    public var rank: Int?
    @Choice public var encoding = Encoding.Kind.equilibrated
    /// Whether c times the right-hand side gives c times the answer; recipes from
    /// before nets were so do not say.
    public var homogeneous: Bool?
    /// The checkpoint that training starts from; nil starts from scratch.
    public var from: String?

    public init() {}
  }

  /// What a network is trained and tested on.
  public struct DataSettings: Codable, Sendable, Equatable {
    /// The text of the equation file; nil where the examples are none of an
    /// equation's.
    public var equation: String?
    /// A dataset file; nil makes the samples from the equation.
    public var file: String?
    /// Whether every step sees fresh samples.
    public var online = false
    /// Samples in an epoch, which is all of them unless `online`.
    public var samples = 50_000
    /// The right-hand sides of each training sample, where a network says a matrix;
    /// nil is one.
    public var rhs: Int?
    /// The share of them that are products of the matrix with random functions; nil
    /// is none.
    public var rhsRandom: Double?
    /// Noise on the training systems; nil leaves them clean.
    public var noise: TrainingNoise?
    public var test = TestSettings()

    init(equation: String?) { self.equation = equation }

    package var rightHandSides: RightHandSides {
      RightHandSides(count: rhs ?? 1, randomShare: rhsRandom ?? 0)
    }
  }

  /// What a network is tested on while it is trained.
  public struct TestSettings: Codable, Sendable, Equatable {
    /// A dataset file; nil makes the samples from the equation.
    public var file: String?
    public var samples = 512
    public var seed: UInt64 = 1_000_003

    init() {}
  }

  /// How gradients change the weights.
  public struct OptimizerSettings: Codable, Sendable, Equatable {
    @Choice public var kind = OptimizerKind.muon
    /// At its peak.
    public var learningRate = 3e-3
    /// Decoupled, of the blocks' matrices.
    public var weightDecay = 0.0
    /// The largest 2-norm of the gradient; 0 does not clip.
    public var clip = 1.0

    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable {
      case kind
      case learningRate = "learning_rate"
      case weightDecay = "weight_decay"
      case clip
    }
  }

  /// The arithmetic of the products.
  public struct PrecisionSettings: Codable, Sendable, Equatable {
    @Choice public var products = Precision.f32
    /// The last share of the steps, taken in Float32 whatever the products'
    /// precision; nil is none.
    ///
    /// Rounding operands to bfloat16 leaves a relative error of about 10⁻³ in
    /// the answers, which shows once all else is learned.
    public var f32Share: Double?

    public init() {}

    enum CodingKeys: String, CodingKey, CaseIterable {
      case products
      case f32Share = "f32_share"
    }

    /// The precision after `step` of `total` steps: of the step that follows, or
    /// of the evaluation after the last.
    func after(_ step: Int, of total: Int) -> Precision {
      let tail = Int((Double(total) * (f32Share ?? 0)).rounded())
      if tail > 0, step >= total - tail { return .f32 }
      return products
    }
  }

  /// The network's shape.
  public func configuration() throws -> NetworkConfiguration {
    try NetworkConfiguration(
      network.model, n: network.nodes,
      features: network.encoding.features(network.nodes), width: network.width,
      depth: network.depth, heads: network.heads, causal: network.causal,
      rank: network.rank ?? 1)
  }
}

// MARK: Keys

extension Recipe {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case format, preset, seed, threads, network, data, optimizer, schedule
    case precision
  }
}

extension Recipe.NetworkSettings {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case model, nodes, width, depth, heads, causal, rank, encoding, homogeneous
    case from
  }
}

extension Recipe.DataSettings {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case equation, file, online, samples, rhs
    case rhsRandom = "rhs_random"
    case noise, test
  }
}

extension Recipe.TestSettings {
  enum CodingKeys: String, CodingKey, CaseIterable {
    case file, samples, seed
  }
}
