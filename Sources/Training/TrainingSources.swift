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
    let equation = try recipe.data.equation.map {
      try Equation(yaml: $0, path: "recipe.yaml")
    }
    let own = try Self.systems(
      recipe.data.file, equation, recipe, seed: recipe.seed,
      count: recipe.data.samples, isEndless: recipe.data.online)
    training = SystemExamples(
      own, noise: recipe.data.noise,
      rightHandSides: recipe.data.rightHandSides, seed: recipe.seed)
    let settings = recipe.data.test
    let other = try Self.systems(
      settings.file, equation, recipe, seed: settings.seed,
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

  /// Throws if a test sample is a training sample.
  public func refuseSharedSamples(_ settings: Recipe.TestSettings) throws {
    guard let own = training.origin, let other = test.origin,
      own.shares(with: other)
    else { return }
    throw TrainingError.recipe(
      path: nil,
      key: settings.file == nil ? "data.test.seed" : "data.test.file",
      reason: "the test samples (\(test.identity)) would be among the training "
        + "samples (\(training.identity))")
  }

  /// The first systems of a file, or samples of the equation.
  private static func systems(
    _ file: String?, _ equation: Equation?, _ recipe: Recipe, seed: UInt64,
    count: Int, isEndless: Bool
  ) throws -> any SystemSource {
    let given = try file.map(SystemFile.init)
    guard let equation else {
      guard case .given? = given else {
        throw TrainingError.recipe(
          path: nil, key: "data.equation",
          reason: "is missing: without one, systems to train on and to test on "
            + "are needed that bvp import made")
      }
      return try given?.source(limit: count)
        ?? GivenSystemsSource(path: file ?? "")
    }
    if let file {
      guard let reader = given?.dataset else {
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
}
