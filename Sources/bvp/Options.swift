import ArgumentParser
import Foundation

/// Options of verbs that say what they are doing.
struct OutputOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Show no progress and no messages.")
  var quiet = false
}

/// The number of threads.
struct ThreadOptions: ParsableArguments {
  @Option(help: "Threads to use. (default: all processors)")
  var threads: Int?

  var count: Int { threads ?? ProcessInfo.processInfo.activeProcessorCount }

  func validate() throws {
    guard (1...1024).contains(threads ?? 1) else {
      throw ValidationError("--threads must lie between 1 and 1024")
    }
  }
}

/// Replacing files.
struct ForceOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Overwrite what exists.")
  var force = false

  /// Refuses, before any work, an output that exists or cannot be made.
  func check(_ path: String) throws {
    var isFolder: ObjCBool = false
    let manager = FileManager.default
    if manager.fileExists(atPath: path, isDirectory: &isFolder) {
      if isFolder.boolValue {
        throw CommandFailure("\(path): is a folder")
      }
      guard force else {
        throw CommandFailure("\(path): exists already; --force overwrites it")
      }
    }
    let parent = (path as NSString).deletingLastPathComponent
    let folder = parent.isEmpty ? "." : parent
    guard manager.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue
    else { throw CommandFailure("\(folder): there is no such folder") }
    guard manager.isWritableFile(atPath: folder) else {
      throw CommandFailure("\(folder): the folder is not writable")
    }
  }
}

/// A failure of the command itself, told in one line.
struct CommandFailure: Error, CustomStringConvertible {
  let description: String
  init(_ description: String) { self.description = description }
}

/// Checks the number of nodes a command was given.
func validateNodes(_ nodes: Int) throws {
  guard (3...4096).contains(nodes) else {
    throw ValidationError("--nodes must lie between 3 and 4096")
  }
}

/// Checks the number of points a command resamples on.
func validatePoints(_ points: Int?) throws {
  guard (2...10_000_000).contains(points ?? 2) else {
    throw ValidationError("--points must lie between 2 and 10000000")
  }
}

/// Values separated by commas, "50,100,250".
struct CommaList<Value: LosslessStringConvertible & Hashable & Sendable>:
  ExpressibleByArgument
{
  let values: [Value]

  var defaultValueDescription: String {
    values.map { "\($0)" }.joined(separator: ",")
  }

  init(_ values: [Value]) { self.values = values }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    values = parts.compactMap { Value(String($0)) }
    guard values.count == parts.count else { return nil }
  }

  /// Refuses a value for which `isValid` does not hold; `expected` completes
  /// "must be".
  func check(
    _ flag: String, _ expected: String, _ isValid: (Value) -> Bool
  ) throws {
    for value in values where !isValid(value) {
      throw ValidationError("\(flag): must be \(expected), not \(value)")
    }
  }

  /// Refuses a value that is given twice.
  func checkDistinct(_ flag: String) throws {
    for value in values where values.count(where: { $0 == value }) > 1 {
      throw ValidationError("\(flag) gives \(value) more than once")
    }
  }
}
