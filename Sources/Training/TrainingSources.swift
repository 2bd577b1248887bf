import Datasets
import Equations
import Networks
import Newton

/// The training and test systems of a recipe.
struct TrainingSources {
  let training: any SystemSource
  let test: any SystemSource

  init(_ recipe: Recipe) throws {
    if recipe.encoding == Encoding.Kind.iterate.rawValue {
      training = try Self.trajectories(recipe.data, "data", recipe.samples)
      test = try Self.trajectories(
        recipe.testData, "test_data", recipe.testSamples)
      return
    }
    let equation = try Equation(yaml: recipe.equation, path: "recipe.yaml")
    if let data = recipe.data {
      training = DatasetSource(
        try DatasetReader(path: data), limit: recipe.samples)
    } else {
      training = try EquationSource(
        equation, nodes: recipe.nodes, seed: recipe.seed,
        count: recipe.online ? nil : recipe.samples)
    }
    if let data = recipe.testData {
      test = DatasetSource(
        try DatasetReader(path: data), limit: recipe.testSamples)
    } else {
      guard recipe.testSeed != recipe.seed || recipe.data != nil else {
        throw TrainingError.recipe(
          path: nil, key: "test_seed",
          reason: "equals the training seed \(recipe.seed): the test samples "
            + "would be training samples")
      }
      test = try EquationSource(
        equation, nodes: recipe.nodes, seed: recipe.testSeed,
        count: recipe.testSamples)
    }
  }

  /// The steps of Newton trajectories.
  private static func trajectories(_ path: String?, _ key: String, _ limit: Int)
    throws -> NewtonSource
  {
    guard let path else {
      throw TrainingError.recipe(
        path: nil, key: key,
        reason: "is missing: the encoding 'iterate' "
          + "learns from Newton trajectories")
    }
    return NewtonSource(try NewtonDataset(path: path), limit: limit)
  }
}
