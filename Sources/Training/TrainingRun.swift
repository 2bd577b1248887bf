import Networks
import Parallel
import Ranks
import Systems
import TensorFiles

/// A training and its folder.
///
/// The state on disk is complete at every moment, and what a run computes does
/// not depend on when it was saved: a run that was stopped, by whatever means,
/// and resumed ends in the same weights as one that was not.
public final class TrainingRun {
  /// How a run ended.
  public enum Outcome: Sendable, Equatable {
    case finished
    /// Stopped on request, with its state saved.
    case interrupted
  }

  public let recipe: Recipe
  public let folder: RunFolder
  /// The steps this run takes in all.
  public let totalSteps: Int
  /// The steps taken so far.
  public var step: Int { state.step }
  /// The network at the precision of the present phase.
  public var network: Network { phase.network }
  public var encoding: Encoding { state.encoding }
  /// Whether the run has come to where it ended before it was extended.
  public var isBeingExtended: Bool {
    recipe.schedule.earlierEnds?.last == state.step
  }
  /// The test samples with u = 0, which have no relative error; nil before the
  /// first test, and where there are none.
  public internal(set) var zeroTestSolutions: Int?
  /// The seconds between two states saved outside of evaluations.
  public var saveInterval = 60.0

  let sources: TrainingSources
  /// The samples that it learns from.
  let learned: SampleOrigin?
  var order: SampleOrder
  var state: TrainingState
  private(set) var lastSavedStep: Int
  private let engine: ComputeEngine
  private let ranks = Ranks.all
  private var phase: TrainingPhase
  private let reader: BatchReader

  // MARK: Beginning

  /// Prepares a run; nothing is written before ``run(cancellation:report:)``.
  ///
  /// - Parameters:
  ///   - recipe: what to do; a run that has finished goes on if it has more
  ///     epochs or steps than before.
  ///   - sources: what to train and to test on.
  ///   - folder: where the run is kept; it is made if it is not there.
  ///   - resumes: whether to go on from the state in `folder`.
  ///   - threads: threads to use; what is computed does not depend on them.
  /// - Throws: ``TrainingError`` for a recipe, a state or data that do not fit
  ///   together, and the errors of the files that the recipe names.
  public init(
    _ recipe: Recipe, sources: TrainingSources, folder: RunFolder,
    resumes: Bool, threads: Int
  ) throws {
    try recipe.validate()
    self.folder = folder
    self.sources = sources
    let count = sources.training.count
    guard count != 0, sources.test.count != 0 else {
      throw TrainingError.mismatch(
        "there are no \(count == 0 ? "training" : "test") samples")
    }
    let order = SampleOrder(
      epochSamples: count ?? recipe.data.samples, batch: recipe.schedule.batch,
      seed: recipe.seed, isEndless: count == nil)
    self.order = order
    let file = try resumes ? SafetensorsFile(path: folder.state) : nil
    let saved = try file.map {
      try Self.resumed($0, by: recipe, sources, order)
    }
    let recipe = saved?.recipe ?? recipe
    self.recipe = recipe
    totalSteps = order.steps(of: recipe)
    engine = try ComputeEngine(threads: threads)
    // A state has the weights; where they began does not matter any more.
    let from = resumes ? nil : recipe.network.from
    let start = try from.map {
      (path: $0, checkpoint: try Checkpoint(path: $0))
    }
    try start?.checkpoint.refuseTrainedSamples(
      of: sources.test, name: from ?? "", threads: threads)
    learned = try sources.training.learnedOrigin(threads: threads)
    let shape = try start?.checkpoint.configuration ?? recipe.configuration()
    try Self.checkOrders(shape, sources)
    phase = try TrainingPhase(
      shape, recipe, engine: engine,
      precision: recipe.precision.after(0, of: totalSteps),
      capacity: min(recipe.schedule.batch, order.epochSamples))
    if let saved, let file {
      state = saved.state
      try state.restore(phase, from: file)
    } else {
      state = TrainingState(
        encoding: try start?.checkpoint.encoding
          ?? sources.training.calibrated(
            recipe.network.encoding,
            isHomogeneous: recipe.network.homogeneous ?? false),
        recipe: try recipe.yaml(),
        materials: try TrainingMaterials(sources, from: start))
      try phase.start(from: start?.checkpoint, seed: recipe.seed)
    }
    lastSavedStep = state.step
    reader = BatchReader(
      sources.training, encoding: state.encoding, for: phase.network)
  }

  /// Refuses processes that are not about the same run.
  private func agree() throws {
    func contents(_ source: any ExampleSource) -> String {
      "\(source.identity) (\(source.contentDigest))"
    }
    try ranks.agree(on: [
      ("recipe", recipe.yaml()), ("step", "\(state.step)"),
      ("training data", contents(sources.training)),
      ("test data", contents(sources.test)),
      ("checkpoint", state.materials.fromDigest),
    ])
  }

  /// What is known of a run that goes on, and the recipe that it goes on by.
  private static func resumed(
    _ file: SafetensorsFile, by recipe: Recipe, _ sources: TrainingSources,
    _ order: SampleOrder
  ) throws -> (state: TrainingState, recipe: Recipe) {
    var state = try TrainingState(file)
    let own = try Recipe(path: file.path, text: state.recipe)
    let end = order.steps(of: own)
    _ = try Metadata(file, format: .state).number("step", in: 0...end)
    try state.materials.check(
      TrainingMaterials(sources), path: file.path)
    let next = try recipe.continuing(
      own, isFinished: state.step == end, path: file.path,
      length: order.steps(of:))
    if next != own { state.recipe = try next.yaml() }
    return (state, next)
  }

  private static func checkOrders(
    _ shape: NetworkConfiguration, _ sources: TrainingSources
  ) throws {
    let (training, test) = (sources.training.n, sources.test.n)
    guard shape.n == training, shape.n == test else {
      throw TrainingError.mismatch(
        "the network solves systems of order \(shape.n), the training data "
          + "have order \(training), the test data \(test)")
    }
  }

  /// Goes on at the precision that the recipe has for the step to come.
  private func enterPhase() throws {
    let precision = precision(after: state.step)
    guard precision != network.precision else { return }
    let next = try TrainingPhase(
      network.configuration, recipe, engine: engine, precision: precision,
      capacity: network.capacity)
    try next.takeOver(phase)
    phase = next
  }

  private func precision(after step: Int) -> Precision {
    recipe.precision.after(
      step, of: recipe.schedule.end(of: step, total: totalSteps))
  }

  // MARK: Running

  /// Trains to the end, or until it is called off.
  ///
  /// - Parameters:
  ///   - cancellation: asked between steps and while it evaluates.
  ///   - report: receives what there is to tell.
  /// - Returns: how it ended.
  /// - Throws: ``TrainingError/nonFinite(quantity:step:kept:)`` if the loss or
  ///   the gradient stops being a number; the last good state stays on disk.
  public func run(
    cancellation: Cancellation = .never,
    report: (TrainingEvent) -> Void = { _ in }
  ) throws -> Outcome {
    try agree()
    do {
      try follow(cancellation, report)
      return .finished
    } catch is Cancelled {
      try saveState()
      try Ranks.all.wait()
      return .interrupted
    }
  }

  private func follow(
    _ cancellation: Cancellation, _ report: (TrainingEvent) -> Void
  ) throws {
    try begin()
    try enterPhase()
    try restoreModel(cancellation)
    var lastSave = ContinuousClock.now
    var rate = Rate()
    while true {
      try enterPhase()
      if needsEvaluation {
        report(.evaluation(try evaluate(cancellation)))
        lastSave = .now
      }
      if state.step == totalSteps { return }
      try cancellation.check()
      let began = ContinuousClock.now
      let loss = try takeStep()
      let seconds = began.duration(to: .now).inSeconds
      state.seconds += seconds
      rate.add(samples: recipe.schedule.batch, seconds: seconds)
      report(.progress(progress(loss: loss, rate: rate.samplesPerSecond)))
      let isDue = lastSave.duration(to: .now).inSeconds > saveInterval
      if try ranks.any(isDue) {
        try saveState()
        lastSave = .now
      }
    }
  }

  /// Creates the folder and its first files.
  private func begin() throws {
    try folder.create()
    // The state is what counts: recipe.yaml follows it, and the model of an
    // older run goes when there is another's state. A run that was tested before
    // its first step has a model of its own by then.
    if state.step == 0 || isBeingExtended { try saveState() }
    if state.evaluatedStep < 0, ranks.isFirst { folder.removeModel() }
    try writeAtomically(state.recipe, to: folder.recipe)
    try folder.writeMetrics(state.rows)
  }

  /// Forward, backward and update on the next batch.
  private func takeStep() throws -> Double {
    let indices = order.indices(step: state.step)
    let (loss, norm) = try phase.pass(
      samples: indices.count,
      read: reader.reading(
        indices, visit: order.samplesSeen(after: state.step)))
    guard loss.isFinite, norm.isFinite else {
      throw TrainingError.nonFinite(
        quantity: loss.isFinite ? "gradient" : "loss", step: state.step + 1,
        kept: lastSavedStep)
    }
    let clip = recipe.optimizer.clip
    let scale = clip > 0 ? min(1, clip / (norm + 1e-6)) : 1
    try phase.update(
      learningRate: learningRate(at: state.step), gradientScale: Float(scale))
    state.step += 1
    state.lossSum += loss
    state.lossCount += 1
    return loss
  }

  /// The samples that so many steps have seen, as metrics.csv counts them.
  public func samplesSeen(after step: Int) -> Int {
    order.samplesSeen(after: step)
  }

  /// The learning rate of step `step`, counted from 0.
  public func learningRate(at step: Int) -> Double {
    recipe.optimizer.learningRate
      * recipe.schedule.factor(
        step: step, total: recipe.schedule.end(of: step, total: totalSteps))
  }

  private func progress(loss: Double, rate: Double) -> TrainingProgress {
    TrainingProgress(
      step: state.step, loss: loss / state.encoding.squaredUnit,
      samplesPerSecond: rate)
  }

  func saveState() throws {
    try phase.shareMoments()
    try state.write(to: folder.state, phase)
    lastSavedStep = state.step
  }
}
