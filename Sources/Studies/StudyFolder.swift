import DenseSolvers
import Equations
import Foundation
import Networks
import Parallel
import Systems
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

    public var name: String {
      URL(fileURLWithPath: folder.path).lastPathComponent
    }

    fileprivate var measured: String { folder.path + "/measured.csv" }
    fileprivate static let failureName = "failure.txt"
    fileprivate var failure: String { folder.path + "/" + Self.failureName }
  }

  /// What came of an attempt to run.
  public enum Outcome: Sendable, Equatable {
    case done
    /// Another process is at it.
    case busy
    /// It has no result; the reason is kept in its folder.
    case failed(String)
  }

  public let study: Study
  public let path: String
  public let entries: [Entry]
  /// What is to be said of folders that are passed over.
  public let remarks: [String]

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
    var (saved, taken, damaged) = try Self.savedRuns(
      in: path, freePrecision: free)
    remarks = damaged
    var names: [String: String] = [:]
    var checked: Set<String> = []
    entries = try study.runs().map { run in
      let key = try Self.key(run.recipe, freePrecision: free)
      if let other = names.updateValue(run.name, forKey: key) {
        throw StudyFailure(
          description: "\(study.path): '\(other)' and '\(run.name)' are the "
            + "same training")
      }
      let found = saved.removeValue(forKey: key)
      do {
        try Self.check(run.recipe, found?.run, study, &checked)
      } catch {
        throw StudyFailure(description: "\(run.name): \(error)")
      }
      if let (name, own) = found {
        return Entry(
          run: run, folder: RunFolder(path + "/" + name), recipe: own.recipe,
          step: own.step)
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
        run: run, folder: RunFolder(path + "/" + name), recipe: recipe, step: 0)
    }
  }

  /// Refuses a run whose data or measures cannot be had, or, of one that has begun,
  /// are not what they were.
  private static func check(
    _ recipe: Recipe, _ saved: SavedRun?, _ study: Study,
    _ checked: inout Set<String>
  ) throws {
    // What there is to check depends on little of a run that has not begun.
    let kind =
      "\(recipe.data) \(recipe.network.nodes) \(recipe.network.encoding) "
      + "\(recipe.network.from ?? "") \(recipe.seed)"
    let isKnown = !checked.insert(kind).inserted
    guard saved != nil || !isKnown else { return }
    let sources = try TrainingSources(systemsOf: saved?.located ?? recipe)
    try saved?.check(sources)
    if let from = recipe.network.from { try saved?.checkStart(from) }
    guard !isKnown else { return }
    let start = try start(of: recipe, saved)
    try start?.refuseTrainedSamples(
      of: sources.test, name: recipe.network.from ?? "", threads: 1)
    for measure in study.measures {
      try measure.check(recipe, sources, start: start, &checked)
    }
  }

  /// The checkpoint that a run begins from; one that has begun may do without.
  private static func start(
    of recipe: Recipe, _ saved: SavedRun?
  ) throws -> Checkpoint? {
    guard let from = recipe.network.from,
      saved == nil || FileManager.default.fileExists(atPath: from)
    else { return nil }
    return try Checkpoint(path: from)
  }

  /// The runs in a folder by their recipes, the names that are taken, and what is
  /// wrong with those that nobody can go on with.
  private static func savedRuns(
    in path: String, freePrecision: Bool
  ) throws -> (
    runs: [String: (name: String, run: SavedRun)], taken: Set<String>,
    damaged: [String]
  ) {
    let manager = FileManager.default
    let names =
      manager.fileExists(atPath: path)
      ? try manager.contentsOfDirectory(atPath: path) : []
    var runs: [String: (name: String, run: SavedRun)] = [:]
    var taken: Set<String> = []
    var damaged: [String] = []
    for name in names.sorted() {
      let folder = RunFolder(path + "/" + name)
      // What cannot be listed, such as a file, is somebody's.
      let content = try? manager.contentsOfDirectory(atPath: folder.path)
      let harmless = [FolderLock.fileName, Entry.failureName]
      // What is left of a run without its state is nobody's; one that another
      // process is beginning has no more than the state's unfinished file.
      guard
        content?.allSatisfy({
          harmless.contains($0) || $0.hasSuffix(".tmp")
        }) != true
      else { continue }
      taken.insert(name)
      guard folder.hasState else { continue }
      do {
        let saved = try SavedRun(folder)
        runs[try key(saved.recipe, freePrecision: freePrecision)] = (
          name, saved
        )
      } catch { damaged.append("\(error); the folder is passed over") }
    }
    return (runs, taken, damaged)
  }

  /// What two recipes of one training have in common.
  private static func key(_ recipe: Recipe, freePrecision: Bool) throws
    -> String
  {
    var recipe = recipe
    if freePrecision { recipe.precision.products = .f32 }
    return try recipe.yaml()
  }

  /// Whether a recipe is that of a run.
  private func isOf(_ entry: Entry, _ recipe: Recipe) throws -> Bool {
    let free = !study.fixesPrecision
    return try Self.key(recipe, freePrecision: free)
      == Self.key(entry.recipe, freePrecision: free)
  }

  // MARK: Running

  /// Forgets why runs had no result, so that they are tried again.
  public func forgetFailures(of entries: [Entry]) {
    for entry in entries { unlink(entry.failure) }
  }

  /// Trains a run to its end and measures it, as far as that is not done.
  ///
  /// - Parameters:
  ///   - entry: the run.
  ///   - threads: threads to use.
  ///   - cancellation: asked between steps and blocks of samples.
  ///   - report: receives what the training tells.
  /// - Returns: what came of it.
  /// - Throws: what is no fault of the run's, such as a full disk; `Cancelled`, with
  ///   its state saved.
  public func run(
    _ entry: Entry, threads: Int, cancellation: Cancellation,
    report: (TrainingRun, TrainingEvent) -> Void
  ) throws -> Outcome {
    if try isDone(entry) { return .done }
    let lock: FolderLock
    do { lock = try entry.folder.lock() } catch SafetensorsError.busy {
      return .busy
    }
    defer { withExtendedLifetime(lock) {} }
    // Whoever ran it has told.
    if failure(of: entry) != nil { return .busy }
    do {
      let recipe = try train(
        entry, threads: threads, cancellation: cancellation, report: report)
      try measure(entry, recipe, threads: threads, cancellation)
      guard let reason = try results(of: entry)?.compactMap(\.reason).first
      else { return .done }
      throw TrainingError.mismatch(reason)
    } catch let error where Self.isOfRun(error) {
      let reason = "\(error)".onOneLine
      try writeAtomically(reason + "\n", to: entry.failure)
      return .failed(reason)
    }
  }

  /// Whether an error is one of a run, and others may go on.
  private static func isOfRun(_ error: any Error) -> Bool {
    switch error {
    case SafetensorsError.damaged, SafetensorsError.metadata,
      SafetensorsError.tensor:
      true
    default:
      error is TrainingError || error is NetworkError || error is EquationError
        || error is SystemError || error is SolveFailure
        || error is CSVTable.Failure
    }
  }

  /// Trains a run and returns the recipe that it went by.
  private func train(
    _ entry: Entry, threads: Int, cancellation: Cancellation,
    report: (TrainingRun, TrainingEvent) -> Void
  ) throws -> Recipe {
    // Another process may have been at it since.
    let saved = try entry.folder.hasState ? SavedRun(entry.folder) : nil
    guard try saved.map({ try isOf(entry, $0.recipe) }) ?? true else {
      throw TrainingError.state(
        path: entry.folder.path, reason: "another run has begun there")
    }
    let recipe = saved?.recipe ?? entry.recipe
    do {
      let training = try TrainingRun(
        recipe, sources: TrainingSources(systemsOf: saved?.located ?? recipe),
        folder: entry.folder, resumes: saved != nil, threads: threads)
      let outcome = try training.run(
        cancellation: cancellation, report: { report(training, $0) })
      if outcome == .interrupted { throw Cancelled() }
    } catch TrainingError.nonFinite(let quantity, let step, _) {
      throw TrainingError.mismatch(
        "diverged: the \(quantity) is not finite at step \(step)")
    }
    return recipe
  }

  private func measure(
    _ entry: Entry, _ recipe: Recipe, threads: Int, _ cancellation: Cancellation
  ) throws {
    let network = try SafetensorsFile(path: entry.folder.model).digest()
    let earlier = measuredRows(of: entry)
    // Of a study without measures the network that was trained is kept.
    var rows = study.measures.isEmpty ? [MeasuredRow(network: network)] : []
    for measure in study.measures {
      let known = earlier.first {
        $0.definition == measure.definition && $0.network == network
          && $0.error.isEmpty
      }
      var row: MeasuredRow
      do {
        row =
          try known
          ?? measure.run(
            on: entry.folder.model, trainedBy: recipe, threads: threads,
            cancellation: cancellation)
      } catch let error where Self.isOfRun(error) {
        // The others are measured all the same.
        row = MeasuredRow()
        row.error = "\(error)".onOneLine
      }
      row.name = measure.name
      row.definition = measure.definition
      row.network = network
      rows.append(row)
    }
    let lines = ResultTable(rows).csv
    try writeAtomically(
      lines.joined(separator: "\n") + "\n", to: entry.measured)
  }

  private func measuredRows(of entry: Entry) -> [MeasuredRow] {
    // What is damaged is measured again.
    (try? MeasuredRow.rows(of: CSVTable(path: entry.measured))) ?? []
  }

  // MARK: Results

  /// What was measured of a run, in the order of the measures; nil if it is not
  /// done.
  private func results(of entry: Entry) throws -> [MeasuredRow]? {
    // A file that is gone or damaged is one that a run is not done without: it goes
    // on from its state, and says there what it cannot read.
    guard isMeasured(entry), let recipe = try? entry.folder.readRecipe(),
      try isOf(entry, recipe),
      (try? entry.folder.readMetrics().last) != nil,
      let network = try? SafetensorsFile(path: entry.folder.model).digest()
    else { return nil }
    let rows = measuredRows(of: entry).filter { $0.network == network }
    guard !rows.isEmpty else { return nil }
    let found = study.measures.compactMap { measure in
      rows.first { $0.definition == measure.definition }
    }
    return found.count == study.measures.count ? found : nil
  }

  /// Whether there are measurements of a run, of whatever.
  public func isMeasured(_ entry: Entry) -> Bool {
    FileManager.default.fileExists(atPath: entry.measured)
  }

  /// Whether a run is trained and measured.
  public func isDone(_ entry: Entry) throws -> Bool {
    isDone(try results(of: entry))
  }

  private func isDone(_ measured: [MeasuredRow]?) -> Bool {
    measured?.allSatisfy(\.error.isEmpty) == true
  }

  /// Why a run has no result.
  private func failure(of entry: Entry) -> String? {
    guard FileManager.default.fileExists(atPath: entry.failure) else {
      return nil
    }
    return textOfFile(entry.failure)?
      .trimmingCharacters(in: .whitespacesAndNewlines)
      ?? "\(entry.failure): cannot be read"
  }

  /// How a run stands: `done`, `begun`, `new`, or why it has no result.
  public func state(_ entry: Entry) throws -> String {
    state(entry, try results(of: entry))
  }

  private func state(_ entry: Entry, _ measured: [MeasuredRow]?) -> String {
    if isDone(measured) { return "done" }
    return failure(of: entry) ?? (entry.folder.hasState ? "begun" : "new")
  }

  /// The columns of numbers that a study's table has.
  public static func quantities(of study: Study) -> [String] {
    StudyTable.ownQuantities
      + (study.baseline.isEmpty ? [] : StudyTable.baselineQuantities)
      + study.measures.flatMap(\.columns)
  }

  /// The results so far.
  public func table() throws -> StudyTable {
    let quantities = Self.quantities(of: study)
    let found = try entries.map(results)
    let curves = try zip(entries, found).map { entry, measured in
      measured == nil ? [] : try entry.folder.readMetrics()
    }
    let places = Dictionary(
      uniqueKeysWithValues: entries.enumerated().map {
        let run = $0.element.run
        return (RunPlace(labels: run.labels, seed: run.seed), $0.offset)
      })
    return StudyTable(
      axes: study.axisNames, quantities: quantities,
      rows: try entries.indices.map { index in
        let (entry, run) = (entries[index], entries[index].run)
        let reference = study.reference(for: run.labels).flatMap {
          places[RunPlace(labels: $0, seed: run.seed)]
        }
        return StudyTable.Row(
          run: entry.name, labels: run.labels, seed: run.seed,
          state: state(entry, found[index]),
          values: try values(
            of: entry, found[index], curves[index],
            against: reference.map { curves[$0] } ?? [])
            ?? Array(repeating: nil, count: quantities.count))
      })
  }

  /// The quantities of a run that is trained and measured.
  private func values(
    of entry: Entry, _ measured: [MeasuredRow]?, _ curve: [TrainingRow],
    against baseline: [TrainingRow]
  ) throws -> [Double?]? {
    guard let measured, let last = curve.last else { return nil }
    let parameters = try entry.recipe.configuration().layout.parameterCount
    var values: [Double?] = [
      Double(last.step), Double(last.samples), Double(parameters),
      last.seconds, last.trainMSE, last.testMSE, last.testRelativeMSE,
    ]
    if !study.baseline.isEmpty {
      let end = baseline.last
      values += [
        end.map { last.testMSE / $0.testMSE },
        end.flatMap { end in
          curve.first { $0.testMSE <= end.testMSE }.map {
            Double($0.samples) / Double(end.samples)
          }
        },
      ]
    }
    return values
      + measured.prefix(study.measures.count).flatMap { row -> [Double?] in
        guard row.error.isEmpty else { return [nil, nil, nil, nil] }
        return [
          row.relativeMSE.mean, row.relativeMSE.median, row.relativeMSE.p90,
          Double(row.failures),
        ]
      }
  }
}

/// A run's place on the axes, and its seed.
private struct RunPlace: Hashable {
  let labels: [String]
  let seed: UInt64
}
