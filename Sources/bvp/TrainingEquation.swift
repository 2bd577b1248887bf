import ArgumentParser
import Equations
import Systems

/// The equation of a training, which its dataset knows too.
struct TrainingEquation: ParsableArguments {
  @Argument(
    help: """
      An equation file, or the name of a shipped equation. (default: the \
      dataset's; none for systems that import made)
      """, completion: .equation)
  var equation: String?

  /// Reads it, or that of the dataset; nil of systems that are of none.
  ///
  /// - Throws: `CommandFailure` if neither is given.
  func load(_ data: TrainingDataOptions) throws -> Equation? {
    if let equation { return try Equation.load(equation) }
    guard let file = data.data else {
      throw CommandFailure("give an equation, or a dataset by --data")
    }
    return try SystemFile(path: file).dataset?.equation
  }
}
