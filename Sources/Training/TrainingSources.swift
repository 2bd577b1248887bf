import Equations
import Networks
import Systems
import Tables

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
    let equation = try recipe.data.equation.map {
      try Equation(yaml: $0, path: "recipe.yaml")
    }
    if let equation { try Self.refuseJump(of: equation, recipe) }
    let own = try Self.systems(
      recipe.data.file, "data.file", equation, recipe, seed: recipe.seed,
      count: recipe.data.samples, isEndless: recipe.data.online)
    training = SystemExamples(
      own, noise: recipe.data.noise,
      rightHandSides: recipe.data.rightHandSides, seed: recipe.seed)
    let settings = recipe.data.test
    let other = try Self.systems(
      settings.file, "data.test.file", equation, recipe, seed: settings.seed,
      count: settings.samples, isEndless: false)
    test = SystemExamples(other)
    guard
      (own as? DatasetSource)?.isOfSteps ?? false
        == (other as? DatasetSource)?.isOfSteps ?? false
    else {
      throw TrainingError.mismatch(
        "\(recipe.data.file ?? "") and \(settings.file ?? ""): one holds solutions "
          + "of the nonlinear equation, the other those of Newton's steps")
    }
    try refuseSharedSamples(settings)
  }

  /// Refuses to learn factors where there are none.
  private static func refuseJump(
    of equation: Equation, _ recipe: Recipe
  ) throws {
    guard recipe.network.encoding.isOfFields, !equation.hasJumps,
      let x = try equation.jumpOfDiffusivity(seed: recipe.seed)
    else { return }
    throw TrainingError.mismatch(
      "\(equation.name): K jumps (of sample 0 at x = \(NumberFormat.short.text(x))), "
        + "and the factors that the model '\(recipe.network.model.rawValue)' says "
        + "are those of smooth coefficients; other models take the equation")
  }

  /// Throws if a test sample is a training sample.
  public func refuseSharedSamples(_ settings: Recipe.TestSettings) throws {
    guard try training.shares(with: test) else { return }
    throw TrainingError.recipe(
      path: nil,
      key: settings.file == nil ? "data.test.seed" : "data.test.file",
      reason: "the test samples (\(test.identity)) would be among the training "
        + "samples (\(training.identity))")
  }

  /// The first systems of a file, or samples of the equation.
  private static func systems(
    _ file: String?, _ key: String, _ equation: Equation?, _ recipe: Recipe,
    seed: UInt64, count: Int, isEndless: Bool
  ) throws -> any SystemSource {
    guard let equation else {
      return try givenSystems(file, key, limit: count)
    }
    if let file {
      guard let reader = try SystemFile(path: file).dataset else {
        throw TrainingError.mismatch(
          "\(file): holds systems of no equation, the training is of "
            + "'\(equation.name)'")
      }
      guard reader.equation.hasLaw(of: equation) else {
        throw TrainingError.mismatch(
          "\(file): holds samples of "
            + (reader.equation.name == equation.name ? "another " : "")
            + "'\(reader.equation.name)', the training is of "
            + "'\(equation.name)'")
      }
      return try DatasetSource(reader, limit: count)
    }
    guard !equation.isNonlinear else {
      throw TrainingError.mismatch(
        "'\(equation.name)' is nonlinear: give datasets that bvp generate made of "
          + "it, to train on (--data) and to test on (--test-data)")
    }
    return try EquationSource(
      equation, nodes: recipe.network.nodes, seed: seed,
      count: isEndless ? nil : count)
  }

  /// The first systems of a file of a training that is of no equation.
  private static func givenSystems(
    _ file: String?, _ key: String, limit: Int
  ) throws -> any SystemSource {
    guard let file else {
      throw TrainingError.recipe(
        path: nil, key: key,
        reason: "is missing: a training without an equation is one on systems "
          + "that bvp import made, and is tested on others")
    }
    let systems = try SystemFile(path: file)
    if let dataset = systems.dataset {
      throw TrainingError.mismatch(
        "\(file): holds samples of '\(dataset.equation.name)', the training is of "
          + "systems of no equation")
    }
    return try systems.source(limit: limit)
  }
}
