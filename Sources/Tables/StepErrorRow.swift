/// How well Newton's steps of one number are predicted.
public struct StepErrorRow: ResultRow, Equatable {
  /// The step's number in its descent, from 1; 0 is all of them.
  public var number = 0
  public var count = 0
  /// The root mean square of the steps' entries.
  public var size = 0.0
  /// The mean squared error of the network.
  public var mse = 0.0
  /// That of the mean step of the same number over all problems of the data.
  public var meanMSE = 0.0
  /// 1 − mse / meanMSE: 0 knows nothing but the number, 1 everything.
  public var skill: Double?

  public init() {}

  public static var fields: [ResultField<StepErrorRow>] {
    [
      .column("step", \.number), .column("count", \.count, heading: "steps"),
      .column("rms", \.size, heading: "size (rms)"), .column("mse", \.mse),
      .column("mean_mse", \.meanMSE, heading: "mean step's mse"),
      .column("skill", \.skill),
    ]
  }
}
