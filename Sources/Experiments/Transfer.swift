import Equations
import Foundation
import Networks
import TensorFiles
import Training

/// Fine-tuning a pretrained network against training from scratch, on the same
/// few samples and the same test set (figure 2, left and middle, of the paper).
///
/// Each combination of start, number of samples and seed is a training run in
/// a folder of its own; one that was stopped goes on where it was.
public struct Transfer {
  /// Where a network starts from.
  public enum Start: String, CaseIterable, Sendable {
    case finetuned
    case scratch
  }

  /// One training.
  public struct Run: Sendable, Equatable {
    public let start: Start
    public let samples: Int
    public let seed: UInt64

    /// The name of its folder.
    public var name: String { "\(start.rawValue)-\(samples)-seed\(seed)" }
  }

  /// The test error of a run after some epochs.
  public struct Row: Sendable, Equatable {
    public let run: Run
    public let epoch: Int
    public let step: Int
    public let testMSE: Double
    public let relativeMSE: Double
    public let seconds: Double
  }

  /// The final errors of both starts at one number of samples.
  public struct Comparison: Sendable, Equatable {
    public let samples: Int
    /// Geometric means over the seeds of the last test errors.
    public let finetuned: Double
    public let scratch: Double
    /// The first epoch at which scratch, in the geometric mean, is as good as
    /// the fine-tuned network at its end; nil if it never is.
    public let scratchEpochs: Int?
    /// The first epoch at which the fine-tuned network is as good as scratch
    /// at its end; nil if it never is.
    public let finetunedEpochs: Int?
    /// The epochs of both.
    public let epochs: (finetuned: Int, scratch: Int)

    public static func == (a: Comparison, b: Comparison) -> Bool {
      (a.samples, a.finetuned, a.scratch, a.scratchEpochs, a.finetunedEpochs)
        == (
          b.samples, b.finetuned, b.scratch, b.scratchEpochs,
          b.finetunedEpochs
        ) && a.epochs == b.epochs
    }
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
        Start.allCases.map { Run(start: $0, samples: samples, seed: seed) }
      }
    }
  }

  /// The recipe of a run; it is evaluated about twenty times.
  public func recipe(_ run: Run) -> Recipe {
    var recipe = run.start == .finetuned ? finetuned : scratch
    recipe.samples = run.samples
    recipe.seed = run.seed
    let stepsPerEpoch = (run.samples + recipe.batch - 1) / recipe.batch
    recipe.evaluateEvery = max(1, recipe.epochs / 20) * stepsPerEpoch
    return recipe
  }

  /// Trains everything that is not trained yet.
  ///
  /// - Parameters:
  ///   - isInterrupted: asked between steps; true saves and ends the work.
  ///   - report: receives what each run tells.
  /// - Returns: all test errors, run by run; nil if it was interrupted.
  /// - Throws: what a training throws.
  public func run(
    isInterrupted: () -> Bool = { false },
    report: (Run, TrainingRun, TrainingRun.Event) -> Void = { _, _, _ in }
  ) throws -> [Row]? {
    for run in runs {
      let path = folder + "/" + run.name
      let exists = FileManager.default.fileExists(
        atPath: path + "/state.safetensors")
      let training = try TrainingRun(recipe(run), folder: path, resumes: exists)
      let outcome = try training.run(
        isInterrupted: isInterrupted, report: { report(run, training, $0) })
      if outcome == .interrupted { return nil }
    }
    return try runs.flatMap(rows)
  }

  private func rows(_ run: Run) throws -> [Row] {
    let table = try CSVTable(path: "\(folder)/\(run.name)/metrics.csv")
    let epochs = try table.numbers("epoch")
    let steps = try table.numbers("step")
    let mse = try table.numbers("test_mse")
    let relative = try table.numbers("test_relative_mse")
    let seconds = try table.numbers("seconds")
    return epochs.indices.map {
      Row(
        run: run, epoch: Int(epochs[$0]), step: Int(steps[$0]),
        testMSE: mse[$0], relativeMSE: relative[$0], seconds: seconds[$0])
    }
  }

  // MARK: Summaries

  /// Compares both starts at each number of samples.
  public static func compare(_ rows: [Row]) -> [Comparison] {
    var counts: [Int] = []
    for row in rows where !counts.contains(row.run.samples) {
      counts.append(row.run.samples)
    }
    return counts.compactMap { samples in
      func curve(_ start: Start) -> [(epoch: Int, mse: Double)] {
        let chosen = rows.filter {
          $0.run.samples == samples && $0.run.start == start
        }
        return Set(chosen.map(\.epoch)).sorted().map { epoch in
          let errors = chosen.filter { $0.epoch == epoch }.map(\.testMSE)
          let mean = errors.reduce(0) { $0 + log($1) } / Double(errors.count)
          return (epoch, exp(mean))
        }
      }
      let finetuned = curve(.finetuned)
      let scratch = curve(.scratch)
      guard let a = finetuned.last, let b = scratch.last else { return nil }
      return Comparison(
        samples: samples, finetuned: a.mse, scratch: b.mse,
        scratchEpochs: scratch.first { $0.mse <= a.mse }?.epoch,
        finetunedEpochs: finetuned.first { $0.mse <= b.mse }?.epoch,
        epochs: (a.epoch, b.epoch))
    }
  }
}

extension Transfer.Comparison {
  /// The comparison in words.
  public var sentence: String {
    func number(_ value: Double) -> String { String(format: "%.1e", value) }
    let ends =
      "\(samples) samples: fine-tuned \(number(finetuned)) after "
      + "\(epochs.finetuned) epochs, from scratch \(number(scratch)) after "
      + "\(epochs.scratch)"
    if finetuned <= scratch {
      let reached =
        finetunedEpochs.map {
          "fine-tuning is past scratch's final error by epoch \($0)"
        } ?? "fine-tuning never reaches scratch's final error"
      let scratchReach =
        scratchEpochs.map { "scratch takes \($0) epochs to fine-tuning's" }
        ?? "scratch never reaches fine-tuning's"
      return
        "\(ends) (\(String(format: scratch < 10 * finetuned ? "%.1f" : "%.0f", scratch / finetuned)) times "
        + "the error); \(reached), \(scratchReach)"
    }
    return "\(ends); here scratch is the better start"
  }
}
