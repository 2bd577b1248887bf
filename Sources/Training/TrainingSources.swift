import Datasets
import Equations

/// The training and test systems of a recipe.
struct TrainingSources {
  let training: any SystemSource
  let test: any SystemSource

  init(_ recipe: Recipe, equation: Equation) throws {
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
}
