import Equations
import Experiments
import Networks
import Parallel
import Systems
import Tables
import TensorFiles
import Training

/// What is measured of each network of a study: its error on systems of a law, of
/// another, or with noise.
public struct Measure {
  public let name: String
  /// The definition in one line: what was measured under it before counts.
  private(set) var definition: String
  /// The equation, file or name; nil is the run's own.
  private var equation: String?
  private var data: String?
  private var samples: Int?
  private var seed: UInt64 = 201
  /// Parameters that are fixed.
  private var overrides: [String: Double] = [:]
  private var length: Double?
  private var noise: Noise?

  /// Reads a measure from a study's file.
  init(_ value: YAMLValue, name: String) throws(EquationError) {
    self.name = name
    let values = try value.mapping(
      required: [],
      optional: ["data", "equation", "samples", "seed", "set", "noise"])
    data = try values["data"]?.text(expecting: "a dataset")
    equation = try values["equation"]?.text(expecting: "an equation")
    samples = try values["samples"]?.whole(1...Recipe.largestCount)
    for (key, other) in [
      ("equation", equation != nil), ("seed", values["seed"] != nil),
      ("set", values["set"] != nil),
    ] where other && data != nil {
      throw value.error("'data' goes without '\(key)'")
    }
    seed = try values["seed"]?.seed() ?? seed
    for (key, number) in try values["set"]?.entries(
      expecting: "parameters with their values") ?? []
    {
      if key == "length" {
        length = try number.number()
      } else {
        overrides[key] = try number.number()
      }
    }
    noise = try values["noise"]?.noise()
    definition = ""
    definition = try Self.definition(of: self, value)
  }

  /// What is measured, in one line, files by their contents.
  private static func definition(
    of measure: Measure, _ value: YAMLValue
  ) throws(EquationError) -> String {
    do {
      // All of a file counts, wherever it was changed.
      let contents = try measure.data.map { path in
        _ = try SystemFile(path: path)
        return try Digest(contentsOf: path).text
      }
      let law = try measure.equation.map { try Equation.load($0).source }
      var digest = Digest()
      digest.add((law ?? "").utf8)
      let fixed = measure.overrides.sorted { $0.key < $1.key }.map {
        "\($0.key) \($0.value)"
      }.joined(separator: " ")
      let noise = measure.noise.map {
        "\($0.model) \($0.target) \($0.level) \($0.law) \($0.seed)"
      }
      return "data \(contents ?? "none") law \(digest.text) samples "
        + "\(measure.samples ?? 0) seed \(measure.seed) set \(fixed) "
        + "length \(measure.length ?? 0) noise \(noise ?? "none")"
    } catch { throw value.error("\(error)") }
  }

  /// The name of a column of its results.
  public func column(_ figure: String) -> String {
    name.replacing(" ", with: "_") + "_" + figure
  }

  /// The names of all of them.
  var columns: [String] {
    ["mean", "median", "p90", "failures"].map(column)
  }

  /// The systems that a network of some nodes is measured on.
  private func source(nodes: Int, trainedOn recipe: Recipe) throws
    -> any SystemSource
  {
    if let data {
      let file = try SystemFile(path: data)
      guard samples ?? 0 <= file.count else {
        throw TrainingError.mismatch(
          "\(data): holds \(file.count) systems, the measure asks for "
            + "\(samples ?? 0)")
      }
      return try file.source(limit: samples)
    }
    guard let law = recipe.data.equation ?? equation else {
      throw TrainingError.mismatch(
        "there is no equation; a measure of systems of none has 'data'")
    }
    var own =
      try equation.map { try Equation.load($0) }
      ?? Equation(yaml: law, path: "recipe.yaml")
    if let length { own = try own.withCorrelationLength(length) }
    return try EquationSource(
      own, nodes: nodes, seed: seed, count: samples ?? 1000,
      overrides: overrides)
  }

  /// Refuses, before any training, what a run's network could not be measured on.
  ///
  /// - Parameters:
  ///   - recipe: the run's.
  ///   - sources: its examples.
  ///   - start: the checkpoint that it begins from, if it does.
  ///   - checked: the measures whose systems are known to be there.
  /// - Throws: ``StudyFailure`` that names the measure.
  func check(
    _ recipe: Recipe, _ sources: TrainingSources, start: Checkpoint?,
    _ checked: inout Set<String>
  ) throws {
    do {
      let source = try source(nodes: recipe.network.nodes, trainedOn: recipe)
      guard source.n == recipe.network.nodes else {
        throw TrainingError.mismatch(
          "the network has order \(recipe.network.nodes), the systems "
            + "\(source.n)")
      }
      let count = try count(of: source)
      let examples = SystemExamples(source)
      if try sources.training.shares(with: examples) {
        throw TrainingError.mismatch("the network is trained on its systems")
      }
      try start?.refuseTrainedSamples(
        of: examples, name: recipe.network.from ?? "", threads: 1)
      let systems =
        "\(definition) \(source.n) \(equation ?? recipe.data.equation ?? "")"
      guard checked.insert(systems).inserted else { return }
      var system = SolvedSystem(n: source.n)
      let workspace = SystemWorkspace()
      for row in 0..<count {
        try source.load(row, into: &system, workspace: workspace)
      }
    } catch {
      throw StudyFailure(description: "the measure '\(name)': \(error)")
    }
  }

  /// How many systems a network is measured on, which are some.
  private func count(of source: any SystemSource) throws -> Int {
    let count = min(source.count ?? 0, samples ?? .max)
    guard count > 0 else {
      throw TrainingError.mismatch("\(data ?? name): has no samples")
    }
    return count
  }

  /// Measures a network.
  ///
  /// - Parameters:
  ///   - path: its checkpoint.
  ///   - recipe: what it was trained by.
  ///   - threads: threads to use.
  ///   - cancellation: asked between blocks of samples.
  /// - Returns: the measurement.
  /// - Throws: what reading and solving throw, `Cancelled`.
  func run(
    on path: String, trainedBy recipe: Recipe, threads: Int,
    cancellation: Cancellation
  ) throws -> MeasuredRow {
    let checkpoint = try Checkpoint(path: path)
    let source = try source(
      nodes: checkpoint.configuration.n, trainedOn: recipe)
    try checkpoint.refuseTrainedSamples(
      of: SystemExamples(source), name: path, threads: threads)
    let count = try count(of: source)
    let predictor = try Predictor(
      checkpoint, engine: ComputeEngine(threads: threads), precision: .f32,
      batch: 64, n: source.n)
    let clean = Noise(model: .rms, target: .A, level: 0, seed: 0)
    let found = try Robustness(
      noises: [noise ?? clean], solvers: [NetworkSolver(name, predictor)],
      threads: threads
    ).run(on: source, count: count, cancellation: cancellation)
    var row = MeasuredRow()
    row.samples = count
    if let found = found.first {
      row.relativeMSE = found.relativeMSE
      row.failures = found.failures
    }
    return row
  }
}

extension YAMLValue {
  func measures() throws(EquationError) -> [Measure] {
    var measures: [Measure] = []
    for (name, value) in try entries(expecting: "a mapping of names to systems")
    {
      let measure = try Measure(value, name: name)
      let columns = measures.map { $0.column("mean") }
      guard !columns.contains(measure.column("mean")) else {
        throw value.error("has the columns of another measure")
      }
      measures.append(measure)
    }
    return measures
  }

  fileprivate func noise() throws(EquationError) -> Noise {
    let values = try mapping(
      required: ["level"], optional: ["model", "target", "law", "seed"])
    let level = try child("level").number()
    guard Noise.levels.contains(level) else {
      throw try child("level").error(
        "must lie between \(Noise.levels.lowerBound) and "
          + "\(Noise.levels.upperBound)")
    }
    return Noise(
      model: try values["model"]?.named(Noise.Model.self, "a model")
        ?? .standard,
      target: try values["target"]?.named(Noise.Target.self, "a target") ?? .A,
      level: level,
      seed: UInt64(try values["seed"]?.whole(0...Int.max) ?? 0),
      law: try values["law"]?.named(Noise.Law.self, "a law") ?? .gaussian)
  }
}

/// A line of a run's measured.csv.
struct MeasuredRow: ResultRow {
  var name = ""
  var definition = ""
  /// The digest of the network.
  var network = ""
  var samples = 0
  /// ‖û − u‖²/‖u‖².
  var relativeMSE = Distribution([])
  var failures = 0
  /// Why there is no result; empty where there is one.
  var error = ""

  init() {}

  /// Why there is no result, with the measure's name.
  var reason: String? {
    error.isEmpty ? nil : "the measure '\(name)': \(error)"
  }

  init(network: String) { self.network = network }

  static var fields: [ResultField<MeasuredRow>] {
    [
      .column("measure", \.name), .column("definition", \.definition),
      .column("network", \.network), .column("samples", \.samples),
    ]
      + ResultField.distribution(
        "relative_mse", \.relativeMSE, heading: "relative mse", unit: "‖u‖²")
      + [
        .column("failures", \.failures),
        .column("error", \.error, isOptional: true),
      ]
  }
}

/// What is wrong with a run of a study, or what came of it.
public struct StudyFailure: Error, CustomStringConvertible {
  public let description: String
}
