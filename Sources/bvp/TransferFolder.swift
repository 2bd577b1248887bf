import Experiments
import Foundation
import TensorFiles
import Training

/// The folder of a comparison: what it began with, and whether another command
/// means the same.
struct TransferFolder {
  let path: String

  /// Holds the digest of the checkpoint that the comparison began with.
  private var record: String { path + "/checkpoint.digest" }

  /// Where the checkpoint of the comparison in the folder lies, if its content
  /// is that of another path: the runs in there know it by that name.
  func knownPath(of checkpoint: String, _ runs: [RunFolder]) throws -> String {
    let manager = FileManager.default
    for run in runs where manager.fileExists(atPath: run.recipe) {
      guard let known = try run.readRecipe().network.from, known != checkpoint,
        manager.fileExists(atPath: known),
        try SafetensorsFile(path: known).digest()
          == SafetensorsFile(path: checkpoint).digest()
      else { continue }
      return known
    }
    return checkpoint
  }

  /// Refuses a file in the folder's place.
  func refuseFile() throws {
    var isFolder: ObjCBool = false
    if FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
      !isFolder.boolValue
    {
      throw CommandFailure("\(path): is a file; a folder is needed")
    }
  }

  private func remove(_ path: String) throws {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw CommandFailure("\(path): cannot be removed")
    }
  }

  /// Refuses a folder that holds another comparison, or clears it.
  func prepare(_ experiment: Transfer, checkpoint: String, force: Bool) throws {
    let manager = FileManager.default
    let digest = try SafetensorsFile(path: checkpoint).digest()
    let known = try? String(contentsOfFile: record, encoding: .utf8)
    for run in experiment.runs {
      let folder = experiment.folder(run)
      guard manager.fileExists(atPath: folder.path) else { continue }
      if force {
        let lock = try FolderLock(folder.path)
        try withExtendedLifetime(lock) { try remove(folder.path) }
      } else if manager.fileExists(atPath: folder.recipe) {
        let asked = experiment.recipe(run)
        if let change = try folder.readRecipe().differences(from: asked).first {
          throw CommandFailure(
            "\(folder.path): the run has \(change); --force begins anew")
        }
        if let known, known != digest + "\n" {
          throw CommandFailure(
            "\(path): began with another network in \(checkpoint), whose "
              + "content has changed; --force begins anew")
        }
      }
    }
    try writeAtomically(digest + "\n", to: record)
  }
}
