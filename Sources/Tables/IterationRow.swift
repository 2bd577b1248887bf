/// How an iteration with one approximate inverse comes to the solutions of some
/// systems.
public struct IterationRow: ResultRow, Equatable {
  /// Whose approximate inverse.
  public var inverse = ""
  public var iteration = ""
  public var samples = 0
  /// ‖x − u‖/‖u‖ of the approximate inverse's answer itself, in the median.
  public var single: Double?
  /// Steps to the tolerance, over the samples that come to it; nil if none does.
  public var median: Double?
  public var p90: Double?
  public var most: Int?
  /// Samples that do not come to it.
  public var failures = 0
  /// The time of a system, all steps and what is made for it included.
  public var microseconds = 0.0
  /// The same over that of LU.
  public var overLU = 0.0

  public init() {}

  public static var fields: [ResultField<IterationRow>] {
    [
      .column("inverse", \.inverse), .column("iteration", \.iteration),
      .column("samples", \.samples),
      .column("single_error", \.single, heading: "one answer", unit: "‖u‖"),
      .column("steps_median", \.median, heading: "steps: median"),
      .column("steps_p90", \.p90, heading: "90 %"),
      .column("steps_max", \.most, heading: "most"),
      .column("failures", \.failures),
      .column("microseconds", \.microseconds, heading: "time", unit: "µs"),
      .column("over_lu", \.overLU, heading: "over LU"),
    ]
  }
}
