import ArgumentParser
import Foundation
import TensorFiles

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
    let folder = parentFolder(of: path)
    guard manager.fileExists(atPath: folder, isDirectory: &isFolder),
      isFolder.boolValue
    else { throw CommandFailure("\(folder): there is no such folder") }
    guard manager.isWritableFile(atPath: folder) else {
      throw CommandFailure("\(folder): the folder is not writable")
    }
  }
}
