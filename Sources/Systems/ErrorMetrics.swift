import Tables

/// Gathers how far predictions lie from solutions, sample by sample, in Float64.
public struct ErrorMetrics: Sendable {
  private var samples = 0
  private var squares = 0.0
  private var entries = 0
  private var relative: [Double] = []
  private var zeros = 0
  private var failures = 0
  /// Σu of each entry, and Σ‖u‖².
  private var sums: [Double] = []
  private var norms = 0.0

  public init() {}

  /// Adds one sample's prediction and solution, of equal length.
  ///
  /// A solution that is zero has no relative error; a sample whose error is not
  /// finite is counted as a failure, and nowhere else.
  public mutating func add(
    prediction: some Collection<Double>, solution: some Collection<Double>
  ) {
    samples += 1
    let error = SquaredError(prediction, solution)
    guard error.isFinite else {
      failures += 1
      return
    }
    squares += error.absolute
    entries += solution.count
    if sums.isEmpty { sums = Array(repeating: 0, count: solution.count) }
    for (entry, u) in solution.enumerated() where entry < sums.count {
      sums[entry] += u
    }
    norms += error.norm
    if let error = error.relative { relative.append(error) } else { zeros += 1 }
  }

  /// The figures so far.
  public var row: EvaluationRow {
    var row = EvaluationRow()
    row.samples = samples
    row.mse = squares / Double(entries)
    row.relativeMSE = Distribution(relative)
    let counted = Double(samples - failures)
    let means = sums.reduce(0) { $0 + $1 * $1 } / counted
    // Rounding may leave less than nothing.
    row.meanMSE = entries > 0 ? max(0, norms - means) / Double(entries) : nil
    row.zeros = zeros > 0 ? zeros : nil
    row.failures = failures > 0 ? failures : nil
    return row
  }
}

/// The error of one prediction.
public struct SquaredError: Sendable {
  /// ‖û − u‖².
  public let absolute: Double
  /// ‖u‖².
  fileprivate let norm: Double

  /// Compares a prediction with the solution, of equal length.
  public init(
    _ prediction: some Collection<Double>, _ solution: some Collection<Double>
  ) {
    var error = 0.0
    var norm = 0.0
    for (p, u) in zip(prediction, solution) {
      error += (p - u) * (p - u)
      norm += u * u
    }
    absolute = error
    self.norm = norm
  }

  /// ‖û − u‖²/‖u‖²; nil where u is zero.
  public var relative: Double? { norm == 0 ? nil : absolute / norm }

  /// Whether the errors that there are are numbers, and did not overflow.
  public var isFinite: Bool {
    absolute.isFinite && norm.isFinite && relative?.isFinite != false
  }
}

/// ‖û − u‖²/‖u‖² of one prediction.
public func relativeSquaredError(
  _ prediction: some Collection<Double>, _ solution: some Collection<Double>
) -> Double {
  SquaredError(prediction, solution).relative ?? .nan
}
