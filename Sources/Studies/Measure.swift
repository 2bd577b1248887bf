import Equations
import Experiments
import Networks
import Parallel
import Systems
import Tables
import Training

/// What is measured of each network of a study: its error on systems of a law, of
/// another, or with noise.
public struct Measure {
  public let name: String
  /// The definition in one line: what was measured under it before counts.
  let definition: String
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
    if let own = values["seed"] {
      let text = try own.text(expecting: "a seed")
      guard let number = UInt64(text) else {
        throw own.error("expected a seed, not '\(text)'")
      }
      seed = number
    }
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
    definition =
      "data \(data ?? "–") equation \(equation ?? "–") samples "
      + "\(samples ?? 0) seed \(seed) set \(overrides.sorted { $0.key < $1.key }) "
      + "\(length ?? 0) noise "
      + (noise.map {
        "\($0.model) \($0.target) \($0.level) \($0.law) \($0.seed)"
      } ?? "–")
  }

  /// The name of a column of its results.
  public func column(_ figure: String) -> String {
    name.replacing(" ", with: "_") + "_" + figure
  }

  /// The systems that a network is measured on.
  private func source(
    _ checkpoint: Checkpoint, trainedOn recipe: Recipe
  ) throws -> any SystemSource {
    if let data {
      return try SystemFile(path: data).source(limit: samples)
    }
    var own =
      try equation.map { try Equation.load($0) }
      ?? Equation(yaml: recipe.data.equation ?? "", path: "recipe.yaml")
    if let length { own = try own.withCorrelationLength(length) }
    return try EquationSource(
      own, nodes: checkpoint.configuration.n, seed: seed,
      count: samples ?? 1000, overrides: overrides)
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
    let source = try source(checkpoint, trainedOn: recipe)
    try checkpoint.refuseTrainedSamples(
      source.origin, name: path, identity: source.identity)
    let count = min(source.count ?? 0, samples ?? .max)
    guard count > 0 else {
      throw TrainingError.mismatch("\(data ?? name): has no samples")
    }
    let predictor = try Predictor(
      checkpoint, engine: ComputeEngine(threads: threads), precision: .f32,
      batch: 64, n: source.n)
    let clean = Noise(model: .rms, target: .A, level: 0, seed: 0)
    let found = try Robustness(
      noises: [noise ?? clean], solvers: [NetworkSolver(name, predictor)],
      threads: threads
    ).run(on: source, count: count, cancellation: cancellation)
    var row = MeasuredRow()
    row.name = name
    row.definition = definition
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
      measures.append(try Measure(value, name: name))
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
      model: try values["model"]?.named(Noise.Model.self, "a model") ?? .rms,
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

  static var fields: [ResultField<MeasuredRow>] {
    [
      .column("measure", \.name), .column("definition", \.definition),
      .column("network", \.network), .column("samples", \.samples),
    ]
      + ResultField.distribution(
        "relative_mse", \.relativeMSE, heading: "relative mse", unit: "‖u‖²")
      + [.column("failures", \.failures)]
  }
}
