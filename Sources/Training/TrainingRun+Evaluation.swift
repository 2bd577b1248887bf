import Networks
import Parallel
import Ranks
import Systems
import Tables

extension TrainingRun {
  /// Whether the state is one that the recipe evaluates, and is not yet.
  var needsEvaluation: Bool {
    let interval = recipe.schedule.evaluateEvery ?? order.stepsPerEpoch
    let isDue =
      state.step.isMultiple(of: interval) || state.step == totalSteps
      || recipe.schedule.earlierEnds?.contains(state.step) == true
    // A fine-tuning shows where its checkpoint stood.
    let isFirst = state.step == 0 && recipe.network.from == nil
    return isDue && !isFirst && state.evaluatedStep != state.step
  }

  /// Evaluates and saves, unless it is called off meanwhile.
  func evaluate(_ cancellation: Cancellation) throws -> TrainingRow {
    let began = ContinuousClock.now
    let errors = try testErrors(cancellation)
    guard errors.failures == nil, errors.mse.isFinite else {
      throw TrainingError.nonFinite(
        quantity: "test error", step: state.step, kept: lastSavedStep)
    }
    state.seconds += began.duration(to: .now).inSeconds
    zeroTestSolutions = errors.zeros
    let row = row(errors)
    state.lossSum = 0
    state.lossCount = 0
    state.evaluatedStep = state.step
    state.rows += ResultTable([row]).csvRows
    try writeModel(errors)
    try saveState()
    try folder.writeMetrics(state.rows)
    return row
  }

  /// Writes the network of a run that stopped where it was tested, where the file has
  /// another, or is gone.
  func restoreModel(_ cancellation: Cancellation) throws {
    guard state.evaluatedStep == state.step, try Ranks.all.any(!hasModel) else {
      return
    }
    try writeModel(testErrors(cancellation))
  }

  /// Whether the file has the network as it stands.
  private var hasModel: Bool {
    // Whatever is wrong with the file, it is written again.
    guard let found = try? Checkpoint(path: folder.model) else { return false }
    return found.parameters.elementsEqual(network.parameters.elements)
  }

  private func testErrors(_ cancellation: Cancellation) throws -> EvaluationRow
  {
    let wanted = recipe.data.test.samples
    return try Predictor(
      network, encoding: state.encoding, n: sources.test.n
    ).evaluate(
      sources.test, count: min(sources.test.count ?? wanted, wanted),
      cancellation: cancellation)
  }

  private func writeModel(_ errors: EvaluationRow) throws {
    try Checkpoint.write(
      network, encoding: state.encoding,
      notes: notes(errors, trainedOn: Checkpoint.note(trainedSamples)),
      to: folder.model)
  }

  private func row(_ errors: EvaluationRow) -> TrainingRow {
    var row = TrainingRow()
    row.epoch =
      (state.step + order.stepsPerEpoch - 1) / order.stepsPerEpoch
    row.step = state.step
    row.samples = order.samplesSeen(after: state.step)
    row.learningRate = learningRate(at: max(0, state.step - 1))
    row.trainMSE =
      state.lossCount == 0
      ? .nan
      : state.lossSum / Double(state.lossCount) / state.encoding.squaredUnit
    row.testMSE = errors.mse
    row.testRelativeMSE = errors.relativeMSE.mean
    row.seconds = state.seconds
    return row
  }

  /// The samples that the network has learned from.
  private var trainedSamples: [SampleOrigin] {
    (samples(note: state.materials.trainedBefore) ?? [])
      + [learned].compactMap(\.self)
  }

  /// What there is to say of the network as it stands.
  private func notes(_ errors: EvaluationRow, trainedOn: String)
    -> [String: String]
  {
    [
      "recipe": state.recipe, "data": sources.training.identity,
      Checkpoint.trainedKey: trainedOn,
      "step": "\(state.step)",
      "samples_seen": "\(order.samplesSeen(after: state.step))",
      "test_data": sources.test.identity,
      "test_samples": "\(errors.samples)", "test_mse": "\(errors.mse)",
      "test_relative_mse_mean": "\(errors.relativeMSE.mean)",
      "test_relative_mse_median": "\(errors.relativeMSE.median)",
    ]
  }
}
