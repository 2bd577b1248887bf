import ArgumentParser
import Foundation
import Networks
import Training

extension NetworkConfiguration.Model: ExpressibleByArgument {}
extension OptimizerKind: ExpressibleByArgument {}
extension Schedule.Kind: ExpressibleByArgument {}
extension Encoding.Kind: ExpressibleByArgument {}

/// The hyper-parameters; each that is not given is the preset's.
struct TrainingOptions: ParsableArguments {
  @OptionGroup var presets: PresetOptions

  @Option(help: "Training samples (in an epoch, with --online).")
  var samples: Int?

  @OptionGroup var test: TestSetOptions

  @Option(help: "Seed of the samples, their order and the first weights.")
  var seed: UInt64?

  @Option(parsing: .unconditional, help: "Passes over the training samples.")
  var epochs: Int?

  @Option(parsing: .unconditional, help: "Optimiser steps, instead of epochs.")
  var steps: Int?

  @Option(parsing: .unconditional, help: "Samples in a step.")
  var batch: Int?

  @Option(
    parsing: .unconditional,
    help: """
      Samples that a worker takes at a time; the weights depend on it, and on \
      no number of threads.
      """)
  var chunk: Int?

  @Option(help: "muon or adamw.")
  var optimizer: OptimizerKind?

  @Option(parsing: .unconditional, help: "The learning rate at its peak.")
  var learningRate: Double?

  @Option(help: "cosine or constant.")
  var schedule: Schedule.Kind?

  @Option(parsing: .unconditional, help: "Steps of linear growth at the start.")
  var warmup: Int?

  @Option(
    parsing: .unconditional,
    help: "The share of the peak that a cosine ends at.")
  var floor: Double?

  @Option(
    parsing: .unconditional,
    help: "Decoupled weight decay of the blocks' matrices.")
  var weightDecay: Double?

  @Option(
    parsing: .unconditional,
    help: "The largest 2-norm of the gradient; 0 does not clip.")
  var clip: Double?

  @Option(help: "Steps between two evaluations. (default: an epoch)")
  var evaluateEvery: Int?

  @Option(
    help: ArgumentHelp(
      "The last share of the steps that is taken in f32 whatever the precision.",
      valueName: "share"))
  var f32Share: Double?

  @OptionGroup var noise: TrainingNoiseOptions
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var threads: ThreadOptions

  func validate() throws {
    if epochs != nil, steps != nil {
      throw ValidationError("--epochs and --steps exclude each other")
    }
    if let f32Share, f32Share > 0, precision.precision == .f32 {
      throw ValidationError("--f32-share means nothing with --precision f32")
    }
    if schedule == .constant, floor != nil {
      throw ValidationError("--floor means nothing with --schedule constant")
    }
  }

  /// A recipe with what was given in the place of its own.
  ///
  /// - Parameters:
  ///   - base: a preset's recipe, or that of a run which goes on.
  ///   - isNew: whether the precision is this machine's unless given.
  ///   - report: receives what was measured to choose it.
  /// - Returns: the recipe.
  /// - Throws: `TrainingError.recipe` if it cannot be followed.
  func applied(
    to base: Recipe, isNew: Bool, report: (String) -> Void
  ) throws -> Recipe {
    var recipe = base
    recipe.seed = seed ?? recipe.seed
    recipe.data.samples = samples ?? recipe.data.samples
    recipe.data.noise = noise.applied(to: recipe.data.noise)
    recipe.optimizer.kind = optimizer ?? recipe.optimizer.kind
    recipe.optimizer.learningRate =
      learningRate ?? recipe.optimizer.learningRate
    recipe.optimizer.weightDecay = weightDecay ?? recipe.optimizer.weightDecay
    recipe.optimizer.clip = clip ?? recipe.optimizer.clip
    apply(to: &recipe.schedule)
    recipe.precision.f32Share = f32Share ?? recipe.precision.f32Share
    if floor != nil, recipe.schedule.kind == .constant {
      throw CommandFailure(
        "--floor means nothing with the schedule constant, which is the preset's; "
          + "it goes with --schedule cosine")
    }
    try recipe.validate()
    if isNew || precision.isFixed {
      recipe.precision.products = try precision.toTrain(
        recipe.configuration(),
        chunk: min(recipe.schedule.chunk, recipe.schedule.batch),
        threads: threads.count, report: report)
    }
    return recipe
  }

  private func apply(to own: inout Schedule) {
    own.kind = schedule ?? own.kind
    own.warmup = warmup ?? own.warmup
    own.floor = floor ?? own.floor
    own.batch = batch ?? own.batch
    own.chunk = chunk ?? own.chunk
    own.epochs = epochs ?? own.epochs
    own.steps = steps ?? own.steps
    own.evaluateEvery = evaluateEvery ?? own.evaluateEvery
  }
}
