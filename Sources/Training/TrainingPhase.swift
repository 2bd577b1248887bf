import Networks

/// A network and its optimiser at one precision.
struct TrainingPhase {
  let network: any Network
  let optimizer: any Optimizer

  init(
    _ shape: NetworkConfiguration, _ recipe: Recipe, engine: ComputeEngine,
    precision: Precision, capacity: Int
  ) throws {
    network = try shape.makeNetwork(
      engine: engine, precision: precision, capacity: capacity,
      isTraining: true)
    optimizer = try recipe.optimizer.kind.makeOptimizer(
      network, engine: engine,
      constants: AdamWConstants(weightDecay: recipe.optimizer.weightDecay))
  }

  /// Everything it has learned, by the names of a state file.
  var buffers: [(name: String, buffer: AlignedBuffer<Float>)] {
    [
      ("parameters", network.parameters),
      ("first_moment", optimizer.firstMoment),
      ("second_moment", optimizer.secondMoment),
    ]
  }

  /// Takes a checkpoint's weights, or draws the first ones.
  func start(from checkpoint: Checkpoint?, seed: UInt64) {
    guard let checkpoint else { return network.initialize(seed: seed) }
    _ = network.parameters.elements.update(
      fromContentsOf: checkpoint.parameters)
    network.parametersChanged()
  }

  /// Goes on from where another phase of the same shape ended.
  func takeOver(_ other: TrainingPhase) {
    for ((_, mine), (_, its)) in zip(buffers, other.buffers) {
      mine.pointer.update(from: its.pointer, count: mine.count)
    }
    optimizer.stepCount = other.optimizer.stepCount
    network.parametersChanged()
  }
}
