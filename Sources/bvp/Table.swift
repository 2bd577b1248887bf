import Foundation

/// Columns aligned for reading: words to the left, numbers to the right.
struct Table {
  private let header: [String]
  private var rows: [[String]] = []
  private let leading: Int
  private let trailing: Int

  /// Begins a table.
  ///
  /// - Parameters:
  ///   - header: the columns' names.
  ///   - leading: how many columns, from the first, are words.
  ///   - trailing: how many of the last are.
  init(_ header: [String], leading: Int = 1, trailing: Int = 0) {
    self.header = header
    self.leading = leading
    self.trailing = trailing
  }

  mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines of the table.
  var lines: [String] {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    return ([header, widths.map { String(repeating: "─", count: $0) }] + rows)
      .map { row in
        let cells = row.enumerated().map { column, text in
          let pad = String(repeating: " ", count: widths[column] - text.count)
          let isText = column < leading || column >= header.count - trailing
          return isText ? text + pad : pad + text
        }
        let line = cells.joined(separator: "  ")
        return String(line.reversed().drop { $0 == " " }.reversed())
      }
  }

  /// Prints the table on standard output.
  func print() { for line in lines { Console.print(line) } }
}

/// A number with three significant digits.
func short(_ value: Double) -> String {
  if value == 0 { return "0" }
  if !value.isFinite { return "\(value)" }
  let size = abs(value)
  if size >= 0.01, size < 10_000 {
    let digits = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
    return String(format: "%.\(digits)f", value)
  }
  return String(format: "%.2e", value)
}
