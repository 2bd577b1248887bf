import Foundation
import TensorFiles
import Training

/// What a report is made of: runs' folders and tables, found on disk.
public struct ReportSources {
  /// What goes wrong when they are read.
  public struct Failure: Error, Equatable, CustomStringConvertible {
    public let description: String
  }

  /// A training run.
  struct TrainingResult {
    let name: String
    let recipe: Recipe
    let recipeText: String
    let command: String?
    let metrics: CSVTable
  }

  /// A table of a kind that a report knows, with the command that made it.
  struct Table {
    let name: String
    let command: String?
    let table: CSVTable
  }

  private(set) var trainings: [TrainingResult] = []
  private(set) var transfers: [Table] = []
  private(set) var robustness: [Table] = []
  private(set) var sweeps: [Table] = []
  private(set) var samples: [Table] = []
  private(set) var newtons: [Table] = []

  var isEmpty: Bool {
    trainings.isEmpty && transfers.isEmpty && robustness.isEmpty
      && sweeps.isEmpty && samples.isEmpty && newtons.isEmpty
  }

  /// Reads files and folders; a folder's own folders are read too, except the
  /// runs of a transfer, which are its rows.
  ///
  /// - Throws: ``Failure`` for a path that is not there or a file that is of no
  ///   known kind; `CSVTable.Failure` and `TrainingError` for damaged ones.
  public init(_ paths: [String]) throws {
    for path in paths {
      var isFolder: ObjCBool = false
      guard
        FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
      else { throw Failure(description: "\(path): there is no such run") }
      if isFolder.boolValue {
        try addFolder(path)
      } else if !(try addTable(path)) {
        throw Failure(
          description: "\(path): is none of the tables that a report knows")
      }
    }
    guard !isEmpty else {
      throw Failure(
        description: "\(paths.joined(separator: ", ")): no run and no table")
    }
  }

  private mutating func addFolder(_ path: String) throws {
    let manager = FileManager.default
    let content: [String]
    do {
      content = try manager.contentsOfDirectory(atPath: path).sorted()
    } catch {
      throw Failure(description: "\(path): the folder cannot be read")
    }
    if content.contains("metrics.csv"), content.contains("recipe.yaml") {
      return try addTraining(path)
    }
    for name in content where name.hasSuffix(".csv") {
      _ = try addTable(path + "/" + name)
    }
    guard !content.contains("transfer.csv") else { return }
    for name in content {
      var isFolder: ObjCBool = false
      let child = path + "/" + name
      if manager.fileExists(atPath: child, isDirectory: &isFolder),
        isFolder.boolValue
      {
        try addFolder(child)
      }
    }
  }

  private mutating func addTraining(_ path: String) throws {
    let file = path + "/recipe.yaml"
    guard let text = try? String(contentsOfFile: file, encoding: .utf8) else {
      throw Failure(description: "\(file): cannot be read")
    }
    let metrics = try CSVTable(path: path + "/metrics.csv")
    // A run that was never evaluated has nothing to show.
    guard !metrics.rows.isEmpty else { return }
    trainings.append(
      TrainingResult(
        name: Self.name(path), recipe: try Recipe(path: file, text: text),
        recipeText: text, command: Self.command(path + "/metrics.csv"),
        metrics: metrics))
  }

  /// Adds a table of a known kind; false if it is of none.
  private mutating func addTable(_ path: String) throws -> Bool {
    let csv = try CSVTable(path: path)
    let table = Table(
      name: Self.name(path), command: Self.command(path), table: csv)
    switch csv.header.prefix(3) {
    case ["start", "samples", "seed"]: transfers.append(table)
    case ["noise", "target", "level"]: robustness.append(table)
    case ["variable", "value", "network"]: sweeps.append(table)
    case ["sample", "x", "K"]: samples.append(table)
    case ["problem", "method", "step"]: newtons.append(table)
    default: return false
    }
    return true
  }

  private static func name(_ path: String) -> String {
    let url = URL(fileURLWithPath: path)
    let name = url.deletingPathExtension().lastPathComponent
    // A transfer is known by its folder.
    return name == "transfer"
      ? url.deletingLastPathComponent().lastPathComponent : name
  }

  private static func command(_ path: String) -> String? {
    (try? String(contentsOfFile: path + ".command", encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
