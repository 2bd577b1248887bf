import Networks
import Ranks
import Systems

/// A network and its optimiser at one precision, and their steps, which are dealt
/// out to all processes of a job: each computes chunks of a batch, and updates
/// tensors.
public struct TrainingPhase {
  public let network: Network
  let optimizer: any Optimizer
  private let ranks = Ranks.all
  /// The tensors that each process updates, by their numbers in the layout.
  private let shares: [Range<Int>]

  /// Takes a network, which must be one for training.
  public init(
    _ network: Network, _ kind: OptimizerKind, constants: AdamWConstants
  ) {
    self.network = network
    optimizer = kind.makeOptimizer(network, constants: constants)
    shares = network.layout.shares(for: Ranks.all.size)
  }

  init(
    _ shape: NetworkConfiguration, _ recipe: Recipe, engine: ComputeEngine,
    precision: Precision, capacity: Int
  ) throws {
    self.init(
      try Network(
        shape, engine: engine, precision: precision, capacity: capacity,
        chunk: recipe.schedule.chunk,
        rightHandSides: recipe.data.rightHandSides.count, isTraining: true),
      recipe.optimizer.kind,
      constants: AdamWConstants(weightDecay: recipe.optimizer.weightDecay))
  }

  // MARK: Steps

  /// Computes the gradients of a batch.
  ///
  /// - Parameters:
  ///   - samples: of the batch.
  ///   - read: writes the examples of its chunks.
  /// - Returns: the mean squared error, and the 2-norm of the gradients.
  /// - Throws: what `read` throws, `NetworkError`, `RanksError`.
  public func pass(samples: Int, read: Network.Reading) throws
    -> (loss: Double, norm: Double)
  {
    let chunks = network.chunks(of: samples)
    let own = ranks.part(of: chunks)
    var errors = [Double](repeating: 0, count: chunks)
    errors.replaceSubrange(
      own,
      with: try network.trainingPass(samples: samples, own: own, read: read))
    try network.reduceGradients(samples: samples, over: ranks) { shares[$0] }
    var squares = try network.squaredGradients(of: shares[ranks.rank])
    try errors.withUnsafeMutableBufferPointer {
      try ranks.share($0) { ranks.part(of: chunks, for: $0) }
    }
    try squares.withUnsafeMutableBufferPointer {
      try ranks.share($0) { shares[$0] }
    }
    return (
      errors.reduce(0, +) / Double(samples * network.answerCount),
      squares.reduce(0, +).squareRoot()
    )
  }

  /// Changes the parameters by the gradients of the last pass.
  ///
  /// - Parameters:
  ///   - learningRate: of this step.
  ///   - gradientScale: what the gradients are multiplied by first (clipping).
  /// - Throws: `NetworkError`, `RanksError`.
  public func update(learningRate: Double, gradientScale: Float) throws {
    try optimizer.step(
      learningRate: learningRate, gradientScale: gradientScale,
      tensors: shares[ranks.rank])
    try share(network.parameters)
    try network.parametersChanged()
  }

  /// Gives every process the optimiser's state of all tensors.
  func shareMoments() throws {
    try share(optimizer.firstMoment)
    try share(optimizer.secondMoment)
  }

  private func share(_ buffer: AlignedBuffer<Float>) throws {
    try ranks.share(buffer.elements) { network.layout.range(of: shares[$0]) }
  }

  // MARK: What it has learned

  /// Everything it has learned, by the names of a state file.
  var buffers: [(name: String, buffer: AlignedBuffer<Float>)] {
    [
      ("parameters", network.parameters),
      ("first_moment", optimizer.firstMoment),
      ("second_moment", optimizer.secondMoment),
    ]
  }

  /// Takes a checkpoint's weights, or draws the first ones.
  func start(from checkpoint: Checkpoint?, seed: UInt64) throws {
    guard let checkpoint else { return try network.initialize(seed: seed) }
    _ = network.parameters.elements.update(
      fromContentsOf: checkpoint.parameters)
    try network.parametersChanged()
  }

  /// Goes on from where another phase of the same shape ended.
  func takeOver(_ other: TrainingPhase) throws {
    for ((_, mine), (_, its)) in zip(buffers, other.buffers) {
      mine.pointer.update(from: its.pointer, count: mine.count)
    }
    optimizer.stepCount = other.optimizer.stepCount
    try network.parametersChanged()
  }
}
