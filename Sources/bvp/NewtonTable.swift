import Solutions
import Tables

/// The steps of Newton's method, a line each on standard error.
final class NewtonTable {
  private let isQuiet: Bool
  private var isFirst = true

  init(isQuiet: Bool) { self.isQuiet = isQuiet }

  /// Shows a step.
  func add(_ step: NewtonStep) {
    guard !isQuiet else { return }
    if isFirst {
      Console.notice(line("step", "residual", "correction", "damping", "nodes"))
    }
    isFirst = false
    let short = NumberFormat.short.text
    Console.notice(
      line(
        "\(step.number)", short(step.residual), short(step.correction),
        short(step.damping), "\(step.nodes)"))
  }

  /// Shows that a parameter's value was solved for.
  func arrive(_ name: String, _ value: Double) {
    guard !isQuiet else { return }
    Console.notice("\(name) = \(NumberFormat.detailed.text(value))")
  }

  private func line(_ cells: String...) -> String {
    zip(cells, [4, 10, 10, 8, 6]).map { cell, width in
      String(repeating: " ", count: max(0, width - cell.count)) + cell
    }.joined(separator: "  ")
  }
}
