/// What can go wrong with systems and the files that hold them.
public enum SystemError: Error, Equatable, CustomStringConvertible {
  /// A sample that a file does not hold.
  case file(path: String, reason: String)
  /// A sample that cannot be made or used.
  case sample(name: String, index: Int, reason: String)
  /// A sample that has no solution, or none that is found.
  case unsolvable(name: String, index: Int, reason: String)
  /// Shards that do not join.
  case shards(String)

  public var description: String {
    switch self {
    case .file(let path, let reason): "\(path): \(reason)"
    case .sample(let name, let index, let reason),
      .unsolvable(let name, let index, let reason):
      "\(name): sample \(index): \(reason)"
    case .shards(let reason): reason
    }
  }
}
