import ArgumentParser
import Equations
import Foundation
import Reports
import Tables
import TensorFiles
import Training

struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Show what differs between runs, and how they ended.",
    discussion: """
      A run is the folder of a training, or a folder of such folders. The columns
      are the keys of recipe.yaml that not all have alike, and the last row of
      metrics.csv.

      EXAMPLE:

        bvp compare runs/first runs/second --plot curves.svg
      """)

  @Argument(help: "Folders of runs.", completion: .directory)
  var runs: [String]

  @Option(
    help: ArgumentHelp(
      "Draw the test errors while training, as .svg or .png.",
      valueName: "file"), completion: .file())
  var plot: String?

  @Option(
    name: .shortAndLong, help: "Write the CSV to this file as well.",
    completion: .file())
  var output: String?

  @OptionGroup var format: FormatOptions
  @OptionGroup var force: ForceOptions

  func validate() throws {
    if force.force, output == nil, plot == nil {
      throw ValidationError("--force means nothing without --output or --plot")
    }
    if let plot, !isPicture(plot) {
      throw ValidationError("--plot must end in .svg or .png, not '\(plot)'")
    }
  }

  func run() throws {
    let file = try output.map(force.openTable)
    let picture = try plot.map(force.open)
    let found = try runs.flatMap {
      try Self.folders(URL(fileURLWithPath: $0).relativePath)
    }.map(ComparedRun.init)
    let names = try checkpointNames(found.map(\.path))
    let result = ResultTable(
      comparing: names, settings: found.map(\.settings),
      last: found.map(\.rows.last))
    if let picture {
      try commitPicture(
        Figure.document([
          Figure.testErrors(zip(names, found).map { ($0, $1.rows) })
        ]), to: picture)
    }
    if let file { try writeTable(result, to: file) }
    try format.show(result)
  }

  /// A run's folder, or those in a folder.
  private static func folders(_ path: String) throws -> [String] {
    let manager = FileManager.default
    func isRun(_ path: String) -> Bool {
      manager.fileExists(atPath: RunFolder(path).metrics)
        && manager.fileExists(atPath: RunFolder(path).recipe)
    }
    if isRun(path) { return [path] }
    guard manager.fileExists(atPath: path) else {
      throw CommandFailure("\(path): there is no such run")
    }
    let names: [String]
    do { names = try manager.contentsOfDirectory(atPath: path).sorted() } catch
    { throw CommandFailure("\(path): the folder cannot be read") }
    // A link leads to a run that may be among them.
    var seen: Set<FileIdentity> = []
    let inside = names.map { path + "/" + $0 }.filter { inside in
      isRun(inside)
        && FileIdentity(inside).map { seen.insert($0).inserted } ?? false
    }
    guard !inside.isEmpty else {
      throw CommandFailure("\(path): is no run, and holds none")
    }
    return inside
  }
}

/// A run that is set beside others.
private struct ComparedRun {
  let path: String
  let settings: SettingTable.Settings
  let rows: [TrainingRow]

  init(_ path: String) throws {
    self.path = path
    let folder = RunFolder(path)
    settings = try folder.readRecipe().comparableSettings()
    rows = try folder.readMetrics()
  }
}
