import ArgumentParser
import Tables
import TensorFiles

/// Verbs whose result is a table: how it is printed, and the file it is also
/// written to.
struct TableOptions: ParsableArguments {
  @Option(name: .shortAndLong, help: "Write the CSV to this file as well.")
  var output: String?

  @OptionGroup var format: FormatOptions
  @OptionGroup var force: ForceOptions

  /// Refuses, before any work, a file that exists or cannot be made.
  func check() throws {
    if let output { try force.check(output) }
  }

  /// Writes and prints a result, as ``FormatOptions`` does.
  func show(
    _ result: ResultTable, summary: ResultTable? = nil, text: [String]? = nil
  ) throws {
    if let output { try writeTable(result, to: output) }
    try format.show(result, summary: summary, text: text)
  }
}

/// Writes a table's CSV, with the command beside it.
func writeTable(_ table: ResultTable, to path: String) throws {
  try writeAtomically(table.csv.joined(separator: "\n") + "\n", to: path)
  try recordCommand(beside: path)
}
