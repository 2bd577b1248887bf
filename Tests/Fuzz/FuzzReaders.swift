import Equations
import Foundation
import Networks
import Parallel
import Reports
import Systems
import Tables
import TensorFiles
import TestSupport

@testable import Equations
@testable import Newton
@testable import Training

/// Gives inputs to every reader that they might reach.
///
/// A reader returns, or throws an error of one line that names the file.
final class FuzzReaders {
  /// An error that tells too little, or in too many lines.
  struct Complaint: Error, CustomStringConvertible {
    let description: String
  }

  private let folder: TemporaryFolder
  private let engine: ComputeEngine
  /// Networks in training, by the recipe of a state in the corpus.
  private var phases: [(recipe: Recipe, phase: TrainingPhase)] = []

  init(corpus: [FuzzInput]) throws {
    folder = try TemporaryFolder(inMemory: true)
    engine = try ComputeEngine(threads: 1)
    for input in corpus where input.kind == .tensors {
      let path = try folder.write(Data(input.bytes), to: "state")
      guard let file = try? SafetensorsFile(path: path),
        FileFormat(of: file) == .state, let text = file.metadata["recipe"],
        let recipe = try? Recipe(path: path, text: text),
        let shape = try? recipe.configuration(), shape.n <= 16,
        !phases.contains(where: { $0.recipe == recipe })
      else { continue }
      let phase = try TrainingPhase(
        shape, recipe, engine: engine, precision: .f32, capacity: 1)
      phases.append((recipe, phase))
    }
  }

  /// Whether states are among what is read.
  var readsStates: Bool { !phases.isEmpty }

  /// Tries one input.
  ///
  /// - Throws: ``Complaint`` for what no reader should do.
  func read(_ input: FuzzInput) throws {
    switch input.kind {
    case .equation: try readEquation(input)
    case .recipe: try readRecipe(input)
    case .formula: try readFormula(input)
    case .table: try readTable(input)
    case .tensors: try readTensors(input)
    }
  }

  /// Runs a reader, whose error must be of one line and have `culprit` in it.
  @discardableResult
  private func attempt<Value>(_ culprit: String, _ body: () throws -> Value)
    throws -> Value?
  {
    do {
      return try body()
    } catch let complaint as Complaint {
      throw complaint
    } catch {
      // As the command prints it.
      let text = "\(error)".onOneLine
      guard !text.isEmpty, culprit.isEmpty || text.contains(culprit) else {
        throw Complaint(description: "does not name \(culprit): \(text)")
      }
      for word in ["Error Domain", "NSCocoa", "DecodingError", "Optional("]
      where text.contains(word) {
        throw Complaint(description: "is Foundation's: \(text)")
      }
      return nil
    }
  }

  // MARK: Text

  private func readEquation(_ input: FuzzInput) throws {
    guard let text = input.text else { return }
    let path = "mine.yaml"
    guard
      let equation = try attempt(path, { try Equation(yaml: text, path: path) })
    else { return }
    _ = equation.summary
    try readSamples(of: equation, path)
  }

  private func readSamples(of equation: Equation, _ path: String) throws {
    try attempt(path) {
      let sampler = try EquationSampler(equation, nodes: 5, seed: 1)
      let collocation = Equations.Collocation(nodes: 5, on: equation.domain)
      for index in [0, 3] {
        let system = collocation.assemble(try sampler.sample(index))
        guard system.b.count == 5 else {
          throw Complaint(description: "a system of another order")
        }
      }
    }
  }

  private func readFormula(_ input: FuzzInput) throws {
    guard let text = input.text else { return }
    let scope = ExpressionScope(
      parameters: ["a", "b"], fields: ["r"], hasX: true)
    let (x, r) = ([1.0, 0, -1], (0..<200).map { sin(Double($0)) })
    let compiled = try attempt("") {
      try Equations.Expression(text, scope: scope)
    }
    if let compiled {
      var values = [0.0, 0, 0]
      x.withUnsafeBufferPointer { x in
        r.withUnsafeBufferPointer { r in
          // Of a field and five derivatives.
          FormulaInputs(
            parameters: [0.25, -2], x: x, fields: r.baseAddress,
            firstRows: [0]
          ).evaluate(compiled, into: &values)
        }
      }
    }
    if let constant = try? Equations.Expression(text, scope: .constants) {
      _ = constant.constant
    }
  }

  private func readRecipe(_ input: FuzzInput) throws {
    guard let text = input.text else { return }
    let path = "recipe.yaml"
    try attempt(path) { try Recipe(note: text, path: path) }
    guard let recipe = try attempt(path, { try Recipe(path: path, text: text) })
    else { return }
    try attempt("") { try recipe.configuration() }
    try attempt(path) {
      guard try Recipe(path: path, text: recipe.yaml()) == recipe else {
        throw Complaint(description: "a recipe that comes back as another")
      }
    }
  }

  private func readTable(_ input: FuzzInput) throws {
    let path = try folder.write(Data(input.bytes), to: "table.csv")
    guard let table = try attempt(path, { try CSVTable(path: path) }) else {
      return
    }
    func rows<Row: ResultRow>(_ kind: Row.Type) throws {
      try attempt(path) { _ = try Row.rows(of: table) }
    }
    try rows(TrainingRow.self)
    try rows(EvaluationRow.self)
    try rows(RobustnessRow.self)
    try rows(SweepRow.self)
    try rows(DescentRow.self)
    try rows(DescentSummary.self)
    try rows(BenchmarkRow.self)
    try attempt(path) { _ = try SampleCurves(table) }
    try attempt(path) { _ = try report([path]) }
    // The same file as a run's.
    let run = folder.path("run")
    try FileManager.default.createDirectory(
      atPath: run, withIntermediateDirectories: true)
    try folder.write("recipe", to: "run/recipe.yaml")
    try folder.write(Data(input.bytes), to: "run/metrics.csv")
    try attempt(run) { _ = try report([run]) }
  }

  private func report(_ paths: [String]) throws -> String {
    let sources = try ReportSources(paths) { _, _ in
      .init(
        model: "gru", subject: "diffusion", parameters: 7, isFromScratch: true,
        solvesSystems: true)
    }
    return Report("page", sources: sources).html
  }

  // MARK: Files of tensors

  private func readTensors(_ input: FuzzInput) throws {
    let path = try folder.write(Data(input.bytes), to: "file")
    guard let file = try attempt(path, { try SafetensorsFile(path: path) })
    else { return }
    for tensor in file.tensors {
      try attempt(path) {
        guard try file.doubles(tensor.name).count == tensor.count else {
          throw Complaint(description: "'\(tensor.name)' has not its count")
        }
      }
      try attempt(path) { _ = try file.floats(tensor.name) }
    }
    try readDataset(path)
    try readCheckpoint(path)
    try attempt(path) {
      let prediction = try PredictionFile(path: path)
      for sample in 0..<min(prediction.count, 4) {
        let solution = try prediction.solution(sample)
        guard solution.allSatisfy(\.isFinite) else {
          throw Complaint(description: "a solution that is not finite")
        }
      }
    }
    try readTrajectories(path)
    for (_, phase) in phases {
      try attempt(path) {
        let state = try TrainingState(file)
        try state.restore(phase, from: file)
        guard phase.network.parameters.elements.allSatisfy(\.isFinite) else {
          throw Complaint(description: "weights that are not finite")
        }
        let csv = ([ResultTable([TrainingRow]()).csvHeader] + state.rows)
          .joined(separator: "\n")
        _ = try TrainingRow.rows(of: CSVTable(text: csv, path: path))
      }
    }
  }

  private func readDataset(_ path: String) throws {
    guard let reader = try attempt(path, { try DatasetReader(path: path) })
    else { return }
    guard reader.n <= 64 else { return }
    try attempt(path) {
      for row in 0..<min(reader.count, 3) {
        let system = try DatasetSource(reader).system(row)
        guard system.u.allSatisfy(\.isFinite) else {
          throw Complaint(description: "a solution that is not finite")
        }
      }
    }
    try attempt("") { _ = try DatasetDiagnostics(reader, limit: 2) }
    let joined = folder.path("joined")
    try attempt("") { _ = try joinDatasets([path], to: joined) }
    try readSamples(of: reader.equation, path)
  }

  private func readCheckpoint(_ path: String) throws {
    guard let checkpoint = try attempt(path, { try Checkpoint(path: path) })
    else { return }
    let n = checkpoint.configuration.n
    if let note = checkpoint.notes["recipe"] {
      try attempt(path) { _ = try Recipe(note: note, path: path) }
    }
    _ = checkpoint.trainedSamples.map { $0.shares(with: $0) }
    _ = checkpoint.encoding.summary + checkpoint.configuration.summary
    guard n <= 16, checkpoint.parameters.count < 20_000 else { return }
    try attempt("") {
      let predictor = try Predictor(
        checkpoint, engine: engine, precision: .f32, batch: 1, n: n)
      let A = (0..<(n * n)).map { $0 / n == $0 % n ? 2.0 : 0.5 }
      _ = try predictor.predict(A: A, b: Array(repeating: 1, count: n))
    }
  }

  private func readTrajectories(_ path: String) throws {
    guard let dataset = try attempt(path, { try NewtonDataset(path: path) })
    else { return }
    let examples = TrajectoryExamples(dataset)
    try attempt("") {
      let reader = try examples.makeReader(try examples.calibrated(.iterate))
      let tokens = TokenBatch(
        precision: .f32, capacity: 1, count: 2 * dataset.n)
      for index in 0..<dataset.count {
        _ = try reader.answer(index, into: tokens, n: dataset.n)
      }
    }
    if dataset.law.rows * dataset.law.columns < 100_000 {
      _ = dataset.problem(dataset.problems - 1)
    }
  }
}
