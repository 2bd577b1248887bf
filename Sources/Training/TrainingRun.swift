import CKernels
import Datasets
import Equations
import Foundation
import Networks
import TensorFiles

/// A training and its folder: `recipe.yaml`, `metrics.csv`,
/// `state.safetensors`, `model.safetensors`.
///
/// The state on disk is complete at every moment, and what a run computes does
/// not depend on when it was saved: a run that was stopped, by whatever means,
/// and resumed ends in the same weights as one that was not.
public final class TrainingRun {
  /// The columns of metrics.csv.
  public static let metricsHeader =
    "epoch,step,samples,lr,train_mse,test_mse,test_relative_mse,seconds"

  /// How a run ended.
  public enum Outcome: Sendable, Equatable {
    case finished
    /// Stopped on request, with its state saved.
    case interrupted
  }

  /// Where a run stands.
  public struct Progress: Sendable {
    /// Steps taken and steps in all.
    public let step: Int
    public let steps: Int
    /// Samples seen.
    public let samples: Int
    /// The mean squared error over the last batch.
    public let loss: Double
    /// Samples a second over the last steps of this sitting.
    public let samplesPerSecond: Double
    /// The seconds that the rest will take at that rate.
    public let secondsLeft: Double
  }

  /// One line of metrics.csv.
  public struct Evaluation: Sendable {
    public let epoch: Int
    public let step: Int
    public let samples: Int
    public let learningRate: Double
    public let trainMSE: Double
    public let test: Metrics
    public let seconds: Double
  }

  /// What a run tells while it goes on.
  public enum Event: Sendable {
    case progress(Progress)
    case evaluation(Evaluation)
  }

  public let recipe: Recipe
  public let folder: String
  /// The steps this run takes in all.
  public let totalSteps: Int
  /// The steps taken so far.
  public var step: Int { state.step }
  /// The network at the precision of the present phase.
  public var network: any Network { phase.network }
  public var encoding: Encoding { state.encoding }
  /// The seconds between two states saved outside of evaluations.
  public var saveInterval = 60.0

  private let training: any SystemSource
  private let test: any SystemSource
  private let engine: ComputeEngine
  private var phase: TrainingPhase
  private let schedule: Schedule
  private let loader: BatchLoader
  private var order: SampleOrder
  private var state: TrainingState
  private var lastSavedStep: Int

  // MARK: Beginning

  /// Prepares a run; nothing is written before ``run(isInterrupted:report:)``.
  ///
  /// - Parameters:
  ///   - recipe: what to do.
  ///   - folder: where the run is kept; it is made if it is not there.
  ///   - resumes: whether to go on from the state in `folder`.
  /// - Throws: ``TrainingError`` for a recipe, a state or data that do not fit
  ///   together, and the errors of the files that the recipe names.
  public init(_ recipe: Recipe, folder: String, resumes: Bool) throws {
    try recipe.validate()
    self.recipe = recipe
    self.folder = folder
    let sources = try TrainingSources(recipe)
    training = sources.training
    test = sources.test
    guard training.count != 0, test.count != 0 else {
      throw TrainingError.mismatch(
        "there are no \(training.count == 0 ? "training" : "test") samples")
    }
    order = SampleOrder(
      epochSamples: training.count ?? recipe.samples, batch: recipe.batch,
      seed: recipe.seed, isEndless: training.count == nil)
    totalSteps = recipe.steps ?? recipe.epochs * order.stepsPerEpoch
    schedule = Schedule(
      kind: Schedule.Kind(rawValue: recipe.schedule) ?? .cosine,
      warmup: recipe.warmup, floor: recipe.floor)
    engine = try ComputeEngine(threads: recipe.threads)
    let start = try recipe.from.map { try Checkpoint(path: $0) }
    let shape = try start?.configuration ?? recipe.configuration()
    guard shape.n == training.n, shape.n == test.n else {
      throw TrainingError.mismatch(
        "the network solves systems of order \(shape.n), the training data "
          + "have order \(training.n), the test data \(test.n)")
    }
    phase = try TrainingPhase(
      shape, recipe, engine: engine,
      precision: recipe.precision(after: 0, of: totalSteps),
      capacity: min(recipe.batch, order.epochSamples))
    let text = try recipe.yaml()
    if resumes {
      state = try TrainingState(
        path: folder + "/state.safetensors", recipe: text, phase)
    } else {
      let encoding = try start?.encoding ?? Self.calibrate(recipe, training)
      state = TrainingState(encoding: encoding, recipe: text)
      if let start {
        _ = phase.network.parameters.elements.update(
          fromContentsOf: start.parameters)
        phase.network.parametersChanged()
      } else {
        phase.network.initialize(seed: recipe.seed)
      }
    }
    lastSavedStep = state.step
    loader = BatchLoader(
      training, encoding: state.encoding, capacity: recipe.batch,
      noise: recipe.trainNoise, seed: recipe.seed)
  }

  /// Goes on at the precision that the recipe has for the step to come.
  private func enterPhase() throws {
    let precision = recipe.precision(after: state.step, of: totalSteps)
    guard precision != network.precision else { return }
    let next = try TrainingPhase(
      network.configuration, recipe, engine: engine, precision: precision,
      capacity: network.capacity)
    next.takeOver(phase)
    phase = next
  }

  /// The encoding's gains, from the first thousand training systems.
  private static func calibrate(
    _ recipe: Recipe, _ source: any SystemSource
  ) throws -> Encoding {
    var system = SolvedSystem(n: source.n)
    let kind = Encoding.Kind(rawValue: recipe.encoding) ?? .equilibrated
    var squares = 0.0
    let count = min(1000, source.count ?? 1000)
    let encoding = try Encoding.calibrated(kind, n: source.n) { take in
      for index in 0..<count {
        try source.load(index, into: &system)
        try take(system.A, system.b)
        squares += system.u.reduce(0) { $0 + $1 * $1 }
      }
    }
    // Steps become ever smaller than solutions: they are given unit size.
    guard kind == .iterate, squares > 0 else { return encoding }
    return encoding.withTargetGain(
      (Double(count * source.n) / squares).squareRoot())
  }

  // MARK: Running

  /// Trains to the end, or until `isInterrupted` says so.
  ///
  /// - Throws: ``TrainingError/nonFinite(quantity:step:kept:)`` if the loss or
  ///   the gradient stops being a number; the last good state stays on disk.
  public func run(
    isInterrupted: () -> Bool = { false },
    report: (Event) -> Void = { _ in }
  ) throws -> Outcome {
    try begin()
    var lastSave = ContinuousClock.now
    var rate = Rate()
    if state.step < totalSteps {
      prepare(step: state.step)
    }
    while true {
      try enterPhase()
      if needsEvaluation {
        guard let evaluation = try evaluate(isInterrupted) else {
          try saveState()
          return .interrupted
        }
        report(.evaluation(evaluation))
        lastSave = .now
      }
      if state.step == totalSteps { return .finished }
      if isInterrupted() {
        try saveState()
        return .interrupted
      }
      let began = ContinuousClock.now
      let loss = try takeStep()
      let seconds = began.duration(to: .now).inSeconds
      state.seconds += seconds
      rate.add(samples: recipe.batch, seconds: seconds)
      report(.progress(progress(loss: loss, rate: rate.samplesPerSecond)))
      if lastSave.duration(to: .now).inSeconds > saveInterval {
        try saveState()
        lastSave = .now
      }
    }
  }

  /// Whether the state is one that the recipe evaluates, and is not yet.
  private var needsEvaluation: Bool {
    let interval = recipe.evaluateEvery ?? order.stepsPerEpoch
    let isDue = state.step.isMultiple(of: interval) || state.step == totalSteps
    // A fine-tuning shows where its checkpoint stood.
    let isFirst = state.step == 0 && recipe.from == nil
    return isDue && !isFirst && state.evaluatedStep != state.step
  }

  /// Creates the folder and its first files.
  private func begin() throws {
    do {
      try FileManager.default.createDirectory(
        atPath: folder, withIntermediateDirectories: true)
    } catch {
      throw TrainingError.state(
        path: folder, reason: "the folder cannot be created")
    }
    try writeAtomically(state.recipe, to: folder + "/recipe.yaml")
    try writeMetrics()
    if state.step == 0 {
      // A network of an earlier run would be taken for this one's.
      unlink(folder + "/model.safetensors")
      try saveState()
    }
  }

  /// Forward, backward and update on the batch that was prepared.
  private func takeStep() throws -> Double {
    let batch = try loader.take()
    network.tokens.pointer.update(
      from: batch.tokens, count: batch.samples * network.tokenCount)
    if state.step + 1 < totalSteps {
      prepare(step: state.step + 1)
    }
    let loss = try network.trainingPass(
      targets: batch.targets, samples: batch.samples)
    let norm = ck_sum_of_squares(
      network.gradients.pointer, network.layout.length
    ).squareRoot()
    guard loss.isFinite, norm.isFinite else {
      throw TrainingError.nonFinite(
        quantity: loss.isFinite ? "gradient" : "loss", step: state.step + 1,
        kept: lastSavedStep)
    }
    let scale = recipe.clip > 0 ? min(1, recipe.clip / (norm + 1e-6)) : 1
    try phase.optimizer.step(
      learningRate: learningRate(at: state.step), gradientScale: Float(scale))
    network.parametersChanged()
    state.step += 1
    state.lossSum += loss
    state.lossCount += 1
    return loss
  }

  private func prepare(step: Int) {
    loader.prepare(
      order.indices(step: step), visit: order.samplesSeen(after: step))
  }

  private func learningRate(at step: Int) -> Double {
    recipe.learningRate * schedule.factor(step: step, total: totalSteps)
  }

  private func progress(loss: Double, rate: Double) -> Progress {
    let left = Double((totalSteps - state.step) * recipe.batch)
    return Progress(
      step: state.step, steps: totalSteps,
      samples: order.samplesSeen(after: state.step), loss: loss,
      samplesPerSecond: rate, secondsLeft: left / rate)
  }

  // MARK: Evaluating and saving

  /// Evaluates and saves; nil if it was interrupted meanwhile.
  private func evaluate(_ isInterrupted: () -> Bool) throws -> Evaluation? {
    let began = ContinuousClock.now
    let predictor = try Predictor(
      network, encoding: state.encoding, n: test.n)
    let count = min(test.count ?? recipe.testSamples, recipe.testSamples)
    var stopped = false
    let metrics = try predictor.evaluate(
      test, count: count,
      isCancelled: {
        if isInterrupted() { stopped = true }
        return stopped
      })
    if stopped { return nil }
    guard metrics.mse.isFinite else {
      throw TrainingError.nonFinite(
        quantity: "test error", step: state.step, kept: lastSavedStep)
    }
    state.seconds += began.duration(to: .now).inSeconds
    let evaluation = Evaluation(
      epoch: (state.step + order.stepsPerEpoch - 1) / order.stepsPerEpoch,
      step: state.step, samples: order.samplesSeen(after: state.step),
      learningRate: learningRate(at: max(0, state.step - 1)),
      trainMSE: state.lossCount == 0
        ? .nan : state.lossSum / Double(state.lossCount),
      test: metrics, seconds: state.seconds)
    state.lossSum = 0
    state.lossCount = 0
    state.evaluatedStep = state.step
    state.rows.append(evaluation.csv)
    try checkpoint(metrics).write(to: folder + "/model.safetensors")
    try saveState()
    try writeMetrics()
    return evaluation
  }

  /// The network as it stands, with what there is to say of it.
  private func checkpoint(_ metrics: Metrics) -> Checkpoint {
    Checkpoint(
      network, encoding: state.encoding,
      notes: [
        "recipe": state.recipe, "data": training.identity,
        "step": "\(state.step)",
        "samples_seen": "\(order.samplesSeen(after: state.step))",
        "test_data": test.identity, "test_samples": "\(metrics.samples)",
        "test_mse": "\(metrics.mse)",
        "test_relative_mse_mean": "\(metrics.relativeMSE.mean)",
        "test_relative_mse_median": "\(metrics.relativeMSE.median)",
      ])
  }

  private func saveState() throws {
    try state.write(to: folder + "/state.safetensors", phase)
    lastSavedStep = state.step
  }

  private func writeMetrics() throws {
    let lines = [Self.metricsHeader] + state.rows
    try writeAtomically(
      lines.joined(separator: "\n") + "\n", to: folder + "/metrics.csv")
  }
}

extension TrainingRun.Evaluation {
  /// The line of metrics.csv.
  public var csv: String {
    "\(epoch),\(step),\(samples),\(learningRate),\(trainMSE),\(test.mse),"
      + "\(test.relativeMSE.mean),\(seconds)"
  }
}
