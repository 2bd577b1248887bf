import ArgumentParser
import Foundation

/// How results are printed.
enum ResultFormat: String, EnumerableFlag {
  case csv
  case table
  case json

  static func help(for value: ResultFormat) -> ArgumentHelp? {
    switch value {
    case .csv: "Print CSV. (default, unless to a terminal)"
    case .table: "Print an aligned table. (default to a terminal)"
    case .json: "Print JSON."
    }
  }
}

/// A choice of format.
struct FormatOptions: ParsableArguments {
  @Flag(exclusivity: .exclusive)
  var format: ResultFormat?

  /// The format asked for, or else the one that suits standard output.
  var choice: ResultFormat {
    format ?? (isatty(STDOUT_FILENO) == 1 ? .table : .csv)
  }
}

/// A field of CSV, in quotes where it needs them (RFC 4180).
func csvField(_ text: String) -> String {
  guard text.contains(where: { ",\"\n\r".contains($0) }) else { return text }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}

/// A number of CSV with which Float64 round-trips.
func csvNumber(_ value: Double) -> String {
  if value == 0 { return "0" }
  let text = "\(value)"
  return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
}
