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
  /// A file or a folder that is not to be written.
  case output(path: String, reason: String)
  /// A file or a folder that another process writes.
  case busy(path: String, process: String?)

  public var description: String {
    switch self {
    case .system(let path, let action, let reason):
      "\(path): cannot \(action): \(reason)"
    case .damaged(let path, let reason):
      "\(path): not a valid safetensors file: \(reason)"
    case .tensor(let path, let name, let reason):
      "\(path): tensor '\(name)' \(reason)"
    case .metadata(let path, let reason), .output(let path, let reason):
      "\(path): \(reason)"
    case .busy(let path, let process):
      "\(path): another process\(process.map { " (pid \($0))" } ?? "") is "
        + "writing it"
    }
  }

  /// The error of a system call that failed with this `errno`, which is read
  /// at once: whatever is called next may change it.
  static func system(_ path: String, _ action: String, _ code: Int32)
    -> SafetensorsError
  {
    .system(path: path, action: action, reason: String(cString: strerror(code)))
  }

  /// The error of an output that must not be replaced.
  static func exists(_ path: String) -> SafetensorsError {
    .output(path: path, reason: "exists already; --force overwrites it")
  }

  /// The error of an output without a name.
  static var noName: SafetensorsError {
    .output(path: "''", reason: "the name of an output must not be empty")
  }
}
