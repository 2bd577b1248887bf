import ArgumentParser
import Equations
import Experiments
import Foundation
import Tables

struct CheckCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "check",
    abstract: "Solve equations whose solutions are known, and compare.",
    discussion: """
      A file of the test set is an equation file with the key `check`: values of
      its parameters, and the solution as a formula or at points. Without files
      it is the shipped test set, `equations/tests`: the linear problems of Cash's
      and Mazzia's collection, programs of Trefethen's, problems in pieces, and
      nonlinear ones. Errors and estimates are relative, in the maximum norm. A
      row is right within the tolerance; warned or refused where the solver says
      itself that it is not; and else wrong, and the status then is 1.

      EXAMPLE:

        bvp check

      EXAMPLE: a problem of one's own, to twelve digits

        bvp check equations/tests/cash-mazzia-06.yaml --tolerance 1e-12
      """)

  @Argument(
    help: "Equation files. (default: the shipped test set)",
    completion: .file(extensions: ["yaml"]))
  var files: [String] = []

  @Option(
    parsing: .unconditional,
    help: "The relative error, in the maximum norm, to solve to.")
  var tolerance = 1e-10

  @OptionGroup var table: TableOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws { try validateTolerance(tolerance) }

  func run() throws {
    let file = try table.open()
    let equations =
      files.isEmpty
      ? try Equation.testSet() : try files.map { try Equation.load($0) }
    var rows: [EquationTest.Row] = []
    try messages.progress("check", total: equations.count, unit: "problems") {
      bar in
      for (index, equation) in equations.enumerated() {
        try EquationTest(equation, tolerance: tolerance).run {
          rows.append($0)
        }
        bar.update(index + 1)
      }
    }
    try table.show(ResultTable(rows), in: file)
    let wrong = rows.count { $0.verdict == EquationTest.Verdict.wrong.rawValue }
    if wrong > 0 {
      try Console.flush()
      throw CommandFailure(
        "\(wrong) of \(rows.count) solutions are wrong without a warning")
    }
  }
}

/// Checks a tolerance that a command was given.
func validateTolerance(_ tolerance: Double) throws {
  guard (1e-14...0.1).contains(tolerance) else {
    throw ValidationError("--tolerance must lie between 1e-14 and 0.1")
  }
}
