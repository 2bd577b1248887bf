/// How far predictions lie from solutions, computed in Float64.
public struct Metrics: Sendable, Equatable {
  /// A sample's figure over many samples.
  public struct Distribution: Sendable, Equatable, Codable {
    public var mean: Double
    public var median: Double
    public var p10: Double
    public var p90: Double

    /// Summarises values in any order; of none, all figures are NaN.
    ///
    /// Percentiles are interpolated linearly between order statistics.
    public init(_ values: [Double]) {
      let sorted = values.sorted()
      mean = values.reduce(0, +) / Double(values.count)
      median = Self.percentile(sorted, 0.5)
      p10 = Self.percentile(sorted, 0.1)
      p90 = Self.percentile(sorted, 0.9)
    }

    static func percentile(_ sorted: [Double], _ share: Double) -> Double {
      guard let last = sorted.last else { return .nan }
      let position = share * Double(sorted.count - 1)
      let below = Int(position)
      guard below + 1 < sorted.count else { return last }
      let fraction = position - Double(below)
      if fraction == 0 { return sorted[below] }
      return sorted[below] + fraction * (sorted[below + 1] - sorted[below])
    }
  }

  /// The number of samples.
  public let samples: Int
  /// The mean of (û − u)² over samples and nodes.
  public let mse: Double
  /// ‖û − u‖²/‖u‖² of each sample.
  public let relativeMSE: Distribution

  /// Gathers the errors of samples one by one.
  public struct Accumulator: Sendable {
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
    public var metrics: Metrics {
      Metrics(
        samples: relative.count, mse: squares / Double(entries),
        relativeMSE: Distribution(relative))
    }
  }

  /// ‖û − u‖²/‖u‖² of one prediction.
  public static func relativeSquaredError(
    _ prediction: some Collection<Double>, _ solution: some Collection<Double>
  ) -> Double {
    let (error, norm) = squaredNorms(prediction, solution)
    return error / norm
  }
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
