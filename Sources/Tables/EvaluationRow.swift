/// A network's errors on a set of systems.
public struct EvaluationRow: ResultRow, Equatable {
  public var samples = 0
  /// The mean of (û − u)² over samples and nodes.
  public var mse = 0.0
  /// ‖û − u‖²/‖u‖² of each sample.
  public var relativeMSE = Distribution([])
  /// Samples with u = 0, which have no relative error; nil is none.
  public var zeros: Int?
  /// Samples without a finite error, which are in no other figure; nil is none.
  public var failures: Int?
  /// ‖u − u*‖²/‖u*‖² of the solutions u against those u* of the equation itself,
  /// in the median and the 90th percentile; nil where nobody knows.
  public var labelMedian: Double?
  public var labelP90: Double?

  /// The mean of (ū − u)² for the mean solution ū of the samples, which costs
  /// nothing; nil where nobody has asked.
  public var meanMSE: Double?

  /// The share of systems whose solution lies in the network's band at all nodes;
  /// nil where it has none.
  public var covered: Double?

  public init() {}

  public static var fields: [ResultField<EvaluationRow>] {
    [.column("samples", \.samples), .column("mse", \.mse, unit: "u²")]
      + ResultField.distribution(
        "relative_mse", \.relativeMSE, heading: "relative mse", unit: "‖u‖²")
      + [
        .column("zeros", \.zeros, isOptional: true),
        .column("failures", \.failures, isOptional: true),
        .column("label_median", \.labelMedian, unit: "‖u*‖²", isOptional: true),
        .column("label_p90", \.labelP90, unit: "‖u*‖²", isOptional: true),
        .column(
          "mean_mse", \.meanMSE, heading: "mse of the mean", unit: "u²",
          isOptional: true),
        .column("covered", \.covered, isOptional: true),
      ]
  }
}
