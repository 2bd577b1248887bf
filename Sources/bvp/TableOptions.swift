import ArgumentParser
import Tables
import TensorFiles

/// Verbs whose result is a table: how it is printed, and the file it is also
/// written to.
struct TableOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: "Write the CSV to this file as well.",
    completion: .file())
  var output: String?

  @OptionGroup var format: FormatOptions
  @OptionGroup var force: ForceOptions

  func validate() throws {
    if force.force, output == nil {
      throw ValidationError("--force means nothing without --output")
    }
  }

  /// Begins the file, before any work, if there is to be one.
  func open() throws -> AtomicFile? { try output.map(force.openTable) }

  /// Writes a result to the file that was begun, and prints it as
  /// ``FormatOptions`` does.
  func show(
    _ result: ResultTable, summary: ResultTable? = nil, text: [String]? = nil,
    in file: AtomicFile?
  ) throws {
    if let file { try writeTable(result, to: file) }
    try format.show(result, summary: summary, text: text)
  }
}

/// Writes a table's CSV, with the command beside it.
func writeTable(_ table: ResultTable, to file: AtomicFile) throws {
  try file.commit(table.csv.joined(separator: "\n") + "\n")
  try recordCommand(beside: file.path)
}
