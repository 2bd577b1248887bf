import Equations
import Foundation
import Networks
import TensorFiles
import TestSupport
import Testing
import Training

@Suite(.serialized)
struct TrainingRunTests {
  private let temporary: TemporaryFolder
  private var folder: String { temporary.path }

  init() throws { temporary = try TemporaryFolder() }

  /// Seconds of training on systems of order 12.
  private func recipe(
    optimizer: OptimizerKind = .muon, online: Bool = false
  ) throws -> Recipe {
    var recipe = Recipe.pretraining(
      .smoke, equation: try Equation.load("diffusion").source)
    recipe.nodes = 12
    recipe.width = 16
    recipe.samples = 40
    recipe.batch = 8
    recipe.epochs = 4
    recipe.testSamples = 10
    recipe.optimizer = optimizer.rawValue
    recipe.online = online
    recipe.threads = 2
    return recipe
  }

  private func weights(_ folder: String) throws -> [Float] {
    try Checkpoint(path: folder + "/model.safetensors").parameters
  }

  /// metrics.csv without its last column, the seconds.
  private func metrics(_ folder: String) throws -> [String] {
    try String(contentsOfFile: folder + "/metrics.csv", encoding: .utf8)
      .split(separator: "\n")
      .map { $0.split(separator: ",").dropLast().joined(separator: ",") }
  }

  @Test(arguments: OptimizerKind.allCases, [false, true])
  func aStoppedRunEndsWhereAnUnbrokenOneDoes(
    _ optimizer: OptimizerKind, _ online: Bool
  ) throws {
    try stopAndResume(recipe(optimizer: optimizer, online: online))
  }

  @Test(arguments: OptimizerKind.allCases)
  func soDoesOneThatChangesItsPrecision(_ optimizer: OptimizerKind) throws {
    var recipe = try recipe(optimizer: optimizer, online: true)
    recipe.precision = Precision.bf16.rawValue
    recipe.f32Share = 0.5  // From step 10 of 20, where one of the stops is.
    try stopAndResume(recipe)
  }

  private func stopAndResume(_ recipe: Recipe) throws {
    let whole = folder + "/whole"
    let broken = folder + "/broken"
    #expect(
      try TrainingRun(recipe, folder: whole, resumes: false).run() == .finished)
    // Stopped in the middle of epochs and on their last steps, over and over.
    for stop in [3, 5, 10, 11, 19] {
      let run = try TrainingRun(
        recipe, folder: broken, resumes: stop != 3)
      #expect(
        try run.run(isInterrupted: { run.step == stop }) == .interrupted)
    }
    let last = try TrainingRun(recipe, folder: broken, resumes: true)
    #expect(last.step == 19)
    #expect(try last.run() == .finished)
    #expect(try weights(whole) == weights(broken))
    #expect(try metrics(whole) == metrics(broken))
    let state = try SafetensorsFile(path: whole + "/state.safetensors")
    let other = try SafetensorsFile(path: broken + "/state.safetensors")
    for tensor in state.tensors {
      #expect(try state.floats(tensor.name) == other.floats(tensor.name))
    }
  }

  @Test func theLastShareOfTheStepsIsFloat32() throws {
    var recipe = try recipe(online: true)
    recipe.precision = Precision.bf16.rawValue
    recipe.f32Share = 0.25
    var phases: [Precision] = []
    let run = try TrainingRun(
      recipe, folder: folder + "/mixed", resumes: false)
    _ = try run.run(report: {
      if case .progress = $0 { phases.append(run.network.precision) }
    })
    #expect(
      phases == Array(repeating: .bf16, count: 15)
        + Array(repeating: .f32, count: 5))
    // Up to there it is the run in bf16, and from there it is not.
    func weights(share: Double?, steps: Int) throws -> [Float] {
      recipe.f32Share = share
      recipe.schedule = Schedule.Kind.constant.rawValue
      recipe.steps = steps
      let path = folder + "/\(share ?? 0)-\(steps)"
      _ = try TrainingRun(recipe, folder: path, resumes: false).run()
      return try self.weights(path)
    }
    let half = try weights(share: nil, steps: 10)
    #expect(try weights(share: 1.0 / 11, steps: 11) != half)
    #expect(
      try weights(share: 1.0 / 11, steps: 11)
        != weights(share: nil, steps: 11))
    #expect(
      try weights(share: 0.04, steps: 10) == half,
      "a share below half a step is none")
  }

  @Test func trainingLowersTheError() throws {
    var recipe = try recipe()
    recipe.epochs = 30
    recipe.samples = 64
    var errors: [Double] = []
    _ = try TrainingRun(recipe, folder: folder, resumes: false).run(report: {
      if case .evaluation(let evaluation) = $0 {
        errors.append(evaluation.test.mse)
      }
    })
    #expect(errors.count == 30)
    #expect(errors[29] < 0.3 * errors[0], "\(errors)")
  }

  @Test func fineTuningStartsFromTheCheckpoint() throws {
    let first = try recipe()
    _ = try TrainingRun(first, folder: folder + "/a", resumes: false).run()
    var second = Recipe.fineTuning(
      .smoke, equation: try Equation.load("reaction-diffusion").source)
    second.from = folder + "/a/model.safetensors"
    second.nodes = 12
    let run = try TrainingRun(second, folder: folder + "/b", resumes: false)
    #expect(
      Array(run.network.parameters.elements) == (try weights(folder + "/a")))
    let start = try Checkpoint(path: folder + "/a/model.safetensors")
    #expect(run.encoding == start.encoding)
  }

  @Test func aLossThatIsNotANumberStopsAndKeepsTheLastState() throws {
    var recipe = try recipe(optimizer: .adamw)
    recipe.learningRate = 1e30
    recipe.clip = 0
    recipe.warmup = 0
    let run = try TrainingRun(recipe, folder: folder, resumes: false)
    #expect(throws: TrainingError.self) { try run.run() }
    let state = try SafetensorsFile(path: folder + "/state.safetensors")
    #expect(try state.floats("parameters").allSatisfy(\.isFinite))
  }

  @Test func aStateOfAnotherRecipeIsRefused() throws {
    var recipe = try recipe()
    _ = try TrainingRun(recipe, folder: folder, resumes: false).run()
    recipe.batch = 4
    let error = #expect(throws: TrainingError.self) {
      try TrainingRun(recipe, folder: folder, resumes: true)
    }
    #expect(error.map { "\($0)".contains("another recipe") } == true)
  }

  @Test func recipesComeBackAsTheyWere() throws {
    for preset in Recipe.Preset.allCases {
      let source = try Equation.load("advection-diffusion").source
      var recipe = Recipe.fineTuning(preset, equation: source)
      recipe.from = "a path/with: odd 'characters'.safetensors"
      let text = try recipe.yaml()
      #expect(try Recipe(path: "recipe.yaml", text: text) == recipe)
    }
  }

  @Test(arguments: [
    ("batch: 32", "batch: 0", "batch"),
    ("optimizer: muon", "optimizer: moun", "optimizer"),
    ("learning_rate: 3e-3", "learning_rate: -1", "learning_rate"),
    ("clip: 1e+0", "clip: yes", "clip"),
    ("f32_share: 3e-1", "f32_share: 1.5", "f32_share"),
  ])
  func aWrongRecipeIsNamed(_ good: String, _ bad: String, _ key: String) throws
  {
    let recipe = Recipe.pretraining(.compact, equation: "x")
    let text = try recipe.yaml()
    let lines = text.split(separator: "\n").map { line in
      line.hasPrefix(key + ":") ? bad : String(line)
    }
    let error = #expect(throws: TrainingError.self) {
      try Recipe(path: "r.yaml", text: lines.joined(separator: "\n"))
    }
    #expect(error.map { "\($0)".hasPrefix("r.yaml: \(key)") } == true)
  }
}
