/// Where the networks of a transfer experiment start from.
public enum TransferStart: String, CaseIterable, Sendable {
  case finetuned
  case scratch
}

/// The test error of one training of a transfer experiment after some epochs.
public struct TransferRow: ResultRow, Equatable {
  /// Where the network started, a ``TransferStart``.
  public var start = ""
  /// Training samples.
  public var samples = 0
  public var seed: UInt64 = 0
  public var epoch = 0
  public var step = 0
  public var testMSE = 0.0
  /// The mean of ‖û − u‖²/‖u‖² over the test samples.
  public var testRelativeMSE = 0.0
  /// Time spent on the training so far.
  public var seconds = 0.0

  public init() {}

  public init(
    start: String, samples: Int, seed: UInt64, training: TrainingRow
  ) {
    self.start = start
    self.samples = samples
    self.seed = seed
    epoch = training.epoch
    step = training.step
    testMSE = training.testMSE
    testRelativeMSE = training.testRelativeMSE
    seconds = training.seconds
  }

  public static var fields: [ResultField<TransferRow>] {
    [
      .column("start", \.start), .column("samples", \.samples),
      .column("seed", \.seed), .column("epoch", \.epoch),
      .column("step", \.step), .column("test_mse", \.testMSE, unit: "u²"),
      .column(
        "test_relative_mse", \.testRelativeMSE, heading: "relative mse",
        unit: "‖u‖²"),
      .column("seconds", \.seconds, unit: "s"),
    ]
  }
}

/// The test error by epoch of the trainings that differ in nothing but the seed.
public struct TransferCurve: Sendable, Equatable {
  /// The errors after an epoch.
  public struct Point: Sendable, Equatable {
    public let epoch: Int
    /// The number of trainings.
    public let seeds: Int
    /// Geometric means over the seeds.
    public let mse: Double
    public let relativeMSE: Double
    /// The smallest and the largest relative error of a seed.
    public let range: ClosedRange<Double>?
  }

  public let start: String
  public let samples: Int
  /// In order of epoch; never empty.
  public let points: [Point]

  /// The curves of rows, in the order in which they appear.
  public static func curves(_ rows: [TransferRow]) -> [TransferCurve] {
    rows.grouped { [$0.start, "\($0.samples)"] }.map { _, members in
      TransferCurve(
        start: members[0].start, samples: members[0].samples,
        points: members.grouped(by: \.epoch).sorted { $0.key < $1.key }.map {
          Point(epoch: $0.key, $0.elements)
        })
    }
  }
}

extension TransferCurve.Point {
  fileprivate init(epoch: Int, _ rows: [TransferRow]) {
    let relative = rows.map(\.testRelativeMSE)
    self.epoch = epoch
    seeds = rows.count
    mse = geometricMean(rows.map(\.testMSE))
    relativeMSE = geometricMean(relative)
    if let low = relative.min(), let high = relative.max(), low <= high {
      range = low...high
    } else {
      range = nil
    }
  }
}
