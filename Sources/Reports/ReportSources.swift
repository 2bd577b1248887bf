import Foundation
import Tables
import TensorFiles

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
    var name = ""
    let path: String
    let description: TrainingDescription
    /// Never empty.
    let rows: [TrainingRow]
    let command: String?
    let recipe: String
  }

  /// The rows of a table, with the command that made it.
  struct Table<Row> {
    var name = ""
    let path: String
    let command: String?
    let rows: [Row]
  }

  /// A study: its table, the curves of its runs by their names, and its file.
  struct Study {
    var name = ""
    let path: String
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
  /// The folders and files that were read, which links may lead to again.
  private var seen: Set<FileIdentity> = []

  var isEmpty: Bool {
    trainings.isEmpty && studies.isEmpty && robustness.isEmpty
      && sweeps.isEmpty && descents.isEmpty && samples.isEmpty
  }

  /// Reads files and folders, each once, whatever links lead to it; a folder's own
  /// folders are read too, except the runs of a study, which are its rows.
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
    nameAll()
  }

  /// Gives every part of a kind a name of its own.
  private mutating func nameAll() {
    func named<Part>(
      _ parts: [Part], _ path: KeyPath<Part, String>,
      _ name: WritableKeyPath<Part, String>
    ) -> [Part] {
      // A study is known by its folder.
      let names = shortNames(
        of: parts.map { $0[keyPath: path] }, unless: "study")
      return zip(parts, names).map { part, own in
        var part = part
        part[keyPath: name] = own
        return part
      }
    }
    trainings = named(trainings, \.path, \.name)
    studies = named(studies, \.path, \.name)
    robustness = named(robustness, \.path, \.name)
    sweeps = named(sweeps, \.path, \.name)
    descents = named(descents, \.path, \.name)
    samples = named(samples, \.path, \.name)
  }

  /// Whether something is met for the first time; what is gone by now is.
  private mutating func isNew(_ path: String) -> Bool {
    FileIdentity(path).map { seen.insert($0).inserted } ?? true
  }

  private mutating func addFolder(_ path: String) throws {
    guard isNew(path) else { return }
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
    guard let text = textOfFile(recipe) else {
      throw Failure(description: "\(recipe): cannot be read")
    }
    let metrics = path + "/metrics.csv"
    let rows = try TrainingRow.rows(of: CSVTable(path: metrics))
    // A run that was never evaluated has nothing to show.
    guard !rows.isEmpty else { return }
    trainings.append(
      Training(
        path: path, description: try describe(recipe, text), rows: rows,
        command: try Self.command(metrics), recipe: text))
  }

  /// Adds a table of a known kind; false if it is of none.
  private mutating func addTable(_ path: String) throws -> Bool {
    guard isNew(path) else { return true }
    let csv = try CSVTable(path: path)
    func table<Row: ResultRow, Key: Hashable>(
      _ name: WritableKeyPath<Row, String>, once key: (Row) -> Key
    ) throws -> Table<Row> {
      var rows = try Row.rows(of: csv)
      let names = rows.distinctNames({ $0[keyPath: name] }, once: key)
      for (index, own) in names.enumerated() {
        rows[index][keyPath: name] = own
      }
      return Table(path: path, command: try Self.command(path), rows: rows)
    }
    if StudyTable.matches(csv.header) {
      studies.append(try study(StudyTable(csv), path))
    } else if RobustnessRow.matches(csv.header) {
      robustness.append(
        try table(\RobustnessRow.solver) { [$0.noiseTitle, "\($0.level)"] })
    } else if SweepRow.matches(csv.header) {
      sweeps.append(
        try table(\SweepRow.network) { [$0.variable, "\($0.value)"] })
    } else if DescentRow.matches(csv.header) {
      descents.append(
        try table(\DescentRow.method) { [$0.problem, $0.step] })
    } else if SampleCurves.matches(csv.header) {
      samples.append(
        Table(
          path: path, command: try Self.command(path),
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
    return Study(
      path: path, command: try Self.command(path), table: table,
      curves: curves, file: try Self.text(folder + "/study.yaml") ?? "")
  }

  private static func command(_ path: String) throws -> String? {
    try text(path + ".command")?.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// The text of a file; nil where there is none.
  private static func text(_ path: String) throws -> String? {
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    guard let text = textOfFile(path) else {
      throw Failure(description: "\(path): cannot be read")
    }
    return text
  }
}
