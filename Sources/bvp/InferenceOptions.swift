import ArgumentParser
import Foundation
import Networks

/// How verbs run trained networks.
struct InferenceOptions: ParsableArguments {
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var threads: ThreadOptions

  /// The network of a checkpoint, for systems of order `n`.
  func predictor(_ path: String, n: Int) throws -> Predictor {
    try predictor(Checkpoint(path: path), n: n)
  }

  /// The network of a checkpoint, for systems of order `n`.
  func predictor(_ checkpoint: Checkpoint, n: Int) throws -> Predictor {
    try Predictor(
      checkpoint, engine: engine(), precision: precision.toAnswer, n: n)
  }

  /// The networks of checkpoints with their names in tables.
  func predictors(
    _ paths: [String], n: Int, besides taken: [String] = []
  ) throws -> [(name: String, predictor: Predictor)] {
    let engine = try engine()
    return try zip(paths, checkpointNames(paths, besides: taken)).map {
      path, name in
      let predictor = try Predictor(
        Checkpoint(path: path), engine: engine, precision: precision.toAnswer,
        n: n)
      return (name, predictor)
    }
  }

  func engine() throws -> ComputeEngine {
    try ComputeEngine(threads: threads.count)
  }
}

/// Names of checkpoints for tables: of the file, of the run's folder where the
/// file is its model.safetensors, or the whole path where that is not enough to
/// tell them apart.
func checkpointNames(_ paths: [String], besides taken: [String] = [])
  -> [String]
{
  let short = paths.map { path in
    let url = URL(fileURLWithPath: path)
    let name = url.deletingPathExtension().lastPathComponent
    return name == "model"
      ? url.deletingLastPathComponent().lastPathComponent : name
  }
  return zip(paths, short).map { path, name in
    taken.contains(name) || short.count(where: { $0 == name }) > 1
      ? path : name
  }
}
