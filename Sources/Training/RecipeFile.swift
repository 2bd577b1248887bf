import Equations
import Foundation
import Systems
import Tables
import Yams

extension Recipe {
  /// Reads a recipe, of this format or the one before.
  ///
  /// - Parameters:
  ///   - path: what errors call it.
  ///   - text: YAML.
  /// - Throws: ``TrainingError/recipe(path:key:reason:)`` that names the key
  ///   which is missing, unknown, of the wrong kind or cannot be followed.
  public init(path: String, text: String) throws {
    try self.init(path: path, text: text, refusesUnknownKeys: true)
  }

  /// Reads the recipe that a checkpoint carries as a note, perhaps of a later
  /// version: keys that are not known are passed over.
  public init(note text: String, path: String) throws {
    try self.init(path: path, text: text, refusesUnknownKeys: false)
  }

  private init(path: String, text: String, refusesUnknownKeys: Bool) throws {
    func failure(_ key: String, _ reason: String) -> TrainingError {
      .recipe(path: path, key: key, reason: reason)
    }
    let tree: Node?
    do {
      tree = try YAMLValue.compose(text)
    } catch {
      throw failure("recipe", Equation.explainYAML(error))
    }
    guard let tree, let top = tree.mapping else {
      throw failure("recipe", "is damaged or not YAML")
    }
    let format = top["format"]?.string ?? ""
    do {
      switch format {
      case Self.currentFormat:
        if refusesUnknownKeys { try Self.keys.check(tree) }
        self = try YAMLDecoder().decode(Recipe.self, from: tree)
        threads = nil
      case FlatRecipe.format:
        if refusesUnknownKeys { try FlatRecipe.keys.check(tree) }
        self = try YAMLDecoder().decode(FlatRecipe.self, from: tree).recipe
      default:
        throw failure("format", Self.unknown(format))
      }
    } catch let error as RecipeKeys.Unknown {
      throw failure(error.key, "is unknown" + error.suggestion)
    } catch let error as DecodingError {
      throw failure(error.key, error.reason)
    } catch let error as any UnknownChoice {
      throw failure(error.key, error.reason)
    }
    try validate(path: path)
  }

  /// What is wrong with a format that this version does not read.
  private static func unknown(_ format: String) -> String {
    let known =
      "expected '\(currentFormat)' or the older '\(FlatRecipe.format)'"
    if format.isEmpty { return "is missing, " + known }
    let number = format.split(separator: "/").last.flatMap { Int($0) }
    let isLater = format.hasPrefix("bvp-recipe/") && number ?? 0 > 2
    return "'\(format)', " + known
      + (isLater ? "; a later version of bvp wrote it" : "")
  }

  /// The recipe as YAML, whose numbers come back to the bit.
  public func yaml() throws -> String {
    let encoder = YAMLEncoder()
    encoder.options.width = -1
    encoder.options.allowUnicode = true
    encoder.options.newLineScalarStyle = .literal
    let text = try encoder.encode(self)
    // It writes fifteen digits, of which most numbers need fewer.
    if try YAMLDecoder().decode(Recipe.self, from: text) == self { return text }
    // JSON, which is YAML too, has them all.
    let json = JSONEncoder()
    json.outputFormatting = .withoutEscapingSlashes
    let values = String(decoding: try json.encode(self), as: UTF8.self)
    guard let tree = try Yams.compose(yaml: text) else { return text }
    return try Yams.serialize(
      node: Self.exact(tree, try Yams.compose(yaml: values)), width: -1,
      allowUnicode: true)
  }

  /// The tree with every number that it has rounded replaced by the value.
  private static func exact(_ node: Node, _ value: Node?) -> Node {
    if var mapping = node.mapping {
      for key in mapping.keys {
        guard let part = mapping[key] else { continue }
        mapping[key] = exact(part, value?.mapping?[key.string ?? ""])
      }
      return .mapping(mapping)
    }
    guard var scalar = node.scalar, scalar.style == .plain,
      let text = value?.scalar?.string, let number = Double(text),
      let written = Double(scalar.string), written != number
    else { return node }
    scalar.string = text
    return .scalar(scalar)
  }

  /// The keys of a recipe.
  static var keys: RecipeKeys {
    RecipeKeys(
      CodingKeys.self,
      [
        "network": RecipeKeys(NetworkSettings.CodingKeys.self),
        "data": RecipeKeys(
          DataSettings.CodingKeys.self,
          [
            "noise": RecipeKeys(TrainingNoise.CodingKeys.self),
            "test": RecipeKeys(TestSettings.CodingKeys.self),
          ]),
        "optimizer": RecipeKeys(OptimizerSettings.CodingKeys.self),
        "schedule": RecipeKeys(Schedule.CodingKeys.self),
        "precision": RecipeKeys(PrecisionSettings.CodingKeys.self),
      ])
  }
}

/// The keys that a part of a recipe has, and those of its own parts.
struct RecipeKeys {
  /// A key that no recipe has.
  struct Unknown: Error {
    let key: String
    let suggestion: String
  }

  private let names: [String]
  private let parts: [String: RecipeKeys]

  init<Key: CodingKey & CaseIterable>(
    _ keys: Key.Type, _ parts: [String: RecipeKeys] = [:]
  ) {
    names = keys.allCases.map(\.stringValue)
    self.parts = parts
  }

  /// Throws the first key of a mapping that is not among these.
  func check(_ node: Node, path: String = "") throws {
    guard let mapping = node.mapping else { return }
    for (key, value) in mapping {
      let name = key.string ?? ""
      guard names.contains(name) else {
        throw Unknown(
          key: path + name, suggestion: suggestion(for: name, among: names))
      }
      try parts[name]?.check(value, path: path + name + ".")
    }
  }
}

// MARK: What the decoder found

/// A choice that is none, whatever it was of.
protocol UnknownChoice: Error {
  var key: String { get }
  var reason: String { get }
}

extension Choice.Unknown: UnknownChoice {
  var key: String { dotted(path) }
  var reason: String {
    "unknown value '\(name)'; known are \(known.joined(separator: ", "))"
  }
}

private func dotted(_ path: [any CodingKey]) -> String {
  path.map(\.stringValue).joined(separator: ".")
}

extension DecodingError {
  /// The key that it is about.
  fileprivate var key: String {
    switch self {
    case .keyNotFound(let key, let context): dotted(context.codingPath + [key])
    case .typeMismatch(_, let context), .valueNotFound(_, let context),
      .dataCorrupted(let context):
      dotted(context.codingPath)
    @unknown default: "recipe"
    }
  }

  /// What is wrong with it.
  fileprivate var reason: String {
    if case .keyNotFound = self { return "is missing" }
    return "has a value of the wrong kind"
  }
}
