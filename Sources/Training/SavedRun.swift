import Foundation
import Networks
import TensorFiles

/// A run that stopped, as its folder keeps it.
public struct SavedRun: Sendable {
  /// What the run does.
  public let recipe: Recipe
  /// The steps taken.
  public let step: Int
  private let path: String
  private let materials: TrainingMaterials

  /// Reads the state in a folder.
  ///
  /// - Throws: `SafetensorsError` if it is none, ``TrainingError`` if recipe.yaml
  ///   says anything else than the state.
  public init(_ folder: RunFolder) throws {
    path = folder.path
    let file = try SafetensorsFile(path: folder.state)
    let state = try TrainingState(file)
    recipe = try Recipe(path: file.path, text: state.recipe)
    materials = state.materials
    step = state.step
    guard FileManager.default.fileExists(atPath: folder.recipe) else { return }
    let written = try folder.readRecipe()
    // A run that was killed while it was being extended has the one before.
    let ends = recipe.schedule.earlierEnds ?? []
    let isBefore =
      !ends.isEmpty && (written.schedule.earlierEnds ?? []) == ends.dropLast()
    let changes = try written.differences(from: recipe).filter {
      !(isBefore && Recipe.extensionKeys.contains($0.key))
    }
    if let change = changes.first {
      throw TrainingError.state(
        path: folder.recipe,
        reason: "was changed after the run began: \(change)"
          + (Recipe.extensionKeys.contains(change.key)
            ? "; --steps and --epochs extend a run" : ""))
    }
  }

  /// The recipe with the paths of its files as they are from here: a relative
  /// one begins at the folder that the run began in.
  public var located: Recipe {
    var result = recipe
    result.data.file = result.data.file.map(locate)
    result.data.test.file = result.data.test.file.map(locate)
    return result
  }

  private func locate(_ path: String) -> String {
    guard !path.hasPrefix("/"), !materials.workingFolder.isEmpty else {
      return path
    }
    let there = materials.workingFolder + "/" + path
    return FileManager.default.fileExists(atPath: there) ? there : path
  }

  /// The verb that such a run is one of.
  public var verb: String { recipe.verb }

  /// Throws unless examples are those that the run began with.
  public func check(_ sources: TrainingSources) throws {
    try materials.check(TrainingMaterials(sources), path: path)
  }

  /// Throws unless a checkpoint is the one that the run began from; one that is
  /// called as it was then may be gone.
  public func checkStart(_ path: String) throws {
    guard let from = recipe.network.from, !materials.fromDigest.isEmpty,
      path != from || FileManager.default.fileExists(atPath: path)
    else { return }
    let digest = try SafetensorsFile(path: path).digest()
    guard digest == materials.fromDigest else {
      throw TrainingError.state(
        path: self.path,
        reason: path == from
          ? "the run began from \(from), which is another checkpoint by now"
          : "the run began from \(from), and \(path) is another checkpoint")
    }
  }
}

extension Recipe {
  /// The verb of the command that follows it.
  public var verb: String {
    if !network.encoding.isOfSystems { return "newton train" }
    return network.from == nil ? "pretrain" : "finetune"
  }
}
