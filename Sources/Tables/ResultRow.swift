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

  private init<Value>(
    _ column: ResultColumn, isOptional: Bool,
    _ path: WritableKeyPath<Row, Value>, cell: @escaping (Value) -> Cell,
    value: @escaping (String) -> Value?
  ) {
    self.column = column
    self.isOptional = isOptional
    self.cell = { cell($0[keyPath: path]) }
    read = { row, text in
      guard let value = value(text) else { return false }
      row[keyPath: path] = value
      return true
    }
  }

  /// A column of words.
  public static func text(
    _ name: String, _ path: WritableKeyPath<Row, String>,
    heading: String? = nil, isShown: Bool = true, isOptional: Bool = false
  ) -> Self {
    Self(
      ResultColumn(name, heading: heading, isText: true, isShown: isShown),
      isOptional: isOptional, path, cell: Cell.text, value: { $0 })
  }

  /// A column of words that some rows have not.
  public static func text(
    _ name: String, _ path: WritableKeyPath<Row, String?>,
    heading: String? = nil
  ) -> Self {
    Self(
      ResultColumn(name, heading: heading, isText: true), isOptional: false,
      path, cell: { $0.map(Cell.text) ?? .missing },
      value: { .some($0.isEmpty ? nil : $0) })
  }

  /// A column of whole numbers.
  public static func integer(
    _ name: String, _ path: WritableKeyPath<Row, Int>, heading: String? = nil,
    isShown: Bool = true
  ) -> Self {
    Self(
      ResultColumn(name, heading: heading, isShown: isShown),
      isOptional: false, path, cell: Cell.integer, value: { Int($0) })
  }

  /// A column of whole numbers that some rows have not.
  public static func integer(
    _ name: String, _ path: WritableKeyPath<Row, Int?>, heading: String? = nil,
    isShown: Bool = true
  ) -> Self {
    Self(
      ResultColumn(name, heading: heading, isShown: isShown),
      isOptional: false, path, cell: { $0.map(Cell.integer) ?? .missing },
      value: { text in text.isEmpty ? .some(nil) : Int(text).map { .some($0) } }
    )
  }

  /// A column of seeds.
  public static func seed(
    _ name: String, _ path: WritableKeyPath<Row, UInt64>
  ) -> Self {
    Self(
      ResultColumn(name), isOptional: false, path, cell: Cell.seed,
      value: { UInt64($0) })
  }

  /// A column of numbers.
  public static func number(
    _ name: String, _ path: WritableKeyPath<Row, Double>,
    heading: String? = nil, unit: String = "", format: NumberFormat = .short,
    isShown: Bool = true, isOptional: Bool = false, group: String? = nil
  ) -> Self {
    Self(
      ResultColumn(
        name, heading: heading, unit: unit, format: format, isShown: isShown,
        group: group),
      isOptional: isOptional, path, cell: Cell.number, value: { Double($0) })
  }

  /// A column of numbers that some rows have not.
  public static func number(
    _ name: String, _ path: WritableKeyPath<Row, Double?>,
    heading: String? = nil, unit: String = "", format: NumberFormat = .short,
    isShown: Bool = true
  ) -> Self {
    Self(
      ResultColumn(
        name, heading: heading, unit: unit, format: format, isShown: isShown),
      isOptional: false, path, cell: { $0.map(Cell.number) ?? .missing },
      value: { text in
        text.isEmpty ? .some(nil) : Double(text).map { .some($0) }
      })
  }

  /// The columns mean, median, p10 and p90, which are one object in JSON.
  public static func distribution(
    _ name: String, _ path: WritableKeyPath<Row, Distribution>,
    heading: String, unit: String = ""
  ) -> [Self] {
    func part(
      _ part: String, _ place: WritableKeyPath<Distribution, Double>,
      _ heading: String
    ) -> Self {
      .number(
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
  /// Whether a file with these columns holds such rows.
  public static func matches(_ header: [String]) -> Bool {
    fields.allSatisfy { $0.isOptional || header.contains($0.column.name) }
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
          "'\(cells[place])' in column '\(field.column.name)' is not a "
            + (field.column.isText ? "text" : "number"))
      }
      return row
    }
  }
}

extension Array {
  /// The columns of a distribution, where an array of columns is wanted.
  static func distribution<Row>(
    _ name: String, _ path: WritableKeyPath<Row, Distribution>,
    heading: String, unit: String = ""
  ) -> [ResultField<Row>] where Element == ResultField<Row> {
    ResultField<Row>.distribution(name, path, heading: heading, unit: unit)
  }
}
