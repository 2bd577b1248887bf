import Equations
import Foundation
import Networks
import Parallel
import Tables
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
    recipe.network.nodes = 12
    recipe.network.width = 16
    recipe.data.samples = 40
    recipe.schedule.batch = 8
    recipe.schedule.epochs = 4
    recipe.data.test.samples = 10
    recipe.optimizer.kind = optimizer
    recipe.data.online = online
    return recipe
  }

  private func makeRun(_ recipe: Recipe, _ folder: String, resumes: Bool) throws
    -> TrainingRun
  {
    try TrainingRun(
      recipe, sources: TrainingSources(systemsOf: recipe),
      folder: RunFolder(folder), resumes: resumes, threads: 2)
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
    recipe.precision.products = .bf16
    // From step 10 of 20, where one of the stops is.
    recipe.precision.f32Share = 0.5
    try stopAndResume(recipe)
  }

  private func stopAndResume(_ recipe: Recipe) throws {
    let whole = folder + "/whole"
    let broken = folder + "/broken"
    #expect(
      try makeRun(recipe, whole, resumes: false).run() == .finished)
    // Stopped in the middle of epochs and on their last steps, over and over.
    for stop in [3, 5, 10, 11, 19] {
      let run = try makeRun(recipe, broken, resumes: stop != 3)
      #expect(
        try run.run(cancellation: Cancellation { run.step == stop })
          == .interrupted)
    }
    let last = try makeRun(recipe, broken, resumes: true)
    #expect(last.step == 19)
    #expect(try last.run() == .finished)
    #expect(try weights(whole) == weights(broken))
    #expect(try metrics(whole) == metrics(broken))
    let state = try SafetensorsFile(path: whole + "/state.safetensors")
    #expect(
      try FormatArticle.missing(state.metadata.keys + state.tensors.map(\.name))
        .isEmpty)
    let model = try SafetensorsFile(path: whole + "/model.safetensors")
    #expect(try FormatArticle.missing(model.metadata.keys).isEmpty)
    let other = try SafetensorsFile(path: broken + "/state.safetensors")
    try refusesCounts(of: state, recipe, broken)
    for tensor in state.tensors {
      #expect(try state.floats(tensor.name) == other.floats(tensor.name))
    }
  }

  /// A state with a count that cannot be is named, not followed.
  private func refusesCounts(
    of state: SafetensorsFile, _ recipe: Recipe, _ run: String
  ) throws {
    for (key, value) in [
      ("step", "21"), ("step", "\(Int.max)"), ("evaluated_step", "-2"),
      ("loss_count", "\(Int.max)"), ("loss_count", "-1"),
    ] {
      var metadata = state.metadata
      metadata[key] = value
      let writer = try SafetensorsWriter(
        path: run + "/state.safetensors",
        tensors: state.tensors.map { ($0.name, $0.dtype, $0.shape) },
        metadata: metadata)
      for tensor in state.tensors {
        try writer.write(tensor.name, floats: state.floats(tensor.name))
      }
      try writer.finish()
      #expect {
        _ = try makeRun(recipe, run, resumes: true)
      } throws: {
        "\($0)".contains("'\(key)' is \(value), must lie between")
      }
    }
  }

  @Test func theLastShareOfTheStepsIsFloat32() throws {
    var recipe = try recipe(online: true)
    recipe.precision.products = .bf16
    recipe.precision.f32Share = 0.25
    var phases: [Precision] = []
    let run = try makeRun(recipe, folder + "/mixed", resumes: false)
    _ = try run.run(report: {
      if case .progress = $0 { phases.append(run.network.precision) }
    })
    #expect(
      phases == Array(repeating: .bf16, count: 15)
        + Array(repeating: .f32, count: 5))
    // Up to there it is the run in bf16, and from there it is not.
    func weights(share: Double?, steps: Int) throws -> [Float] {
      recipe.precision.f32Share = share
      recipe.schedule.kind = .constant
      recipe.schedule.steps = steps
      let path = folder + "/\(share ?? 0)-\(steps)"
      _ = try makeRun(recipe, path, resumes: false).run()
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
    recipe.schedule.epochs = 30
    recipe.data.samples = 64
    var errors: [Double] = []
    _ = try makeRun(recipe, folder, resumes: false).run(report: {
      if case .evaluation(let evaluation) = $0 {
        errors.append(evaluation.testMSE)
      }
    })
    #expect(errors.count == 30)
    #expect(errors[29] < 0.3 * errors[0], "\(errors)")
  }

  @Test func fineTuningStartsFromTheCheckpoint() throws {
    let first = try recipe()
    _ = try makeRun(first, folder + "/a", resumes: false).run()
    var second = Recipe.fineTuning(
      .smoke, equation: try Equation.load("reaction-diffusion").source)
    second.network.from = folder + "/a/model.safetensors"
    second.network.nodes = 12
    let run = try makeRun(second, folder + "/b", resumes: false)
    #expect(
      try Array(run.network.parameters.elements) == weights(folder + "/a"))
    let start = try Checkpoint(path: folder + "/a/model.safetensors")
    #expect(run.encoding == start.encoding)
  }

  /// A fine-tuning is tested before its first step; what it has by then stays,
  /// wherever it is stopped, and what is lost comes back.
  @Test func aFineTuningKeepsTheNetworkOfItsFirstTest() throws {
    _ = try makeRun(try recipe(), folder + "/a", resumes: false).run()
    let start = try weights(folder + "/a")
    let recipe = try Recipe.fineTuning(
      .smoke, equation: try Equation.load("reaction-diffusion").source,
      from: folder + "/a/model.safetensors")
    // That of an older run is none of this one's.
    let path = folder + "/b"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
    try Data("old".utf8).write(
      to: URL(fileURLWithPath: path + "/model.safetensors"))
    var isTested = false
    let stopped = Cancellation { isTested }
    #expect(
      try makeRun(recipe, path, resumes: false).run(
        cancellation: stopped, report: { _ in isTested = true })
        == .interrupted)
    #expect(try weights(path) == start)
    for isLost in [false, true] {
      if isLost { unlink(path + "/model.safetensors") }
      let run = try makeRun(recipe, path, resumes: true)
      #expect(run.step == 0)
      #expect(
        try run.run(cancellation: Cancellation { !isLost || run.step == 1 })
          == .interrupted)
      #expect(try weights(path) == start)
    }
  }

  @Test func aLossThatIsNotANumberStopsAndKeepsTheLastState() throws {
    var recipe = try recipe(optimizer: .adamw)
    recipe.optimizer.learningRate = 1e30
    recipe.optimizer.clip = 0
    recipe.schedule.warmup = 0
    let run = try makeRun(recipe, folder, resumes: false)
    #expect(throws: TrainingError.self) { try run.run() }
    let state = try SafetensorsFile(path: folder + "/state.safetensors")
    #expect(try state.floats("parameters").allSatisfy(\.isFinite))
  }

  @Test func aStateOfAnotherRecipeIsRefused() throws {
    var recipe = try recipe()
    _ = try makeRun(recipe, folder, resumes: false).run()
    recipe.schedule.batch = 4
    let error = refusal(TrainingError.self) {
      try makeRun(recipe, folder, resumes: true)
    }
    #expect(error.map { "\($0)".contains("schedule.batch 8, not 4") } == true)
  }
}
