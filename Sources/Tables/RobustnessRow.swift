/// One solver at one level of noise.
public struct RobustnessRow: ResultRow, Equatable {
  /// What the noise is proportional to: relative, absolute or rms.
  public var noise = ""
  /// What is noisy: A, b or both.
  public var target = ""
  /// σ.
  public var level = 0.0
  public var solver = ""
  /// The number of systems, failures included.
  public var samples = 0
  /// ‖û − u‖²/‖u‖² over the systems with u ≠ 0 that the solver did not fail on.
  public var relativeMSE = Distribution([])
  /// Systems without a finite solution or error.
  public var failures = 0
  public var microsecondsPerSystem = 0.0
  /// The median of ‖Aû − b‖/(‖A‖‖û‖ + ‖b‖) for the noisy A and b.
  public var residual = 0.0
  /// The medians of the sums of squared errors in the lowest quarter, the second
  /// quarter and the upper half of the Chebyshev coefficients, over the sum of
  /// the squares of u's.
  public var low = 0.0
  public var middle = 0.0
  public var high = 0.0
  /// The median of max |û − u| at the two ends over max |u|.
  public var boundary = 0.0
  /// What the solver was told.
  public var knows = ""
  /// The noise's distribution: gaussian, uniform, laplace or outliers.
  public var law = "gaussian"
  /// The share of systems whose solution lies in a network's band at all nodes; nil
  /// where it has none.
  public var covered: Double?
  /// Samples with u = 0, which have no relative error; nil is none.
  public var zeros: Int?

  public init() {}

  public static var fields: [ResultField<RobustnessRow>] {
    [
      .column("noise", \.noise), .column("target", \.target),
      .column("level", \.level, unit: "σ", format: .exact),
      .column("solver", \.solver), .column("samples", \.samples),
    ]
      + ResultField.distribution(
        "relative_mse", \.relativeMSE, heading: "relative mse", unit: "‖u‖²")
      + [
        .column("failures", \.failures),
        .column(
          "microseconds_per_system", \.microsecondsPerSystem,
          heading: "µs/system", unit: "µs"),
        .column("residual", \.residual, isOptional: true),
        .column("low", \.low, unit: "Σ cₖ² of u", isOptional: true),
        .column("middle", \.middle, unit: "Σ cₖ² of u", isOptional: true),
        .column("high", \.high, unit: "Σ cₖ² of u", isOptional: true),
        .column(
          "boundary", \.boundary, unit: "max u, by magnitude", isOptional: true),
        .column("knows", \.knows, isOptional: true),
        .column("zeros", \.zeros, isOptional: true),
        .column("law", \.law, isShown: false, isOptional: true),
        .column("covered", \.covered, isOptional: true),
      ]
  }

  /// The noise in words, such as "relative noise on A and b".
  public var noiseTitle: String {
    let kind =
      switch law {
      case "outliers": "\(noise) outliers in"
      case "gaussian": "\(noise) noise on"
      default: "\(noise) \(law) noise on"
      }
    return "\(kind) \(target == "both" ? "A and b" : target)"
  }

  /// The medians of the relative MSE with a line for each solver and a column for
  /// each level, which rows of one kind of noise share.
  public static func medians(_ rows: [RobustnessRow]) -> TextTable {
    let levels = rows.grouped(by: \.level).map(\.key)
    var table = TextTable(
      ["solver"] + levels.map(NumberFormat.noiseLevel)
        + ["failures", "µs/system", "knows"],
      isText: [true] + levels.map { _ in false } + [false, false, true])
    for (solver, own) in rows.grouped(by: \.solver) {
      let cells = levels.map { level in
        own.first { $0.level == level }.map {
          NumberFormat.scientific.text($0.relativeMSE.median)
        } ?? "–"
      }
      // A file may hold counts whose sum no integer does.
      let failures = own.reduce(0) {
        let (sum, overflow) = $0.addingReportingOverflow($1.failures)
        return overflow ? $1.failures > 0 ? .max : .min : sum
      }
      let time = mean(own.map(\.microsecondsPerSystem))
      table.add(
        [solver] + cells
          + [
            NumberFormat.grouped(failures), NumberFormat.short.text(time),
            own[0].knows,
          ])
    }
    return table
  }
}
