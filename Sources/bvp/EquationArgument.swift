import ArgumentParser
import Equations

/// The equation of a verb.
struct EquationArgument: ParsableArguments {
  @Argument(
    help: "An equation file, or the name of a shipped equation.",
    completion: .equation)
  var equation: String

  /// Reads it.
  func load() throws -> Equation { try Equation.load(equation) }
}
