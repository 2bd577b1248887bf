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
  /// Steps taken.
  public let step: Int
  /// The mean squared error over the last batch.
  public let loss: Double
  /// Samples a second over the last steps of this sitting.
  public let samplesPerSecond: Double
}
