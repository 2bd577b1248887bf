import ArgumentParser
import Equations
import Tables

struct EquationsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "equations",
    abstract: "List the shipped equations, or show one.",
    discussion: """
      EXAMPLE:

        bvp equations diffusion

      EXAMPLE: an equation of one's own, beginning with a shipped one

        bvp equations diffusion --yaml > mine.yaml
        bvp solve mine.yaml
      """)

  @Argument(
    help: "An equation file, or the name of a shipped equation.",
    completion: .equation)
  var equation: String?

  @Flag(help: "Print the equation's file.")
  var yaml = false

  @Flag(help: "Print JSON.")
  var json = false

  func validate() throws {
    if yaml, equation == nil {
      throw ValidationError("--yaml needs the name of an equation")
    }
    if yaml, json {
      throw ValidationError("--yaml and --json exclude each other")
    }
  }

  func run() throws {
    guard let equation else { return try list() }
    let loaded = try Equation.load(equation)
    if yaml {
      Console.print(
        loaded.source.last?.isNewline == true
          ? String(loaded.source.dropLast()) : loaded.source)
    } else if json {
      Console.print(try jsonText(loaded.summary))
    } else {
      show(loaded.summary)
    }
  }

  private func list() throws {
    let summaries = try Equation.shippedNames.map {
      try Equation.load($0).summary
    }
    if json { return Console.print(try jsonText(summaries)) }
    var table = TextTable(["name", "equation", "description"], leading: 3)
    for summary in summaries {
      table.add([summary.name, summary.equation, summary.description])
    }
    Console.print(table.lines)
  }

  private func show(_ summary: EquationSummary) {
    Console.print("\(summary.name): \(summary.description)")
    Console.print("")
    let ends = summary.domain.map(NumberFormat.exact.text).joined(
      separator: ", ")
    Console.print("  \(summary.equation)   on [\(ends)]")
    let groups = [
      ("parameters", summary.parameters, " ~ "),
      ("fields", summary.fields, " ~ "),
      ("coefficients", summary.coefficients, " = "),
      ("boundary", summary.boundary, ": "),
    ]
    for (title, entries, relation) in groups where !entries.isEmpty {
      Console.print("")
      Console.print(title)
      let width = entries.map(\.name.count).max() ?? 0
      for entry in entries {
        let pad = String(repeating: " ", count: width - entry.name.count)
        Console.print("  \(entry.name)\(pad)\(relation)\(entry.text)")
      }
    }
  }
}
