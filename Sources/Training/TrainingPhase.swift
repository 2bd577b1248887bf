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
    optimizer = try (OptimizerKind(rawValue: recipe.optimizer) ?? .adamw)
      .makeOptimizer(
        network, engine: engine,
        constants: AdamWConstants(weightDecay: recipe.weightDecay))
  }

  /// Everything it has learned, by the names of a state file.
  var buffers: [(name: String, buffer: AlignedBuffer<Float>)] {
    [
      ("parameters", network.parameters),
      ("first_moment", optimizer.firstMoment),
      ("second_moment", optimizer.secondMoment),
    ]
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
