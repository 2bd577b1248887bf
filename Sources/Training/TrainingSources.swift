import Equations
import Networks
import Systems

/// The examples that a network is trained and tested on: whoever starts a run
/// brings them.
public struct TrainingSources {
  public let training: any ExampleSource
  public let test: any ExampleSource

  /// Takes any examples.
  public init(training: any ExampleSource, test: any ExampleSource) {
    self.training = training
    self.test = test
  }

  /// The systems that a recipe names: a dataset's, or samples of its equation.
  ///
  /// - Throws: ``TrainingError/recipe(path:key:reason:)`` if it names none, or
  ///   would test on training samples, and the errors of the files in it.
  public init(systemsOf recipe: Recipe) throws {
    guard recipe.network.encoding.isOfSystems else {
      throw TrainingError.recipe(
        path: nil, key: "network.encoding",
        reason: "'\(recipe.network.encoding.rawValue)' is not one of linear "
          + "systems")
    }
    guard let text = recipe.data.equation else {
      throw TrainingError.recipe(
        path: nil, key: "data.equation", reason: "is missing")
    }
    let equation = try Equation(yaml: text, path: "recipe.yaml")
    training = SystemExamples(
      try Self.systems(
        recipe.data.file, equation, recipe, seed: recipe.seed,
        count: recipe.data.samples, isEndless: recipe.data.online),
      noise: recipe.data.noise, seed: recipe.seed)
    let settings = recipe.data.test
    guard
      settings.file != nil || settings.seed != recipe.seed
        || recipe.data.file != nil
    else {
      throw TrainingError.recipe(
        path: nil, key: "data.test.seed",
        reason: "equals the training seed \(recipe.seed): the test samples "
          + "would be training samples")
    }
    test = SystemExamples(
      try Self.systems(
        settings.file, equation, recipe, seed: settings.seed,
        count: settings.samples, isEndless: false))
  }

  /// The first systems of a file, or samples of the equation.
  private static func systems(
    _ file: String?, _ equation: Equation, _ recipe: Recipe, seed: UInt64,
    count: Int, isEndless: Bool
  ) throws -> any SystemSource {
    if let file {
      return try DatasetSource(DatasetReader(path: file), limit: count)
    }
    return try EquationSource(
      equation, nodes: recipe.network.nodes, seed: seed,
      count: isEndless ? nil : count)
  }
}

extension Recipe {
  /// Whether samples of an equation under a seed are among those that it trains
  /// on.
  public func hasSeen(_ equation: Equation, seed: UInt64) -> Bool {
    data.file == nil && self.seed == seed && data.equation == equation.source
  }
}
