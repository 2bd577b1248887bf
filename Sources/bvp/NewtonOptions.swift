import ArgumentParser
import Equations

/// Where Newton's method starts for a nonlinear equation.
struct NewtonOptions: ParsableArguments {
  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      Where Newton's method starts, a formula of x and the parameters, for an \
      equation whose f or q depends on u. (default: 0)
      """, valueName: "formula"))
  var initial: String?

  /// The first guess.
  var start: String { initial ?? "0" }

  /// Refuses flags that mean nothing for a linear equation.
  ///
  /// - Parameters:
  ///   - equation: the equation.
  ///   - name: what the user calls it.
  ///   - flag: another such flag, and whether it is given.
  /// - Throws: `CommandFailure`.
  func refuse(
    for equation: Equation, _ name: String, besides flag: (String, Bool)
  ) throws {
    guard !equation.isNonlinear else { return }
    for (flag, isGiven) in [("--initial", initial != nil), flag] where isGiven {
      throw CommandFailure(
        "\(name): is linear; \(flag) goes with equations whose f or q depends on "
          + "u")
    }
  }
}
