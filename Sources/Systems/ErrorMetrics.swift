import Tables

/// Gathers how far predictions lie from solutions, sample by sample, in Float64.
public struct ErrorMetrics: Sendable {
  private var squares = 0.0
  private var entries = 0
  private var relative: [Double] = []

  public init() {}

  /// Adds one sample's prediction and solution, of equal length.
  public mutating func add(
    prediction: some Collection<Double>, solution: some Collection<Double>
  ) {
    let (error, norm) = squaredNorms(prediction, solution)
    squares += error
    entries += solution.count
    relative.append(error / norm)
  }

  /// The figures so far.
  public var row: EvaluationRow {
    EvaluationRow(
      samples: relative.count, mse: squares / Double(entries),
      relativeMSE: Distribution(relative))
  }
}

/// ‖û − u‖²/‖u‖² of one prediction.
public func relativeSquaredError(
  _ prediction: some Collection<Double>, _ solution: some Collection<Double>
) -> Double {
  let (error, norm) = squaredNorms(prediction, solution)
  return error / norm
}

/// ‖û − u‖² and ‖u‖².
private func squaredNorms(
  _ prediction: some Collection<Double>, _ solution: some Collection<Double>
) -> (error: Double, norm: Double) {
  var error = 0.0
  var norm = 0.0
  for (p, u) in zip(prediction, solution) {
    error += (p - u) * (p - u)
    norm += u * u
  }
  return (error, norm)
}
