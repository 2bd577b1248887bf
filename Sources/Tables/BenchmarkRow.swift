/// The speed of one job on this machine.
public struct BenchmarkRow: ResultRow, Equatable {
  /// What was done, such as `train`.
  public var job = ""
  /// The network, solver or equation.
  public var model = ""
  /// The network's parameters.
  public var parameters: Int?
  /// The network's precision.
  public var precision: String?
  /// What a training step ends in.
  public var optimizer: String?
  /// Samples, systems or transforms in a run.
  public var batch = 0
  public var threads = 0
  /// The shortest run.
  public var millisecondsPerStep = 0.0
  public var samplesPerSecond = 0.0
  /// Operations a second in the run's matrix products.
  public var gflops: Double?
  /// The share of the processor's own rate in such products.
  public var shareOfLimit: Double?

  public init() {}

  /// Describes the shortest run of a job.
  public init(
    job: String, model: String, batch: Int, threads: Int, seconds: Double
  ) {
    self.job = job
    self.model = model
    self.batch = batch
    self.threads = threads
    millisecondsPerStep = 1e3 * seconds
    samplesPerSecond = Double(batch) / seconds
  }

  public static var fields: [ResultField<BenchmarkRow>] {
    [
      .column("job", \.job), .column("model", \.model),
      .column("parameters", \.parameters, isShown: false),
      .column("precision", \.precision), .column("batch", \.batch),
      .column("threads", \.threads),
      .column(
        "milliseconds_per_step", \.millisecondsPerStep, heading: "ms/step",
        unit: "ms"),
      .column(
        "samples_per_second", \.samplesPerSecond, heading: "samples/s",
        unit: "1/s"),
      .column("gflops", \.gflops, heading: "GFLOP/s", unit: "10⁹/s"),
      .column(
        "share_of_limit", \.shareOfLimit, heading: "of limit",
        format: .percent),
      .column("optimizer", \.optimizer, isOptional: true),
    ]
  }
}
