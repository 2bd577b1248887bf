/// A line of a run's metrics.csv: how a network stood when it was evaluated.
public struct TrainingRow: ResultRow, Equatable {
  /// Passes over the training samples, begun ones included.
  public var epoch = 0
  public var step = 0
  /// Samples seen.
  public var samples = 0
  /// The last step's.
  public var learningRate = 0.0
  /// The mean training loss since the last evaluation; NaN before any step.
  public var trainMSE = 0.0
  public var testMSE = 0.0
  /// The mean of ‖û − u‖²/‖u‖² over the test samples.
  public var testRelativeMSE = 0.0
  /// Time spent on the run, over all sittings.
  public var seconds = 0.0

  public init() {}

  public static var fields: [ResultField<TrainingRow>] {
    [
      .column("epoch", \.epoch), .column("step", \.step),
      .column("samples", \.samples), .column("lr", \.learningRate),
      .column("train_mse", \.trainMSE, unit: "u²"),
      .column("test_mse", \.testMSE, unit: "u²"),
      .column(
        "test_relative_mse", \.testRelativeMSE, heading: "relative mse",
        unit: "‖u‖²"),
      .column("seconds", \.seconds, unit: "s"),
    ]
  }
}
