import Equations
import Networks
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
  }

  /// What is varied.
  struct Axis {
    let name: String
    let levels: [Level]
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
  let axes: [Axis]
  public var seeds: [UInt64]
  public let measures: [Measure]

  /// What the axes are called: the last part of a key, where no other ends so.
  public var axisNames: [String] { axes.map(\.name) }

  /// Whether the file says in which precision networks multiply.
  public var fixesPrecision: Bool {
    (base + axes.flatMap { $0.levels.flatMap(\.settings) }).contains {
      $0.key == Self.precisionKey
    }
  }

  static let precisionKey = "precision.products"

  /// The runs, seeds fastest and then the last axis.
  ///
  /// - Throws: `EquationError`, `TrainingError` that name the key, and what
  ///   reading a checkpoint throws.
  public func runs() throws -> [Run] {
    try places().flatMap { levels in
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
    return (parts + ["seed-\(seed)"]).joined(separator: "_")
  }

  /// The study with a setting in the place of the base's; of two lengths, steps and
  /// epochs, the one that is set counts.
  ///
  /// - Parameters:
  ///   - key: of recipe.yaml, or `equation`, `preset` or `from`.
  ///   - value: as YAML.
  /// - Throws: `EquationError` if it is no YAML.
  public mutating func set(_ key: String, to value: String)
    throws(EquationError)
  {
    let lengths = ["schedule.steps", "schedule.epochs"]
    let replaced = lengths.contains(key) ? lengths : [key]
    base.removeAll { replaced.contains($0.key) }
    base.append(
      Setting(key: key, value: try YAMLValue.parse(value, file: "\(key)")))
  }

  // MARK: Recipes

  private func recipe(_ settings: [Setting]) throws -> Recipe {
    let values = Dictionary(
      settings.map { ($0.key, $0.value) }, uniquingKeysWith: { $1 })
    if let epochs = values["schedule.epochs"], values["schedule.steps"] != nil {
      throw epochs.error("excludes schedule.steps, which is given as well")
    }
    var recipe = try start(values)
    let own = ["equation", "preset", "from"]
    recipe = try recipe.setting(
      settings.filter { !own.contains($0.key) }.map { ($0.key, $0.value.node) },
      from: path)
    if values["network.encoding"] == nil { recipe.chooseEncoding() }
    if values["schedule.evaluate_every"] == nil {
      recipe.schedule.evaluateEvery = max(1, recipe.plannedSteps / 20)
    }
    try recipe.validate(path: path)
    return recipe
  }

  /// A preset's recipe for what is trained.
  private func start(_ values: [String: YAMLValue]) throws -> Recipe {
    guard let equation = values["equation"] else {
      throw EquationError(
        file: path, key: "base.equation", message: "is missing")
    }
    let source = try Equation.load(equation.text(expecting: "an equation"))
      .source
    let preset =
      try values["preset"]?.named(Recipe.Preset.self, "a preset") ?? .compact
    if let from = values["from"] {
      return try Recipe.fineTuning(
        preset, equation: source, from: from.text(expecting: "a checkpoint"))
    }
    return Recipe.pretraining(
      preset, equation: source,
      model: try values["network.model"]?.named(
        NetworkConfiguration.Model.self, "a model") ?? .algebraformer)
  }
}
