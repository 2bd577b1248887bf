import Experiments
import Foundation
import Tables
import TensorFiles
import Training

/// The folder of a comparison: what it began with, and whether another command
/// means the same.
struct TransferFolder {
  let path: String

  private func remove(_ path: String) throws {
    do {
      try FileManager.default.removeItem(atPath: path)
    } catch {
      throw CommandFailure("\(path): cannot be removed")
    }
  }

  /// Refuses a folder that holds another comparison, or clears it.
  ///
  /// - Parameters:
  ///   - experiment: the comparison that the command asks for.
  ///   - checkpoint: where its network is now.
  ///   - free: keys of recipes that the command leaves to the machine.
  ///   - force: whether to clear it.
  /// - Throws: `CommandFailure` that names the first setting that differs.
  func prepare(
    _ experiment: Transfer, checkpoint: String, free: [String], force: Bool
  ) throws {
    let manager = FileManager.default
    for run in experiment.runs {
      let folder = experiment.folder(run)
      guard manager.fileExists(atPath: folder.path) else { continue }
      if force {
        try refuseReplacedInput(folder.path, isCleared: true)
        let lock = try FolderLock(folder.path)
        try withExtendedLifetime(lock) { try remove(folder.path) }
      } else if folder.hasState {
        let saved = try SavedRun(folder)
        if run.start == .finetuned { try saved.checkStart(checkpoint) }
        var asked = experiment.recipe(run)
        asked.network.from = saved.recipe.network.from
        // The state knows whether the file is the one that it was.
        if asked.data.test.file != nil, saved.recipe.data.test.file != nil {
          asked.data.test.file = saved.recipe.data.test.file
        }
        let change = try saved.recipe.differences(from: asked).first {
          !free.contains($0.key)
        }
        if let change {
          throw CommandFailure(
            "\(folder.path): the run has \(change); --force begins anew")
        }
      }
    }
  }
}
