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
