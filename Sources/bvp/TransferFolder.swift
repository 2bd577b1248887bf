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
        try fileDigest(known) == fileDigest(checkpoint)
      else { continue }
      return known
    }
    return checkpoint
  }

  /// Refuses a folder that holds another comparison, or clears it.
  func prepare(_ experiment: Transfer, checkpoint: String, force: Bool) throws {
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    if manager.fileExists(atPath: path, isDirectory: &isFolder),
      !isFolder.boolValue
    {
      throw CommandFailure("\(path): is a file; a folder is needed")
    }
    let digest = try fileDigest(checkpoint)
    let known = try? String(contentsOfFile: record, encoding: .utf8)
    for run in experiment.runs {
      let folder = experiment.folder(run)
      guard manager.fileExists(atPath: folder.path) else { continue }
      if force {
        try manager.removeItem(atPath: folder.path)
      } else if manager.fileExists(atPath: folder.recipe) {
        if let difference = try folder.readRecipe().difference(
          from: experiment.recipe(run))
        {
          throw CommandFailure(
            "\(folder.path): was made with another recipe, \(difference); "
              + "--force begins anew")
        }
        if let known, known != digest + "\n" {
          throw CommandFailure(
            "\(path): began with another network in \(checkpoint), whose "
              + "content has changed; --force begins anew")
        }
      }
    }
    try createFolder(path)
    try writeAtomically(digest + "\n", to: record)
  }
}

extension Recipe {
  /// The first setting that another recipe has otherwise, with both values; nil
  /// if they are alike.
  func difference(from other: Recipe) throws -> String? {
    guard self != other else { return nil }
    let mine = try settings()
    let its = try other.settings()
    let key = Set(mine.keys).union(its.keys).sorted()
      .first { mine[$0] != its[$0] }
    guard let key else { return "in its format" }
    func text(_ value: String?) -> String {
      guard let value else { return "not given" }
      return value.contains("\n") ? "another text" : value
    }
    return "\(key): \(text(mine[key])) there, \(text(its[key])) here"
  }

  /// All settings by their dotted keys.
  private func settings() throws -> [String: String] {
    var settings: [String: String] = [:]
    func add(_ value: Any, _ path: String) {
      if let members = value as? [String: Any] {
        for (key, value) in members {
          add(value, path.isEmpty ? key : path + "." + key)
        }
      } else {
        settings[path] = "\(value)"
      }
    }
    add(
      try JSONSerialization.jsonObject(with: JSONEncoder().encode(self)), "")
    return settings
  }
}
