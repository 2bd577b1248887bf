import Parallel
import Tables
import Training

/// Fine-tuning a pretrained network against training from scratch, on the same
/// few samples and the same test set (figure 2, left and middle, of the paper).
///
/// Each combination of start, number of samples and seed is a training run in
/// a folder of its own; one that was stopped goes on where it was.
public struct Transfer {
  /// One training.
  public struct Run: Sendable, Equatable {
    public let start: TransferStart
    public let samples: Int
    public let seed: UInt64

    /// The name of its folder.
    public var name: String { "\(start.rawValue)-\(samples)-seed\(seed)" }
  }

  public let folder: String
  public let runs: [Run]
  private let finetuned: Recipe
  private let scratch: Recipe

  /// Creates the experiment.
  ///
  /// - Parameters:
  ///   - finetuned: the recipe of fine-tuning, `from` and all.
  ///   - scratch: the recipe of training from scratch.
  ///   - samples: the numbers of training samples.
  ///   - seeds: of the training samples, their order and the initial weights.
  ///   - folder: where the runs are kept.
  public init(
    finetuned: Recipe, scratch: Recipe, samples: [Int], seeds: [UInt64],
    folder: String
  ) {
    self.finetuned = finetuned
    self.scratch = scratch
    self.folder = folder
    runs = samples.flatMap { samples in
      seeds.flatMap { seed in
        TransferStart.allCases.map {
          Run(start: $0, samples: samples, seed: seed)
        }
      }
    }
  }

  /// The recipe of training from scratch beside one of fine-tuning: the same
  /// network on the same samples for twice the epochs.
  ///
  /// The paper's scratch runs are its pretraining, on few samples.
  public static func scratch(beside finetuned: Recipe, preset: Recipe.Preset)
    -> Recipe
  {
    var recipe = finetuned
    if preset == .paper {
      let paper = Recipe.pretraining(
        preset, equation: nil, model: recipe.network.model)
      recipe.optimizer.learningRate = paper.optimizer.learningRate
      recipe.schedule.kind = paper.schedule.kind
    }
    recipe.network.from = nil
    recipe.schedule.epochs = 2 * finetuned.schedule.epochs
    return recipe
  }

  /// The recipe of a run; it is evaluated about twenty times.
  public func recipe(_ run: Run) -> Recipe {
    var recipe = run.start == .finetuned ? finetuned : scratch
    recipe.data.samples = run.samples
    recipe.seed = run.seed
    let batch = recipe.schedule.batch
    let stepsPerEpoch = (run.samples + batch - 1) / batch
    recipe.schedule.evaluateEvery =
      max(1, recipe.schedule.epochs / 20) * stepsPerEpoch
    return recipe
  }

  /// Where a run is kept.
  public func folder(_ run: Run) -> RunFolder {
    RunFolder(folder + "/" + run.name)
  }

  /// Trains everything that is not trained yet.
  ///
  /// - Parameters:
  ///   - threads: threads to use.
  ///   - cancellation: asked between steps.
  ///   - report: receives what each run tells.
  /// - Returns: all test errors, run by run.
  /// - Throws: what a training throws; `Cancelled`, with the state of the run
  ///   under way saved.
  public func run(
    threads: Int, cancellation: Cancellation = .never,
    report: (Run, TrainingRun, TrainingEvent) -> Void = { _, _, _ in }
  ) throws -> [TransferRow] {
    for run in runs {
      let folder = folder(run)
      let lock = try folder.lock()
      defer { withExtendedLifetime(lock) {} }
      // What has begun keeps its recipe.
      let saved = try folder.hasState ? SavedRun(folder) : nil
      let recipe = saved?.recipe ?? recipe(run)
      let training = try TrainingRun(
        recipe, sources: TrainingSources(systemsOf: saved?.located ?? recipe),
        folder: folder, resumes: saved != nil, threads: threads)
      let outcome = try training.run(
        cancellation: cancellation, report: { report(run, training, $0) })
      if outcome == .interrupted { throw Cancelled() }
    }
    return try runs.flatMap { run in
      try folder(run).readMetrics().map {
        TransferRow(
          start: run.start.rawValue, samples: run.samples, seed: run.seed,
          training: $0)
      }
    }
  }
}
