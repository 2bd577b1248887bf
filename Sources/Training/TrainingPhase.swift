import Networks

/// A network and its optimiser at one precision.
struct TrainingPhase {
  let network: Network
  let optimizer: any Optimizer

  init(
    _ shape: NetworkConfiguration, _ recipe: Recipe, engine: ComputeEngine,
    precision: Precision, capacity: Int
  ) throws {
    network = try Network(
      shape, engine: engine, precision: precision, capacity: capacity,
      chunk: recipe.schedule.chunk, isTraining: true)
    optimizer = recipe.optimizer.kind.makeOptimizer(
      network,
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
