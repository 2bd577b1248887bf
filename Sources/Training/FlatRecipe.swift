import Networks
import Systems

/// A recipe of the format before, `bvp-recipe/1`, in which all settings stood
/// side by side.
///
/// It is read; a run that began with one keeps it when it is resumed.
struct FlatRecipe: Decodable {
  static let format = "bvp-recipe/1"
  static var keys: RecipeKeys {
    RecipeKeys(
      CodingKeys.self,
      ["train_noise": RecipeKeys(TrainingNoise.CodingKeys.self)])
  }

  let format: String
  @Choice var preset: Recipe.Preset
  let equation: String
  /// The first recipes had one model and did not name it.
  let model: Choice<NetworkConfiguration.Model>?
  let nodes: Int
  let width: Int
  let depth: Int
  let heads: Int
  let causal: Bool
  @Choice var encoding: Encoding.Kind
  @Choice var precision: Precision
  let f32Share: Double?
  let from: String?
  let data: String?
  let online: Bool
  let samples: Int
  let trainNoise: TrainingNoise?
  let testData: String?
  let testSamples: Int
  let testSeed: UInt64
  @Choice var optimizer: OptimizerKind
  let learningRate: Double
  @Choice var schedule: Schedule.Kind
  let warmup: Int
  let floor: Double
  let weightDecay: Double
  let clip: Double
  let batch: Int
  let epochs: Int
  let steps: Int?
  let evaluateEvery: Int?
  let seed: UInt64
  let threads: Int

  enum CodingKeys: String, CodingKey, CaseIterable {
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

  /// The same settings in their parts.
  var recipe: Recipe {
    var recipe = Recipe(
      preset: preset, equation: equation.isEmpty ? nil : equation)
    recipe.seed = seed
    recipe.network.model = model?.wrappedValue ?? .algebraformer
    recipe.network.nodes = nodes
    recipe.network.width = width
    recipe.network.depth = depth
    recipe.network.heads = heads
    recipe.network.causal = causal
    recipe.network.encoding = encoding
    recipe.network.from = from
    recipe.data.file = data
    recipe.data.online = online
    // Newton runs wrote the largest integer, for every sample there is.
    recipe.data.samples = min(samples, Recipe.largestCount)
    recipe.data.noise = trainNoise
    recipe.data.test.file = testData
    recipe.data.test.samples = min(testSamples, Recipe.largestCount)
    recipe.data.test.seed = testSeed
    recipe.optimizer.kind = optimizer
    recipe.optimizer.learningRate = learningRate
    recipe.optimizer.weightDecay = weightDecay
    recipe.optimizer.clip = clip
    recipe.schedule.kind = schedule
    recipe.schedule.warmup = warmup
    recipe.schedule.floor = floor
    recipe.schedule.batch = batch
    recipe.schedule.givenChunk = nil
    recipe.schedule.epochs = epochs
    recipe.schedule.steps = steps
    recipe.schedule.evaluateEvery = evaluateEvery
    recipe.precision.products = precision
    recipe.precision.f32Share = f32Share
    return recipe
  }
}
