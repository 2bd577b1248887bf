/// What runs were told, by keys: the keys in which they differ.
public struct SettingTable: Sendable {
  public typealias Settings = [(key: String, value: String)]

  /// The keys that not all runs have alike, in the order of the first that has them.
  public let keys: [String]
  /// The values of the keys, a row a run; nil where a run has none.
  public let rows: [[String?]]

  /// Compares runs.
  public init(_ runs: [Settings]) {
    let values = runs.map { Dictionary($0, uniquingKeysWith: { $1 }) }
    let keys = runs.flatMap { $0.map(\.key) }.grouped { $0 }.map(\.key).filter {
      key in Set(values.map { $0[key] }).count > 1
    }
    self.keys = keys
    rows = values.map { own in keys.map { own[$0] } }
  }
}

extension ResultTable {
  /// What differs between runs, and how they ended.
  ///
  /// - Parameters:
  ///   - names: of the runs.
  ///   - settings: what each was told.
  ///   - last: the last evaluation of each; nil where there was none.
  public init(
    comparing names: [String], settings: [SettingTable.Settings],
    last: [TrainingRow?]
  ) {
    let settings = SettingTable(settings)
    let empty = ResultTable([TrainingRow]())
    let ends = last.map { row in
      row.map { ResultTable([$0]).rows[0] }
        ?? empty.columns.map { _ in Cell.missing }
    }
    self.init(
      columns: [ResultColumn("run", isText: true)]
        + settings.keys.map { ResultColumn($0, isText: true) } + empty.columns,
      rows: zip(names, zip(settings.rows, ends)).map { name, row in
        [.text(name)] + row.0.map { $0.map(Cell.text) ?? .missing } + row.1
      })
  }
}
