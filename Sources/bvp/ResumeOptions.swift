import Equations
import Training

extension PresetOptions {
  /// Refuses another preset than a run's.
  func checkPreset(of recipe: Recipe) throws {
    guard let preset, preset != recipe.preset else { return }
    throw CommandFailure(
      "--preset \(preset): the run has preset \(recipe.preset); it goes on as "
        + "it began")
  }
}

extension SavedRun {
  /// The recipe of the run, if it is of this equation.
  ///
  /// - Throws: `CommandFailure` if it is of another.
  func recipe(of equation: Equation) throws -> Recipe {
    guard let text = recipe.data.equation else {
      throw CommandFailure(
        "\(equation.path): the run is of systems of no equation; it goes on as it "
          + "began")
    }
    let own = try Equation(yaml: text, path: "recipe.yaml")
    guard own.hasLaw(of: equation) else {
      let names =
        own.name == equation.name
        ? "another '\(own.name)'" : "'\(own.name)', not '\(equation.name)'"
      throw CommandFailure(
        "\(equation.path): the run is of \(names); it goes on as it began")
    }
    return recipe
  }

  /// What the command asks for, and the recipe whose files are opened for it.
  ///
  /// A file that is given is where it is now; whether it is the same as it was,
  /// the state knows.
  func resumed(_ asked: Recipe) -> (asked: Recipe, located: Recipe) {
    var asked = asked
    var located = located
    if let file = recipe.data.file {
      if asked.data.file != file { located.data.file = asked.data.file }
      asked.data.file = file
    }
    if let file = recipe.data.test.file {
      if asked.data.test.file != file {
        located.data.test.file = asked.data.test.file
      }
      asked.data.test.file = file
    }
    return (asked, located)
  }
}
