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
  /// The median κ₂(A) of the network's systems.
  public var condition = 0.0

  public init() {}

  public static var fields: [ResultField<SweepRow>] {
    [
      .column("variable", \.variable),
      .column("value", \.value, format: .exact), .column("network", \.network),
      .column("samples", \.samples), .column("mse", \.mse, unit: "u²"),
    ]
      + ResultField.distribution(
        "relative_mse", \.relativeMSE, heading: "relative mse", unit: "‖u‖²")
      + [.column("condition", \.condition, heading: "κ₂(A)")]
  }
}
