import ArgumentParser
import Experiments
import Networks
import Systems

/// How verbs run trained networks.
struct InferenceOptions: ParsableArguments {
  @OptionGroup var precision: PrecisionOptions
  @OptionGroup var threads: ThreadOptions

  /// Refuses options that mean nothing where there is no network.
  ///
  /// - Parameters:
  ///   - culprit: what would bring one.
  ///   - isOfNetwork: whether the threads are the network's alone.
  /// - Throws: `ValidationError`.
  func refuse(without culprit: String, threads isOfNetwork: Bool = true) throws
  {
    if precision.precision != nil {
      throw ValidationError("--precision means nothing without \(culprit)")
    }
    if isOfNetwork, threads.threads != nil {
      throw ValidationError("--threads means nothing without \(culprit)")
    }
  }

  /// The network of a checkpoint that was read from a path, for systems of order
  /// `n`; what was measured to choose its precision is reported.
  func predictor(
    _ checkpoint: Checkpoint, _ path: String, n: Int,
    report: (String) -> Void
  ) throws -> Predictor {
    try systemPredictor(
      checkpoint, path, engine: engine(),
      precision: toAnswer(checkpoint, report), n: n)
  }

  /// The networks of checkpoints with their names in tables.
  ///
  /// - Parameters:
  ///   - checkpoints: the networks.
  ///   - paths: where each is from.
  ///   - n: the order of the systems.
  ///   - taken: names that others have.
  ///   - report: receives what was measured to choose their precisions.
  /// - Returns: the networks, in order.
  /// - Throws: `CommandFailure` for one of another order.
  func predictors(
    _ checkpoints: [Checkpoint], _ paths: [String], n: Int,
    besides taken: [String] = [], report: (String) -> Void
  ) throws -> [(name: String, predictor: Predictor)] {
    let engine = try engine()
    let names = try checkpointNames(paths, besides: taken)
    return try checkpoints.indices.map { index in
      (
        names[index],
        try systemPredictor(
          checkpoints[index], paths[index], engine: engine,
          precision: toAnswer(checkpoints[index], report), n: n)
      )
    }
  }

  /// The precision of a network's answers.
  func toAnswer(
    _ checkpoint: Checkpoint, _ report: (String) -> Void
  ) throws -> Precision {
    try precision.toAnswer(
      checkpoint.configuration, threads: threads.count, report: report)
  }

  func engine() throws -> ComputeEngine {
    try ComputeEngine(threads: threads.count)
  }
}

/// The network of a checkpoint, to solve systems of order `n`; whatever does not
/// fit is told with the checkpoint's path.
func systemPredictor(
  _ checkpoint: Checkpoint, _ path: String, engine: ComputeEngine,
  precision: Precision, batch: Int = 64, n: Int
) throws -> Predictor {
  try requireSystems(checkpoint, path)
  do {
    return try Predictor(
      checkpoint, engine: engine, precision: precision, batch: batch, n: n)
  } catch let error as NetworkError {
    throw CommandFailure("\(path): \(error)")
  }
}

/// What a network was trained on, to compare samples of a source with; nil if it
/// does not say.
func domainTally(
  _ checkpoint: Checkpoint, _ predictor: Predictor, _ source: any SystemSource
) throws -> DomainTally? {
  try TrainingDomain(checkpoint, predictor: predictor, count: 500).map {
    DomainTally($0, source)
  }
}

extension Checkpoint {
  /// The band around its answers on systems of order `n`; what is damaged is told
  /// with the checkpoint's path.
  func band(_ path: String, n: Int) throws -> ConformalBand? {
    do {
      let band = try ConformalBand(self)
      return band?.widths.count == n ? band : nil
    } catch { throw CommandFailure("\(path): \(error)") }
  }
}
