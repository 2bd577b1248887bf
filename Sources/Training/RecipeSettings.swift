import Networks
import Yams

extension Recipe {
  /// A setting by its key in recipe.yaml, such as `schedule.epochs`.
  package typealias Setting = (key: String, value: Node)

  /// The recipe with settings in the place of its own.
  ///
  /// - Parameters:
  ///   - settings: by the keys of recipe.yaml; of two of one key the later counts.
  ///   - path: the file that they are from, for errors.
  /// - Returns: the recipe.
  /// - Throws: ``TrainingError/recipe(path:key:reason:)`` that names the key.
  package func setting(_ settings: [Setting], from path: String) throws
    -> Recipe
  {
    guard !settings.isEmpty, var tree = try Yams.compose(yaml: yaml()) else {
      return self
    }
    for (key, value) in settings {
      guard
        let next = Self.inserting(
          value, at: key.split(separator: ".")[...], into: tree)
      else {
        throw TrainingError.recipe(
          path: path, key: key, reason: "is no key of a recipe")
      }
      tree = next
    }
    return try Recipe(
      path: path,
      text: Yams.serialize(node: tree, width: -1, allowUnicode: true))
  }

  /// The tree with a value at a path of keys; nil if the path leads through one.
  private static func inserting(
    _ value: Node, at path: ArraySlice<Substring>, into node: Node
  ) -> Node? {
    guard let name = path.first else { return value }
    guard var mapping = node.mapping else { return nil }
    let key = String(name)
    guard
      let part = inserting(
        value, at: path.dropFirst(), into: mapping[key] ?? [:])
    else { return nil }
    mapping[Node(key)] = part
    return .mapping(mapping)
  }

  /// All settings by their keys in recipe.yaml, in its order.
  public func settings() throws -> [(key: String, value: String)] {
    guard let tree = try Yams.compose(yaml: yaml()) else { return [] }
    return Self.leaves(tree, "")
  }

  static func leaves(_ node: Node, _ path: String)
    -> [(key: String, value: String)]
  {
    if let mapping = node.mapping {
      return mapping.flatMap { key, value in
        leaves(value, (path.isEmpty ? "" : path + ".") + (key.string ?? ""))
      }
    }
    if let items = node.sequence {
      return [(path, items.map { $0.string ?? "" }.joined(separator: ", "))]
    }
    return [(path, node.string ?? "")]
  }

  /// The steps that it takes where the data have all the samples it asks for.
  public var plannedSteps: Int {
    let (batch, samples) = (schedule.batch, data.samples)
    return schedule.steps ?? schedule.epochs * ((samples + batch - 1) / batch)
  }

  /// Gives a network that says factors the tokens that suit noise.
  public mutating func chooseEncoding() {
    if network.model == .polya, data.noise != nil, network.from == nil {
      network.encoding = .estimates
    }
  }
}
