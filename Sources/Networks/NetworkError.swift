/// What can go wrong with a network or the engine under it.
public enum NetworkError: Error, Equatable, CustomStringConvertible {
  /// A shape that no network can have.
  case configuration(String)
  /// A network and what it is given do not fit together.
  case mismatch(String)
  /// oneDNN refused an operation.
  case oneDNN(operation: String, reason: String)

  public var description: String {
    switch self {
    case .configuration(let reason): reason
    case .mismatch(let reason): reason
    case .oneDNN(let operation, let reason):
      "oneDNN could not \(operation): \(reason)"
    }
  }
}

extension NetworkError {
  /// Throws the first dimension that lies outside 1 to its limit.
  static func requireDimensions(
    _ dimensions: [(name: String, value: Int, limit: Int)]
  ) throws {
    for (name, value, limit) in dimensions where !(1...limit).contains(value) {
      throw NetworkError.configuration(
        "a network's \(name) must lie between 1 and \(limit), not \(value)")
    }
  }
}
