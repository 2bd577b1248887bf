import ArgumentParser
import Foundation
import TensorFiles

/// Replacing files.
struct ForceOptions: ParsableArguments {
  @Flag(name: .shortAndLong, help: "Overwrite what exists.")
  var force = false

  /// Begins an output, before any work: one that exists, cannot be made or is
  /// being written by another process is refused.
  func open(_ path: String) throws -> AtomicFile {
    let folder = parentFolder(of: path)
    guard FileManager.default.fileExists(atPath: folder) else {
      throw CommandFailure("\(folder): there is no such folder")
    }
    try refuseReplacedInput(path, isNamed: true)
    return try AtomicFile(path: path, replaces: force)
  }

  /// Begins a table with the command beside it, as ``open(_:)`` does.
  func openTable(_ path: String) throws -> AtomicFile {
    let file = try open(path)
    try checkRecord(beside: path)
    return file
  }

  /// Refuses, before any work, an output that ``open(_:)`` refuses.
  func check(_ path: String) throws { _ = try open(path) }
}
