import Foundation

/// The results of a study: a row for each run.
public struct StudyTable: Sendable {
  /// A run.
  public struct Row: Sendable {
    /// The name of its folder.
    public var run: String
    /// Its place on each axis.
    public var labels: [String]
    public var seed: UInt64
    /// `done`, `begun`, `new`, or why it has no result.
    public var state: String
    /// The quantities, in their order; nil where there is none.
    public var values: [Double?]

    public init(
      run: String, labels: [String], seed: UInt64, state: String,
      values: [Double?]
    ) {
      self.run = run
      self.labels = labels
      self.seed = seed
      self.state = state
      self.values = values
    }
  }

  public let axes: [String]
  public let quantities: [String]
  public private(set) var rows: [Row]

  /// The quantities that every study has.
  public static let ownQuantities = [
    "steps", "samples_seen", "parameters", "seconds", "train_mse", "test_mse",
    "test_relative_mse",
  ]
  /// Those of a study with a baseline: the test MSE over that of the baseline's run of
  /// the same seed, and the share of the samples that the baseline saw after which its
  /// last test MSE was reached.
  public static let baselineQuantities = ["baseline_ratio", "baseline_share"]
  private static let counts = ["steps", "samples_seen", "parameters"]
  /// Names that no axis may have.
  public static let reserved =
    ["run", "seed", "state"]
    + ownQuantities + baselineQuantities

  public init(axes: [String], quantities: [String], rows: [Row]) {
    self.axes = axes
    self.quantities = quantities
    self.rows = rows
  }

  // MARK: Files

  /// Whether a file with these columns is meant to hold a study.
  public static func matches(_ header: [String]) -> Bool {
    header.first == "run"
      && ["seed", "state", "test_mse"].allSatisfy(header.contains)
  }

  /// Reads a file.
  ///
  /// - Throws: `CSVTable.Failure`.
  public init(_ table: CSVTable) throws {
    let header = table.header
    guard let seed = header.firstIndex(of: "seed"),
      header.firstIndex(of: "state") == seed + 1, seed >= 1
    else { throw table.failure("has no columns 'seed' and 'state' in a row") }
    axes = Array(header[1..<seed])
    quantities = Array(header[(seed + 2)...])
    rows = try table.rows.map { cells in
      guard let number = UInt64(cells[seed]) else {
        throw table.failure("'\(cells[seed])' in column 'seed' is no seed")
      }
      return Row(
        run: cells[0], labels: Array(cells[1..<seed]), seed: number,
        state: cells[seed + 1],
        values: try (seed + 2..<header.count).map { place in
          if cells[place].isEmpty { return nil }
          guard let value = Double(cells[place]) else {
            throw table.failure(
              "'\(cells[place])' in column '\(header[place])' is not a number")
          }
          return value
        })
    }
  }

  /// The rows for files.
  public var result: ResultTable {
    ResultTable(
      columns: [ResultColumn("run", isText: true)]
        + axes.map { ResultColumn($0, isText: true) }
        + [ResultColumn("seed"), ResultColumn("state", isText: true)]
        + quantities.map { ResultColumn($0) },
      rows: rows.map { row in
        [.text(row.run)] + row.labels.map { .text($0) }
          + [.seed(row.seed), .text(row.state)]
          + zip(quantities, row.values).map { name, value in
            guard let value else { return .missing }
            let isCount =
              Self.counts.contains(name) || name.hasSuffix("_failures")
            return isCount ? .integer(Int(exactly: value) ?? 0) : .number(value)
          }
      })
  }

  // MARK: Settings

  /// The runs of one place on all axes.
  public struct Setting: Sendable {
    public let labels: [String]
    public let rows: [Row]
  }

  /// The runs by their places.
  public var settings: [Setting] {
    rows.grouped(by: \.labels).map {
      Setting(labels: $0.key, rows: $0.elements)
    }
  }

  /// What a place is called: "width 32, depth 3".
  public func title(_ labels: [String]) -> String {
    labels.isEmpty
      ? "all runs"
      : zip(axes, labels).map { "\($0) \($1)" }.joined(separator: ", ")
  }

  /// A quantity of the runs of a setting that have it.
  private func values(_ quantity: String, of setting: Setting) -> [Double] {
    guard let place = quantities.firstIndex(of: quantity) else { return [] }
    return setting.rows.compactMap { $0.values[place] }
  }

  /// A quantity over the seeds of a setting; nil of none.
  public func spread(_ quantity: String, of setting: Setting) -> Spread? {
    Spread(values(quantity, of: setting))
  }

  /// The quantities that people are shown: errors.
  public var shown: [String] {
    quantities.filter { $0 == "test_mse" || $0.hasSuffix("_median") }
  }

  /// A line for each setting: the means over seeds with their spread.
  public var text: TextTable {
    let shown = self.shown
    let hasBaseline = Self.baselineQuantities.allSatisfy(quantities.contains)
    var heads = axes + ["seeds"]
    heads += shown.map { $0.replacing("_", with: " ") }
    if hasBaseline { heads += ["× baseline", "reaches it at"] }
    heads.append("minutes")
    var table = TextTable(heads, leading: axes.count)
    for setting in settings {
      let done = setting.rows.count { $0.state == "done" }
      let whole = setting.rows.count
      var cells = setting.labels
      cells.append(done == whole ? "\(done)" : "\(done) of \(whole)")
      cells += shown.map { spread($0, of: setting)?.text ?? "–" }
      if hasBaseline { cells += baselineCells(of: setting) }
      let minutes = spread("seconds", of: setting).map { $0.mean / 60 }
      cells.append(minutes.map(NumberFormat.short.text) ?? "–")
      table.add(cells)
    }
    return table
  }

  /// How a setting stands to the baseline: "0.13 ×÷ 1.2", and "5.0 %", "never", or
  /// "5.0 % (2 of 3)" where not all seeds reach it.
  ///
  /// The baseline is said to be it.
  private func baselineCells(of setting: Setting) -> [String] {
    func part(_ count: Int, of whole: Int) -> String {
      count == whole ? "" : " (\(count) of \(whole))"
    }
    let ratios = values(Self.baselineQuantities[0], of: setting)
    let shares = values(Self.baselineQuantities[1], of: setting).filter {
      $0.isFinite && $0 >= 0
    }
    guard !ratios.isEmpty else { return ["–", "–"] }
    if ratios.allSatisfy({ $0 == 1 }) { return ["baseline", "–"] }
    return [
      (Spread(ratios)?.text(of: .short) ?? "–")
        + part(ratios.count, of: values("test_mse", of: setting).count),
      shares.isEmpty
        ? "never"
        : NumberFormat.short.text(100 * mean(shares)) + " %"
          + part(shares.count, of: ratios.count),
    ]
  }

  /// Which setting is best by a quantity, and whether by more than the spread over
  /// seeds; nil where fewer than two have a result.
  public func verdict(by quantity: String) -> String? {
    let ranked = settings.compactMap { setting -> (Setting, Spread)? in
      spread(quantity, of: setting).map { (setting, $0) }
    }.sorted { $0.1.mean < $1.1.mean }
    guard ranked.count > 1 else { return nil }
    let (best, next) = (ranked[0], ranked[1])
    let name = quantity.replacing("_", with: " ")
    let factor = NumberFormat.short.text(next.1.mean / best.1.mean)
    let start =
      "best by \(name): \(title(best.0.labels)), \(best.1.text); next "
      + "\(title(next.0.labels)), \(next.1.text), \(factor) times as large"
    guard best.1.count > 1, next.1.count > 1 else {
      return start + "; one seed tells nothing of the spread"
    }
    let gap = log(next.1.mean / best.1.mean)
    let scatter = hypot(log(best.1.factor), log(next.1.factor))
    return start
      + (gap > scatter ? ", more than" : ", within") + " the spread over seeds"
  }
}

/// A positive figure over seeds: the geometric mean and the geometric standard
/// deviation, as errors differ by factors.
public struct Spread: Sendable, Equatable {
  public let count: Int
  /// The geometric mean.
  public let mean: Double
  /// The factor of one geometric standard deviation; 1 of a single value.
  public let factor: Double

  /// Summarises values; nil of none, or if one is not positive.
  public init?(_ values: [Double]) {
    guard !values.isEmpty, values.allSatisfy({ $0 > 0 && $0.isFinite }) else {
      return nil
    }
    count = values.count
    mean = geometricMean(values)
    let middle = log(mean)
    let squares = values.reduce(0) { $0 + pow(log($1) - middle, 2) }
    factor =
      count > 1 ? exp((squares / Double(count - 1)).squareRoot()) : 1
  }

  /// "1.2e-06 ×÷ 1.3".
  public var text: String { text(of: .scientific) }

  /// The mean in a format, and the factor, if there are several values.
  func text(of format: NumberFormat) -> String {
    let short = format.text(mean)
    return count > 1
      ? short + " ×÷ " + NumberFormat.short.text(factor) : short
  }

  /// One standard deviation to either side.
  public var band: ClosedRange<Double> { mean / factor...mean * factor }
}
