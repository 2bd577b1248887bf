import Foundation
import Tables

/// What a report is made of: runs' folders and tables, found on disk.
public struct ReportSources {
  /// What goes wrong when they are read.
  public struct Failure: Error, Equatable, CustomStringConvertible {
    public let description: String
  }

  /// What a report says of a training besides its errors.
  public struct TrainingDescription: Sendable {
    public var model: String
    /// The equation's name, or what else it learned.
    public var subject: String
    public var parameters: Int?
    /// Whether it began with random weights.
    public var isFromScratch: Bool
    /// Whether it learned to solve linear systems.
    public var solvesSystems: Bool
    /// Its recipe, by keys.
    public var settings: SettingTable.Settings

    public init(
      model: String, subject: String, parameters: Int?, isFromScratch: Bool,
      solvesSystems: Bool, settings: SettingTable.Settings = []
    ) {
      self.settings = settings
      self.model = model
      self.subject = subject
      self.parameters = parameters
      self.isFromScratch = isFromScratch
      self.solvesSystems = solvesSystems
    }
  }

  /// A training run.
  struct Training {
    let name: String
    let description: TrainingDescription
    /// Never empty.
    let rows: [TrainingRow]
    let command: String?
    let recipe: String
  }

  /// The rows of a table, with the command that made it.
  struct Table<Row> {
    let name: String
    let command: String?
    let rows: [Row]
  }

  /// A study: its table, the curves of its runs by their names, and its file.
  struct Study {
    let name: String
    let command: String?
    let table: StudyTable
    let curves: [String: [TrainingRow]]
    let file: String
  }

  private(set) var trainings: [Training] = []
  private(set) var studies: [Study] = []
  private(set) var robustness: [Table<RobustnessRow>] = []
  private(set) var sweeps: [Table<SweepRow>] = []
  private(set) var descents: [Table<DescentRow>] = []
  private(set) var samples: [Table<SampleCurves>] = []

  private let describe:
    (_ path: String, _ text: String) throws
      -> TrainingDescription

  var isEmpty: Bool {
    trainings.isEmpty && studies.isEmpty && robustness.isEmpty
      && sweeps.isEmpty && descents.isEmpty && samples.isEmpty
  }

  /// Reads files and folders; a folder's own folders are read too, except the
  /// runs of a study, which are its rows.
  ///
  /// - Parameters:
  ///   - paths: the files and folders.
  ///   - describe: tells what the training of a recipe.yaml is, from its path
  ///     and its text.
  /// - Throws: ``Failure`` for a path that is not there or a file that is of no
  ///   known kind; `CSVTable.Failure` for damaged ones; what `describe` throws.
  public init(
    _ paths: [String],
    describe:
      @escaping (_ path: String, _ text: String) throws
      -> TrainingDescription
  ) throws {
    self.describe = describe
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
    guard !content.contains("study.csv") else { return }
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
    let recipe = path + "/recipe.yaml"
    guard let text = try? String(contentsOfFile: recipe, encoding: .utf8) else {
      throw Failure(description: "\(recipe): cannot be read")
    }
    let metrics = path + "/metrics.csv"
    let rows = try TrainingRow.rows(of: CSVTable(path: metrics))
    // A run that was never evaluated has nothing to show.
    guard !rows.isEmpty else { return }
    trainings.append(
      Training(
        name: Self.name(path), description: try describe(recipe, text),
        rows: rows, command: Self.command(metrics), recipe: text))
  }

  /// Adds a table of a known kind; false if it is of none.
  private mutating func addTable(_ path: String) throws -> Bool {
    let csv = try CSVTable(path: path)
    func table<Row: ResultRow>(_ kind: Row.Type) throws -> Table<Row> {
      Table(
        name: Self.name(path), command: Self.command(path),
        rows: try Row.rows(of: csv))
    }
    if StudyTable.matches(csv.header) {
      studies.append(try study(StudyTable(csv), path))
    } else if RobustnessRow.matches(csv.header) {
      robustness.append(try table(RobustnessRow.self))
    } else if SweepRow.matches(csv.header) {
      sweeps.append(try table(SweepRow.self))
    } else if DescentRow.matches(csv.header) {
      descents.append(try table(DescentRow.self))
    } else if SampleCurves.matches(csv.header) {
      samples.append(
        Table(
          name: Self.name(path), command: Self.command(path),
          rows: [try SampleCurves(csv)]))
    } else {
      return false
    }
    return true
  }

  /// A study, whose runs are beside its table.
  private func study(_ table: StudyTable, _ path: String) throws -> Study {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
    var curves: [String: [TrainingRow]] = [:]
    for row in table.rows {
      let metrics = "\(folder)/\(row.run)/metrics.csv"
      guard FileManager.default.fileExists(atPath: metrics) else { continue }
      curves[row.run] = try TrainingRow.rows(of: CSVTable(path: metrics))
    }
    let file = try? String(
      contentsOfFile: folder + "/study.yaml", encoding: .utf8)
    return Study(
      name: Self.name(path), command: Self.command(path), table: table,
      curves: curves, file: file ?? "")
  }

  private static func name(_ path: String) -> String {
    // A study is known by its folder.
    shortName(of: path, unless: "study")
  }

  private static func command(_ path: String) -> String? {
    (try? String(contentsOfFile: path + ".command", encoding: .utf8))?
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
