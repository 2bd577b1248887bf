/// What can go wrong with a dataset.
public enum DatasetError: Error, Equatable, CustomStringConvertible {
  /// A file that is no dataset, or a damaged one.
  case file(path: String, reason: String)
  /// A sample that cannot be made, solved or used.
  case sample(name: String, index: Int, reason: String)
  /// Shards that do not join.
  case shards(String)
  /// The work was called off.
  case cancelled

  public var description: String {
    switch self {
    case .file(let path, let reason): "\(path): \(reason)"
    case .sample(let name, let index, let reason):
      "\(name): sample \(index): \(reason)"
    case .shards(let reason): reason
    case .cancelled: "interrupted; nothing was written"
    }
  }
}
