import ArgumentParser
import Foundation
import Ranks
import Tables

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
  private var choice: ResultFormat {
    // mpirun gives its ranks a terminal, whatever its own output is.
    format
      ?? (Ranks.all.isAlone && isatty(STDOUT_FILENO) == 1 ? .table : .csv)
  }

  /// Prints a result.
  ///
  /// - Parameters:
  ///   - result: what CSV has, and all else unless more is given.
  ///   - summary: what JSON and tables have instead.
  ///   - text: the lines that people are shown instead of a table.
  ///   - layout: how rows become JSON.
  /// - Throws: what encoding JSON throws.
  func show(
    _ result: ResultTable, summary: ResultTable? = nil, text: [String]? = nil,
    json layout: ResultTable.JSONLayout = .array
  ) throws {
    switch choice {
    case .csv: Console.print(result.csv)
    case .json: Console.print(try (summary ?? result).json(layout))
    case .table: Console.print(text ?? (summary ?? result).text.lines)
    }
  }
}
