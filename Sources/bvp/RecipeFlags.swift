import Foundation
import Training

/// The flags that set what a recipe has under its keys.
enum RecipeFlags {
  private static let names = [
    "seed": "--seed",
    "network.model": "--model", "network.nodes": "--nodes",
    "network.width": "--width", "network.depth": "--depth",
    "network.heads": "--heads", "network.causal": "--causal",
    "network.rank": "--rank", "network.encoding": "--encoding",
    "network.homogeneous": "--homogeneous", "network.from": "--from",
    "data.file": "--data", "data.online": "--online",
    "data.samples": "--samples", "data.rhs": "--rhs",
    "data.rhs_random": "--rhs-random", "data.noise": "--train-noise",
    "data.noise.level": "--train-noise",
    "data.noise.model": "--train-noise-model",
    "data.noise.target": "--train-noise-target",
    "data.noise.decades": "--train-noise-decades",
    "data.test.file": "--test-data", "data.test.samples": "--test-samples",
    "data.test.seed": "--test-seed",
    "optimizer.kind": "--optimizer",
    "optimizer.learning_rate": "--learning-rate",
    "optimizer.weight_decay": "--weight-decay", "optimizer.clip": "--clip",
    "schedule.kind": "--schedule", "schedule.warmup": "--warmup",
    "schedule.floor": "--floor", "schedule.batch": "--batch",
    "schedule.chunk": "--chunk", "schedule.epochs": "--epochs",
    "schedule.steps": "--steps",
    "schedule.evaluate_every": "--evaluate-every",
    "precision.products": "--precision", "precision.f32_share": "--f32-share",
  ]

  /// Does something with a recipe that flags have made: what is wrong with a key of
  /// it is told of its flag, as nobody has written the key.
  static func naming<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch TrainingError.recipe(.none, let key, let reason) {
      guard let flag = names[key] else {
        throw TrainingError.recipe(path: nil, key: key, reason: reason)
      }
      var text = reason
      // The longest first: some begin like others.
      for (key, flag) in names.sorted(by: { $0.key.count > $1.key.count })
      where key.contains(".") {
        text = text.replacing(key, with: flag)
      }
      throw CommandFailure("\(flag): \(text)")
    }
  }
}
