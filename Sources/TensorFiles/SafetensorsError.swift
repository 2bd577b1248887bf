import Foundation

/// What is wrong with a safetensors file, or with reading or writing one.
public enum SafetensorsError: Error, Equatable, CustomStringConvertible {
  /// The operating system refused.
  case system(path: String, action: String, reason: String)
  /// The bytes are not a valid file.
  case damaged(path: String, reason: String)
  /// A tensor that is not there, or not of the type asked for.
  case tensor(path: String, name: String, reason: String)
  /// A valid file that does not hold what it should.
  case metadata(path: String, reason: String)

  public var description: String {
    switch self {
    case .system(let path, let action, let reason):
      "\(path): cannot \(action): \(reason)"
    case .damaged(let path, let reason):
      "\(path): not a valid safetensors file: \(reason)"
    case .tensor(let path, let name, let reason):
      "\(path): tensor '\(name)' \(reason)"
    case .metadata(let path, let reason): "\(path): \(reason)"
    }
  }

  /// The error that `errno` describes.
  static func last(_ path: String, _ action: String) -> SafetensorsError {
    .system(
      path: path, action: action, reason: String(cString: strerror(errno)))
  }
}
