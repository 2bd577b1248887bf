import Foundation
import Networks
import Parallel
import Tables
import TensorFiles
import Training

/// A study's runs on disk, a folder each.
///
/// A run is known by its recipe, not by the name of its folder: what a study's file
/// says otherwise by now is another run.
public struct StudyFolder {
  /// A run and where it is kept.
  public struct Entry {
    public let run: Study.Run
    public let folder: RunFolder
    /// The recipe that it goes on by: that of its state, if it has one.
    public let recipe: Recipe
    /// The steps that it has taken.
    public let step: Int
    fileprivate let saved: SavedRun?

    public var name: String {
      URL(fileURLWithPath: folder.path).lastPathComponent
    }

    fileprivate var measured: String { folder.path + "/measured.csv" }
    fileprivate var failure: String { folder.path + "/failure.txt" }
  }

  /// What came of an attempt to run.
  public enum Outcome: Sendable, Equatable {
    case done
    /// Another process is at it.
    case busy
    /// It stopped being a number; the reason is kept in its folder.
    case diverged(String)
  }

  public let study: Study
  public let path: String
  public let entries: [Entry]

  /// The results of all runs.
  public var tablePath: String { path + "/study.csv" }

  /// Finds the runs of a study that are in a folder, and places for the others.
  ///
  /// - Parameters:
  ///   - study: the study.
  ///   - path: its folder, which need not be there.
  ///   - precision: chooses one for a recipe that the study leaves to the machine.
  /// - Throws: `EquationError`, `TrainingError`, what reading runs throws.
  public init(
    _ study: Study, in path: String, precision: (Recipe) throws -> Precision
  ) throws {
    self.study = study
    self.path = path
    let free = !study.fixesPrecision
    var (saved, taken) = try Self.savedRuns(in: path, freePrecision: free)
    entries = try study.runs().map { run in
      let key = try Self.key(run.recipe, freePrecision: free)
      if let (name, own) = saved.removeValue(forKey: key) {
        return Entry(
          run: run, folder: RunFolder(path + "/" + name), recipe: own.recipe,
          step: own.step, saved: own)
      }
      var name = run.name
      var number = 2
      while !taken.insert(name).inserted {
        name = run.name + "_\(number)"
        number += 1
      }
      var recipe = run.recipe
      if free { recipe.precision.products = try precision(recipe) }
      return Entry(
        run: run, folder: RunFolder(path + "/" + name), recipe: recipe, step: 0,
        saved: nil)
    }
  }

  /// The runs in a folder by their recipes, and the names that are taken.
  private static func savedRuns(
    in path: String, freePrecision: Bool
  ) throws -> ([String: (name: String, run: SavedRun)], Set<String>) {
    let names =
      (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []
    var runs: [String: (name: String, run: SavedRun)] = [:]
    var taken: Set<String> = []
    for name in names.sorted() {
      let folder = RunFolder(path + "/" + name)
      guard folder.hasState else { continue }
      let saved = try SavedRun(folder)
      taken.insert(name)
      runs[try key(saved.recipe, freePrecision: freePrecision)] = (name, saved)
    }
    return (runs, taken)
  }

  /// What two recipes of one training have in common.
  private static func key(_ recipe: Recipe, freePrecision: Bool) throws
    -> String
  {
    var recipe = recipe
    if freePrecision { recipe.precision.products = .f32 }
    return try recipe.yaml()
  }

  // MARK: Running

  /// Trains a run to its end and measures it, as far as that is not done.
  ///
  /// - Parameters:
  ///   - entry: the run.
  ///   - threads: threads to use.
  ///   - cancellation: asked between steps and blocks of samples.
  ///   - report: receives what the training tells.
  /// - Returns: what came of it.
  /// - Throws: what a training throws; `Cancelled`, with its state saved.
  public func run(
    _ entry: Entry, threads: Int, cancellation: Cancellation,
    report: (TrainingRun, TrainingEvent) -> Void
  ) throws -> Outcome {
    if try results(of: entry) != nil { return .done }
    let lock: FolderLock
    do { lock = try entry.folder.lock() } catch SafetensorsError.busy {
      return .busy
    }
    defer { withExtendedLifetime(lock) {} }
    // Another process may have been at it since.
    let saved = try entry.folder.hasState ? SavedRun(entry.folder) : nil
    if let from = entry.recipe.network.from { try saved?.checkStart(from) }
    let recipe = saved?.recipe ?? entry.recipe
    unlink(entry.failure)
    do {
      let training = try TrainingRun(
        recipe, sources: TrainingSources(systemsOf: saved?.located ?? recipe),
        folder: entry.folder, resumes: saved != nil, threads: threads)
      let outcome = try training.run(
        cancellation: cancellation, report: { report(training, $0) })
      if outcome == .interrupted { throw Cancelled() }
    } catch let error as TrainingError {
      guard case .nonFinite(let quantity, let step, _) = error else {
        throw error
      }
      let reason = "diverged: the \(quantity) is not finite at step \(step)"
      try writeAtomically(reason + "\n", to: entry.failure)
      return .diverged(reason)
    }
    try measure(entry, recipe, threads: threads, cancellation)
    return .done
  }

  private func measure(
    _ entry: Entry, _ recipe: Recipe, threads: Int, _ cancellation: Cancellation
  ) throws {
    let network = try SafetensorsFile(path: entry.folder.model).digest()
    let earlier = try measuredRows(of: entry)
    var rows: [MeasuredRow] = []
    for measure in study.measures {
      var row =
        try earlier.first {
          $0.definition == measure.definition && $0.network == network
        }
        ?? measure.run(
          on: entry.folder.model, trainedBy: recipe, threads: threads,
          cancellation: cancellation)
      (row.name, row.network) = (measure.name, network)
      rows.append(row)
    }
    let lines = ResultTable(rows).csv
    try writeAtomically(
      lines.joined(separator: "\n") + "\n", to: entry.measured)
  }

  private func measuredRows(of entry: Entry) throws -> [MeasuredRow] {
    guard FileManager.default.fileExists(atPath: entry.measured) else {
      return []
    }
    return try MeasuredRow.rows(of: CSVTable(path: entry.measured))
  }

  // MARK: Results

  /// What was measured of a run, in the order of the measures; nil if it is not
  /// done.
  private func results(of entry: Entry) throws -> [MeasuredRow]? {
    guard FileManager.default.fileExists(atPath: entry.measured) else {
      return nil
    }
    let rows = try measuredRows(of: entry)
    let found = study.measures.compactMap { measure in
      rows.first { $0.definition == measure.definition }
    }
    return found.count == study.measures.count ? found : nil
  }

  /// Whether a run is trained and measured.
  public func isDone(_ entry: Entry) throws -> Bool {
    try results(of: entry) != nil
  }

  /// How a run stands: `done`, `begun`, `new`, or why it has no result.
  public func state(_ entry: Entry) throws -> String {
    if try isDone(entry) { return "done" }
    if let reason = try? String(contentsOfFile: entry.failure, encoding: .utf8)
    {
      return reason.trimmingCharacters(in: .whitespacesAndNewlines)
    }
    return entry.folder.hasState ? "begun" : "new"
  }

  /// The columns of numbers that a study's table has.
  public static func quantities(of study: Study) -> [String] {
    StudyTable.ownQuantities
      + study.measures.flatMap { measure in
        ["mean", "median", "p90", "failures"].map(measure.column)
      }
  }

  /// The results so far.
  public func table() throws -> StudyTable {
    let quantities = Self.quantities(of: study)
    return StudyTable(
      axes: study.axisNames, quantities: quantities,
      rows: try entries.map { entry in
        let state = try state(entry)
        return StudyTable.Row(
          run: entry.name, labels: entry.run.labels, seed: entry.run.seed,
          state: state,
          values: try state == "done"
            ? values(entry)
            : Array(repeating: nil, count: quantities.count))
      })
  }

  private func values(_ entry: Entry) throws -> [Double?] {
    guard let last = try entry.folder.readMetrics().last else {
      throw TrainingError.state(
        path: entry.folder.metrics, reason: "has no rows")
    }
    let parameters = try? entry.recipe.configuration().layout.parameterCount
    let own: [Double?] = [
      Double(last.step), Double(last.samples), parameters.map(Double.init),
      last.seconds, last.trainMSE, last.testMSE, last.testRelativeMSE,
    ]
    let measured = try results(of: entry) ?? []
    return own
      + measured.flatMap { row -> [Double?] in
        [
          row.relativeMSE.mean, row.relativeMSE.median, row.relativeMSE.p90,
          Double(row.failures),
        ]
      }
  }
}
