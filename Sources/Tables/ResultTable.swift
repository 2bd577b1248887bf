import Foundation

/// A column of a result, declared once: CSV, JSON, aligned text and reports
/// follow from it.
public struct ResultColumn: Sendable, Equatable {
  /// The name in CSV and JSON, which scripts rely on.
  public let name: String
  /// The heading for people.
  public let heading: String
  /// The unit, or what a ratio is relative to; empty for counts and names.
  public let unit: String
  /// How numbers are written for people.
  public let format: NumberFormat
  /// What stands for people where there is no value; nil is a dash, and leaves
  /// the column out where no row has one.
  public let missing: String?
  /// Whether it is of words.
  public let isText: Bool
  /// Whether tables for people have it.
  public let isShown: Bool
  /// The JSON object that holds it, where columns belong together.
  public let group: String?

  public init(
    _ name: String, heading: String? = nil, unit: String = "",
    format: NumberFormat = .short, missing: String? = nil,
    isText: Bool = false, isShown: Bool = true, group: String? = nil
  ) {
    self.name = name
    self.heading = heading ?? name.replacing("_", with: " ")
    self.unit = unit
    self.format = format
    self.missing = missing
    self.isText = isText
    self.isShown = isShown
    self.group = group
  }
}

/// A result: columns, and rows of cells.
public struct ResultTable: Sendable, Equatable {
  public let columns: [ResultColumn]
  public private(set) var rows: [[Cell]]

  /// Creates a result of columns that only its maker knows, such as an
  /// equation's coefficients.
  public init(columns: [ResultColumn], rows: [[Cell]] = []) {
    self.columns = columns
    self.rows = rows
  }

  /// Creates a result from rows of a declared kind.
  public init<Row: ResultRow>(_ rows: [Row]) {
    let fields = Row.fields
    columns = fields.map(\.column)
    self.rows = rows.map { row in fields.map { $0.cell(row) } }
  }

  /// Adds a row, as long as the columns.
  public mutating func add(_ row: [Cell]) { rows.append(row) }

  // MARK: CSV

  /// The first line of CSV.
  public var csvHeader: String {
    csvLine(columns.map { csvField($0.name) })
  }

  /// The other lines of CSV.
  public var csvRows: [String] {
    rows.map { csvLine($0.map(\.csv)) }
  }

  /// All lines of CSV.
  public var csv: [String] { [csvHeader] + csvRows }

  // MARK: Text

  /// The shown columns, aligned; those that no row has anything in, and that have
  /// no word for it, are left out.
  public var text: TextTable {
    let shown = columns.indices.filter { column in
      columns[column].isShown
        && (rows.isEmpty || columns[column].missing != nil
          || rows.contains { $0[column] != .missing })
    }
    var table = TextTable(
      shown.map { columns[$0].heading },
      isText: shown.map { columns[$0].isText })
    for row in rows { table.add(shown.map { row[$0].text(columns[$0]) }) }
    return table
  }

  // MARK: JSON

  /// How rows become JSON.
  public enum JSONLayout: Sendable {
    /// One array of objects.
    case array
    /// An object a line.
    case lines
  }

  /// The rows as JSON objects with their keys in order; missing values are left
  /// out, and those that JSON has no numbers for are text.
  public func json(_ layout: JSONLayout) throws -> [String] {
    let objects = rows.map { row in
      var object: [String: JSONValue] = [:]
      for (column, cell) in zip(columns, row) {
        guard let value = JSONValue(cell) else { continue }
        if let group = column.group {
          object[group, default: .object([:])].insert(value, for: column.name)
        } else {
          object[column.name] = value
        }
      }
      return JSONValue.object(object)
    }
    switch layout {
    case .array: return [try jsonText(JSONValue.array(objects))]
    case .lines: return try objects.map(jsonText)
    }
  }
}

/// One line of JSON with its keys in order.
public func jsonText(_ value: some Encodable) throws -> String {
  let encoder = JSONEncoder()
  encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
  encoder.nonConformingFloatEncodingStrategy = .convertToString(
    positiveInfinity: "Infinity", negativeInfinity: "-Infinity", nan: "NaN")
  return String(decoding: try encoder.encode(value), as: UTF8.self)
}

/// A value of JSON.
private enum JSONValue: Encodable {
  case text(String)
  case integer(Int)
  case seed(UInt64)
  case number(Double)
  case object([String: JSONValue])
  case array([JSONValue])

  init?(_ cell: Cell) {
    switch cell {
    case .text(let text): self = .text(text)
    case .integer(let value): self = .integer(value)
    case .seed(let value): self = .seed(value)
    case .number(let value): self = .number(value)
    case .missing: return nil
    }
  }

  mutating func insert(_ value: JSONValue, for key: String) {
    guard case .object(var members) = self else { return }
    members[key] = value
    self = .object(members)
  }

  func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    switch self {
    case .text(let value): try container.encode(value)
    case .integer(let value): try container.encode(value)
    case .seed(let value): try container.encode(value)
    case .number(let value): try container.encode(value)
    case .object(let value): try container.encode(value)
    case .array(let value): try container.encode(value)
    }
  }
}
