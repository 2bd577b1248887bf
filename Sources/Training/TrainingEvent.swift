import Tables

/// What a run tells while it goes on.
public enum TrainingEvent: Sendable {
  /// A step was taken.
  case progress(TrainingProgress)
  /// The network was evaluated.
  case evaluation(TrainingRow)
}

/// Where a run stands.
public struct TrainingProgress: Sendable {
  /// Steps taken and steps in all.
  public let step: Int
  public let steps: Int
  /// Samples seen.
  public let samples: Int
  /// The mean squared error over the last batch.
  public let loss: Double
  /// Samples a second over the last steps of this sitting.
  public let samplesPerSecond: Double
  /// The seconds that the rest will take at that rate.
  public let secondsLeft: Double
}
