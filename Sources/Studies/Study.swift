import Equations
import Networks
import Systems
import TensorFiles
import Training

/// Many trainings that differ in what a file says, and what is measured of each.
///
/// It is the product of its axes and seeds over a base; a file is read by
/// ``init(contentsOf:)``.
public struct Study {
  /// A key of recipe.yaml, or `equation`, `preset` or `from`, and its value.
  struct Setting {
    let key: String
    let value: YAMLValue
  }

  /// A place on an axis.
  struct Level {
    let label: String
    let settings: [Setting]

    func has(_ key: String) -> Bool { settings.contains { $0.key == key } }
  }

  /// What is varied.
  struct Axis {
    let key: String
    let name: String
    var levels: [Level]
  }

  /// A training of a study.
  public struct Run {
    /// Its place on each axis.
    public let labels: [String]
    public let seed: UInt64
    public let recipe: Recipe
    /// What varies, as the name of a folder.
    public let name: String
  }

  public let path: String
  /// Its name, for reports.
  public let name: String
  /// The text of the file.
  public let source: String
  var base: [Setting]
  var axes: [Axis]
  public var seeds: [UInt64]
  public let measures: [Measure]
  /// The place on some axes, by their number, that the others are compared with.
  var baseline: [Int: String] = [:]

  /// What the axes are called: the last part of a key, where no other ends so.
  public var axisNames: [String] { axes.map(\.name) }

  /// Whether the file says in which precision networks multiply.
  public var fixesPrecision: Bool {
    (base + axes.flatMap { $0.levels.flatMap(\.settings) }).contains {
      $0.key == Self.precisionKey
    }
  }

  static let precisionKey = "precision.products"

  /// What the others are compared with, in words; nil where there is nothing.
  public var baselineTitle: String? {
    guard !baseline.isEmpty else { return nil }
    return baseline.sorted { $0.key < $1.key }.map { index, label in
      "\(axes[index].name) \(label)"
    }.joined(separator: ", ")
  }

  /// The place that another is compared with, which differs from it on the baseline's
  /// axes alone; nil where there is none.
  func reference(for labels: [String]) -> [String]? {
    guard !baseline.isEmpty else { return nil }
    var reference = labels
    for (index, label) in baseline { reference[index] = label }
    return reference
  }

  /// The runs, seeds fastest and then the last axis.
  ///
  /// - Throws: `EquationError`, `TrainingError` that name the key, and what
  ///   reading a checkpoint throws.
  public func runs() throws -> [Run] {
    // What was set may have changed an axis and the baseline, in any order.
    try checkBaseline()
    return try places().flatMap { levels in
      let settings = base + levels.flatMap(\.settings)
      let recipe = try recipe(settings)
      return seeds.map { seed in
        var own = recipe
        own.seed = seed
        return Run(
          labels: levels.map(\.label), seed: seed, recipe: own,
          name: folderName(levels, seed))
      }
    }
  }

  /// The product of the axes.
  private func places() -> [[Level]] {
    axes.reduce([[]]) { places, axis in
      places.flatMap { place in axis.levels.map { place + [$0] } }
    }
  }

  private func folderName(_ levels: [Level], _ seed: UInt64) -> String {
    func plain(_ text: String) -> String {
      String(
        text.map {
          $0.isASCII && ($0.isLetter || $0.isNumber || ".+-".contains($0))
            ? $0 : "-"
        })
    }
    let parts = zip(axes, levels).map { plain("\($0.name)-\($1.label)") }
    let place = parts.joined(separator: "_")
    let end = (place.isEmpty ? "" : "_") + "seed-\(seed)"
    guard place.count > 150 else { return place + end }
    // File systems have names of 255 bytes at most.
    var digest = Digest()
    digest.add(place.utf8)
    return "\(place.prefix(140))-\(digest.text.prefix(8))\(end)"
  }

  /// The study with a setting in the place of the base's; of two lengths, steps and
  /// epochs, the one that is set counts.
  ///
  /// - Parameters:
  ///   - key: of recipe.yaml, `equation`, `preset` or `from`; or `axes.NAME`, to replace
  ///     the places on an axis, or `baseline` and `baseline.NAME`, to compare with
  ///     others.
  ///   - value: as YAML.
  /// - Throws: `EquationError` if it is no YAML, or the key is on an axis.
  public mutating func set(_ key: String, to value: String)
    throws(EquationError)
  {
    if let index = axes.firstIndex(where: { "axes." + $0.name == key }) {
      axes[index].levels = try YAMLValue.parse(value, file: key)
        .checkedLevels(of: axes[index].key)
      return
    }
    if key == "baseline" {
      return try takeBaseline(YAMLValue.parse(value, file: key))
    }
    if key.hasPrefix("baseline.") {
      let name = String(key.dropFirst("baseline.".count))
      return try takeBaseline(on: name, value)
    }
    guard !key.hasPrefix("axes.") else { throw noAxis(key) }
    var settings: [Setting] = []
    try YAMLValue.parse(value, file: key).addSettings(key, to: &settings)
    for setting in settings {
      let axis = axes.first { $0.levels.contains { $0.has(setting.key) } }
      if let axis {
        throw EquationError(
          file: path, key: setting.key,
          message: "is on the axis '\(axis.name)', which counts")
      }
      let lengths = ["schedule.steps", "schedule.epochs"]
      let replaced = lengths.contains(setting.key) ? lengths : [setting.key]
      base.removeAll { replaced.contains($0.key) }
    }
    base += settings
  }

  // MARK: Recipes

  private func recipe(_ settings: [Setting]) throws -> Recipe {
    let values = Dictionary(
      settings.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    try Self.check(values)
    let own = ["equation", "preset", "from"]
    let start = try start(values)
    var recipe = try start.setting(
      settings.filter { !own.contains($0.key) }.map { ($0.key, $0.value.node) },
      from: path)
    if recipe.data.noise != nil {
      // As --train-noise has it.
      if values["data.noise.decades"] == nil {
        recipe.data.noise?.decades = TrainingNoise.newDecades
      }
      if values["data.noise.balanced"] == nil {
        recipe.data.noise?.balanced = true
      }
    }
    if values["network.encoding"] == nil { recipe.chooseEncoding() }
    try takeFiles(of: &recipe, values)
    if values["from"] != nil {
      try checkShape(recipe, of: start, values)
    }
    if values["schedule.evaluate_every"] == nil {
      recipe.schedule.evaluateEvery = max(1, recipe.plannedSteps / 20)
    }
    try recipe.validate(path: path)
    do { _ = try recipe.configuration() } catch let error as NetworkError {
      throw EquationError(file: path, key: "network", message: "\(error)")
    }
    return recipe
  }

  /// Refuses settings that mean nothing, or two things.
  private static func check(_ values: [String: YAMLValue]) throws {
    if let epochs = values["schedule.epochs"], values["schedule.steps"] != nil {
      throw epochs.error("excludes schedule.steps, which is given as well")
    }
    for (key, other) in [
      ("network.from", "from"), ("data.equation", "equation"),
    ] {
      if let value = values[key] {
        throw value.error("is called '\(other)' here")
      }
    }
    for (key, other, text) in [
      ("schedule.floor", "schedule.kind", "constant"),
      ("precision.f32_share", "precision.products", "f32"),
      ("data.file", "data.online", "true"),
    ] {
      if let value = values[key], try values[other]?.text() == text {
        throw value.error("means nothing where \(other) is \(text)")
      }
    }
    if let seed = values["data.test.seed"], values["data.test.file"] != nil {
      throw seed.error("means nothing beside data.test.file")
    }
    if let samples = values["data.samples"], values["schedule.steps"] != nil,
      try values["data.online"]?.text() == "true"
    {
      throw samples.error(
        "means nothing online, where there are schedule.steps")
    }
    let model = try values["network.model"]?.text()
    for key in ["network.heads", "network.causal"] {
      if let value = values[key], ["lstm", "gru"].contains(model) {
        throw value.error("is of attention; \(model ?? "") has none")
      }
    }
  }

  /// A preset's recipe for what is trained.
  private func start(_ values: [String: YAMLValue]) throws -> Recipe {
    let source = try equation(values)
    let preset =
      try values["preset"]?.named(Recipe.Preset.self, "a preset") ?? .compact
    if let from = values["from"] {
      return try Recipe.fineTuning(
        preset, equation: source, from: from.filled("a checkpoint"))
    }
    return Recipe.pretraining(
      preset, equation: source,
      model: try values["network.model"]?.named(
        NetworkConfiguration.Model.self, "a model") ?? .algebraformer)
  }

  /// The text of the equation: that of its file or the dataset's; nil of systems
  /// that are of none.
  private func equation(_ values: [String: YAMLValue]) throws -> String? {
    if let equation = values["equation"] {
      return try Equation.load(equation.filled("an equation")).source
    }
    guard let file = values["data.file"] else {
      throw EquationError(
        file: path, key: "base.equation", message: "is missing")
    }
    return try SystemFile(path: file.filled("a dataset")).dataset?.equation
      .source
  }

  /// Sets numbers of samples and nodes that are those of files, and refuses more.
  private func takeFiles(
    of recipe: inout Recipe, _ values: [String: YAMLValue]
  ) throws {
    func count(_ file: SystemFile, _ key: String, _ asked: Int) throws -> Int {
      guard let value = values[key] else { return file.count }
      guard asked <= file.count else {
        throw value.error("asks for \(asked), and the file holds \(file.count)")
      }
      return asked
    }
    if let file = try recipe.data.file.map(SystemFile.init) {
      recipe.data.samples = try count(
        file, "data.samples", recipe.data.samples)
      if values["network.nodes"] == nil, values["from"] == nil {
        recipe.network.nodes = file.n
      }
      try checkOrder(of: file, recipe.network.nodes, values["data.file"])
    }
    if let file = try recipe.data.test.file.map(SystemFile.init) {
      recipe.data.test.samples = try count(
        file, "data.test.samples", recipe.data.test.samples)
      try checkOrder(of: file, recipe.network.nodes, values["data.test.file"])
    }
  }

  private func checkOrder(
    of file: SystemFile, _ nodes: Int, _ value: YAMLValue?
  ) throws {
    guard file.n != nodes, let value else { return }
    throw value.error("has order \(file.n), the network \(nodes)")
  }

  /// Refuses another shape than that of the checkpoint that a run begins from.
  private func checkShape(
    _ recipe: Recipe, of start: Recipe, _ values: [String: YAMLValue]
  ) throws {
    let theirs = try start.settings()
    for (key, value) in try recipe.settings() where key.hasPrefix("network.") {
      let own = theirs.first { $0.key == key }?.value
      if let place = values[key], value != own {
        throw place.error(
          "is the checkpoint's, \(own ?? "none"), and cannot be \(value)")
      }
    }
  }
}
