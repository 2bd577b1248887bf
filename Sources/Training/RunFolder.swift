import Foundation
import Tables
import TensorFiles

/// The files of a run: `recipe.yaml`, `metrics.csv`, `state.safetensors` and
/// `model.safetensors`.
public struct RunFolder: Sendable {
  public let path: String

  public init(_ path: String) { self.path = path }

  /// Everything that is needed to run it again.
  public var recipe: String { path + "/recipe.yaml" }
  /// A `TrainingRow` for each evaluation.
  public var metrics: String { path + "/metrics.csv" }
  /// What a training needs to go on.
  public var state: String { path + "/state.safetensors" }
  /// The network as it was last evaluated.
  public var model: String { path + "/model.safetensors" }

  /// Whether there is a run that can go on.
  public var hasState: Bool { FileManager.default.fileExists(atPath: state) }

  /// Keeps other processes out of the folder, which is made if it is not there,
  /// as long as the lock lives.
  public func lock() throws -> FolderLock { try FolderLock(path) }

  /// Makes the folder if it is not there.
  public func create() throws { try createFolder(path) }

  /// The recipe of the run.
  public func readRecipe() throws -> Recipe {
    guard let text = textOfFile(recipe) else {
      throw TrainingError.state(path: recipe, reason: "cannot be read")
    }
    return try Recipe(path: recipe, text: text)
  }

  /// The evaluations so far.
  public func readMetrics() throws -> [TrainingRow] {
    try TrainingRow.rows(of: CSVTable(path: metrics))
  }

  /// Replaces metrics.csv by these lines below the header.
  func writeMetrics(_ lines: [String]) throws {
    let header = ResultTable([TrainingRow]()).csvHeader
    try writeAtomically(
      ([header] + lines).joined(separator: "\n") + "\n", to: metrics)
  }

  /// Removes a network that an earlier run left, which would be taken for this
  /// one's.
  func removeModel() { unlink(model) }
}
