/// Samples a second over the last stretch of steps, smoothed.
struct Rate {
  private var smoothed = 0.0
  private var weight = 0.0

  /// Counts one step.
  mutating func add(samples: Int, seconds: Double) {
    let keep = 0.95
    smoothed = keep * smoothed + (1 - keep) * seconds / Double(samples)
    weight = keep * weight + (1 - keep)
  }

  /// The rate; 0 before the first step.
  var samplesPerSecond: Double {
    smoothed > 0 ? weight / smoothed : 0
  }
}
