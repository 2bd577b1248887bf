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

  /// Goes on from where another phase of the same shape ended.
  func takeOver(_ other: TrainingPhase) {
    for (mine, its) in [
      (network.parameters, other.network.parameters),
      (optimizer.firstMoment, other.optimizer.firstMoment),
      (optimizer.secondMoment, other.optimizer.secondMoment),
    ] {
      mine.pointer.update(from: its.pointer, count: mine.count)
    }
    optimizer.stepCount = other.optimizer.stepCount
    network.parametersChanged()
  }
}
