/// Columns aligned for reading: words to the left, numbers to the right.
public struct TextTable: Sendable {
  public let header: [String]
  public private(set) var rows: [[String]] = []
  /// Whether each column is of words.
  public let isText: [Bool]

  /// Begins a table.
  ///
  /// - Parameters:
  ///   - header: the columns' headings.
  ///   - isText: whether each column is of words.
  public init(_ header: [String], isText: [Bool]) {
    self.header = header
    self.isText = isText
  }

  /// Begins a table whose first `leading` columns are words.
  public init(_ header: [String], leading: Int) {
    self.init(header, isText: header.indices.map { $0 < leading })
  }

  /// Adds a row, as long as the header.
  public mutating func add(_ row: [String]) { rows.append(row) }

  /// The lines of the table, a rule below the header.
  public var lines: [String] {
    let widths = header.indices.map { column in
      ([header] + rows).map { $0[column].count }.max() ?? 0
    }
    let rule = widths.map { String(repeating: "─", count: $0) }
    return ([header, rule] + rows).map { line($0, widths) }
  }

  /// Lines of fixed widths, for rows that come one after another: first the
  /// header, then the rows.
  ///
  /// - Parameter width: of every column, or its heading's where that is wider.
  /// - Returns: the lines.
  public func lines(width: Int) -> [String] {
    let widths = header.map { max($0.count, width) }
    return ([header] + rows).map { line($0, widths) }
  }

  private func line(_ row: [String], _ widths: [Int]) -> String {
    let cells = row.enumerated().map { column, text in
      let pad = String(
        repeating: " ", count: max(0, widths[column] - text.count))
      return isText[column] ? text + pad : pad + text
    }
    let line = cells.joined(separator: "  ")
    return String(line.reversed().drop { $0 == " " }.reversed())
  }
}
