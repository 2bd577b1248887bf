/// A row of a result whose columns are declared with it.
///
/// Whoever measures fills rows, whoever prints makes a ``ResultTable`` of them,
/// and whoever reads a file of them gets them back, typed.
public protocol ResultRow: Sendable {
  /// A row with nothing in it yet.
  init()

  /// The columns, in the order of the file.
  static var fields: [ResultField<Self>] { get }
}

/// A column of a kind of row: its declaration, and its place in the row.
public struct ResultField<Row> {
  public let column: ResultColumn
  /// Whether files without it can be read: it came later.
  let isOptional: Bool
  let cell: (Row) -> Cell
  /// Puts a field of CSV in its place; false if it is none of its kind.
  let read: (inout Row, String) -> Bool

  /// Declares a column.
  ///
  /// - Parameters:
  ///   - name: in CSV and JSON.
  ///   - path: its place in the row.
  ///   - heading: for people; the name unless it is given.
  ///   - unit: the unit, or what a ratio is relative to.
  ///   - format: how numbers are written for people.
  ///   - missing: what stands for people where there is no value.
  ///   - isShown: whether tables for people have it.
  ///   - isOptional: whether files without it can be read.
  ///   - group: the JSON object that holds it.
  /// - Returns: the column.
  public static func column<Value: CellValue>(
    _ name: String, _ path: WritableKeyPath<Row, Value>,
    heading: String? = nil, unit: String = "", format: NumberFormat = .short,
    missing: String? = nil, isShown: Bool = true, isOptional: Bool = false,
    group: String? = nil
  ) -> ResultField {
    ResultField(
      column: ResultColumn(
        name, heading: heading, unit: unit, format: format, missing: missing,
        isText: Value.isText, isShown: isShown, group: group),
      isOptional: isOptional, cell: { $0[keyPath: path].cell },
      read: { row, text in
        guard let value = Value(csv: text) else { return false }
        row[keyPath: path] = value
        return true
      })
  }

  /// Declares the columns mean, median, p10 and p90, which are one object in
  /// JSON.
  public static func distribution(
    _ name: String, _ path: WritableKeyPath<Row, Distribution>,
    heading: String, unit: String = ""
  ) -> [ResultField] {
    func part(
      _ part: String, _ place: WritableKeyPath<Distribution, Double>,
      _ heading: String
    ) -> ResultField {
      .column(
        part, path.appending(path: place), heading: heading, unit: unit,
        group: name)
    }
    return [
      part("mean", \.mean, heading), part("median", \.median, "median"),
      part("p10", \.p10, "p10"), part("p90", \.p90, "p90"),
    ]
  }
}

// MARK: Reading

extension ResultRow {
  /// Whether a file with these columns is meant to hold such rows.
  ///
  /// It has the first three; another that is missing is a fault, which
  /// ``rows(of:)`` names.
  public static func matches(_ header: [String]) -> Bool {
    fields.prefix(3).allSatisfy { header.contains($0.column.name) }
  }

  /// The rows of a file.
  ///
  /// - Throws: `CSVTable.Failure` that names the file, the column and the value
  ///   for what is missing or of another kind.
  public static func rows(of table: CSVTable) throws -> [Self] {
    let places = try fields.compactMap {
      field -> (field: ResultField<Self>, place: Int)? in
      guard let place = table.header.firstIndex(of: field.column.name) else {
        if field.isOptional { return nil }
        throw table.failure("has no column '\(field.column.name)'")
      }
      return (field, place)
    }
    return try table.rows.map { cells in
      var row = Self()
      for (field, place) in places where !field.read(&row, cells[place]) {
        throw table.failure(
          "'\(cells[place])' in column '\(field.column.name)' is not a number")
      }
      return row
    }
  }
}
