/// One network where one thing has one value.
public struct SweepRow: ResultRow, Equatable {
  /// What is varied.
  public var variable = ""
  public var value = 0.0
  public var network = ""
  public var samples = 0
  /// The mean of (û − u)² over samples and nodes.
  public var mse = 0.0
  /// ‖û − u‖²/‖u‖² of each sample.
  public var relativeMSE = Distribution([])
  /// The median κ₂(A) of the systems, on the grid that they are posed on.
  public var condition = 0.0
  /// Samples with u = 0, which have no relative error; nil is none.
  public var zeros: Int?
  /// Samples without a finite error, which are in no other figure; nil is none.
  public var failures: Int?

  public init() {}

  public static var fields: [ResultField<SweepRow>] {
    [
      .column("variable", \.variable),
      .column("value", \.value, format: .exact), .column("network", \.network),
      .column("samples", \.samples), .column("mse", \.mse, unit: "u²"),
    ]
      + ResultField.distribution(
        "relative_mse", \.relativeMSE, heading: "relative mse", unit: "‖u‖²")
      + [
        .column("condition", \.condition, heading: "κ₂(A)"),
        .column("zeros", \.zeros, isOptional: true),
        .column("failures", \.failures, isOptional: true),
      ]
  }
}
