import ArgumentParser
import Equations
import Foundation
import Networks
import Training

extension NetworkConfiguration.Model: ExpressibleByArgument {}
extension Recipe.Preset: ExpressibleByArgument {}
extension OptimizerKind: ExpressibleByArgument {}
extension Schedule.Kind: ExpressibleByArgument {}
extension Encoding.Kind: ExpressibleByArgument {}
extension Noise.Model: ExpressibleByArgument {}
extension Noise.Target: ExpressibleByArgument {}

/// The precision a user asks for.
enum PrecisionChoice: String, CaseIterable, ExpressibleByArgument {
  case auto
  case f32
  case bf16

  var precision: Precision {
    switch self {
    case .auto: .automatic
    case .f32: .f32
    case .bf16: .bf16
    }
  }
}

/// The hyper-parameters; each that is not given is the preset's.
struct TrainingOptions: ParsableArguments {
  @Option(help: "Where the defaults come from: compact, paper or smoke.")
  var preset: Recipe.Preset = .compact

  @Option(help: "Training samples (in an epoch, with --online).")
  var samples: Int?

  @Option(help: "Samples of the test set.")
  var testSamples: Int?

  @Option(help: "Dataset to test on. (default: made from the equation)")
  var testData: String?

  @Option(help: "Seed of the test samples.")
  var testSeed: UInt64?

  @Option(help: "Seed of the samples, their order and the first weights.")
  var seed: UInt64?

  @Option(help: "Passes over the training samples.")
  var epochs: Int?

  @Option(help: "Optimiser steps, instead of epochs.")
  var steps: Int?

  @Option(
    help: ArgumentHelp(
      """
      Noise on the training systems, new each time: its largest σ; each \
      system's is log-uniform down to a thousandth of it.
      """, valueName: "sigma"))
  var trainNoise: Double?

  @Option(help: "What that noise is proportional to: relative, absolute, rms.")
  var trainNoiseModel = Noise.Model.relative

  @Option(help: "What that noise is on: A, b or both.")
  var trainNoiseTarget = Noise.Target.A

  @Option(help: "Samples in a step.")
  var batch: Int?

  @Option(help: "muon or adamw.")
  var optimizer: OptimizerKind?

  @Option(help: "The learning rate at its peak.")
  var learningRate: Double?

  @Option(help: "cosine or constant.")
  var schedule: Schedule.Kind?

  @Option(help: "Steps of linear growth at the start.")
  var warmup: Int?

  @Option(help: "The share of the peak that a cosine ends at.")
  var floor: Double?

  @Option(help: "Decoupled weight decay of the blocks' matrices.")
  var weightDecay: Double?

  @Option(help: "The largest 2-norm of the gradient; 0 does not clip.")
  var clip: Double?

  @Option(help: "Steps between two evaluations. (default: an epoch)")
  var evaluateEvery: Int?

  @Option(
    help: "auto (bf16 where the processor has it in hardware), f32 or bf16.")
  var precision: PrecisionChoice?

  @Option(
    help: ArgumentHelp(
      "The last share of the steps that is taken in f32 whatever the precision.",
      valueName: "share"))
  var f32Share: Double?

  /// Puts what was given in the place of the preset's.
  func apply(to recipe: inout Recipe, threads: Int) {
    recipe.samples = samples ?? recipe.samples
    recipe.testSamples = testSamples ?? recipe.testSamples
    recipe.testData = testData
    recipe.testSeed = testSeed ?? recipe.testSeed
    recipe.seed = seed ?? recipe.seed
    recipe.epochs = epochs ?? recipe.epochs
    recipe.steps = steps ?? recipe.steps
    recipe.batch = batch ?? recipe.batch
    recipe.trainNoise = trainNoise.map {
      TrainingNoise(model: trainNoiseModel, target: trainNoiseTarget, level: $0)
    }
    recipe.optimizer = optimizer?.rawValue ?? recipe.optimizer
    recipe.learningRate = learningRate ?? recipe.learningRate
    recipe.schedule = schedule?.rawValue ?? recipe.schedule
    recipe.warmup = warmup ?? recipe.warmup
    recipe.floor = floor ?? recipe.floor
    recipe.weightDecay = weightDecay ?? recipe.weightDecay
    recipe.clip = clip ?? recipe.clip
    recipe.evaluateEvery = evaluateEvery ?? recipe.evaluateEvery
    recipe.precision = (precision ?? .auto).precision.rawValue
    recipe.f32Share = f32Share ?? recipe.f32Share
    recipe.threads = threads
  }
}

/// Where a run is kept.
struct RunOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "The run's folder.")
  var output: String

  @Flag(help: "Go on from where the run in the folder stopped.")
  var resume = false

  @Flag(name: .shortAndLong, help: "Begin anew in a folder that is in use.")
  var force = false

  /// Refuses a folder that holds something, unless that is wanted.
  func check() throws {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: output, isDirectory: &isFolder) else {
      if resume {
        throw CommandFailure("\(output): there is no run to resume")
      }
      return
    }
    guard isFolder.boolValue else {
      throw CommandFailure("\(output): is a file, a run needs a folder")
    }
    let content = (try? manager.contentsOfDirectory(atPath: output)) ?? []
    if resume {
      guard content.contains("state.safetensors") else {
        throw CommandFailure(
          "\(output): there is no state.safetensors to resume from")
      }
    } else if !content.isEmpty, !force {
      throw CommandFailure(
        "\(output): is not empty; --resume goes on, --force begins anew")
    }
  }

  /// The recipe of the run in the folder.
  func recipe() throws -> Recipe {
    let path = output + "/recipe.yaml"
    guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
      throw CommandFailure("\(path): cannot be read")
    }
    return try Recipe(path: path, text: text)
  }
}
