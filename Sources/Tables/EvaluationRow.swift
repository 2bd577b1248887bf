/// A network's errors on a set of systems.
public struct EvaluationRow: ResultRow, Equatable {
  public var samples = 0
  /// The mean of (û − u)² over samples and nodes.
  public var mse = 0.0
  /// ‖û − u‖²/‖u‖² of each sample.
  public var relativeMSE = Distribution([])

  public init() {}

  public init(samples: Int, mse: Double, relativeMSE: Distribution) {
    self.samples = samples
    self.mse = mse
    self.relativeMSE = relativeMSE
  }

  public static var fields: [ResultField<EvaluationRow>] {
    [.column("samples", \.samples), .column("mse", \.mse, unit: "u²")]
      + ResultField.distribution(
        "relative_mse", \.relativeMSE, heading: "relative mse", unit: "‖u‖²")
  }
}
