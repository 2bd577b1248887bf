/// A value in a result.
public enum Cell: Sendable, Equatable {
  case text(String)
  case integer(Int)
  /// A seed, which may be larger than any `Int`.
  case seed(UInt64)
  case number(Double)
  /// There is none, such as the parameters of a classical method.
  case missing

  /// The value as a field of CSV: empty if it is missing, in quotes where it
  /// needs them (RFC 4180), and numbers with which Float64 round-trips.
  public var csv: String {
    switch self {
    case .text(let text): csvField(text)
    case .integer(let value): "\(value)"
    case .seed(let value): "\(value)"
    case .number(let value): NumberFormat.exact.text(value)
    case .missing: ""
    }
  }

  /// The value for people, as its column has it.
  func text(_ column: ResultColumn) -> String {
    switch self {
    case .text(let text): text
    case .integer(let value): NumberFormat.grouped(value)
    case .seed(let value): "\(value)"
    case .number(let value): column.format.text(value)
    case .missing: column.missing ?? "–"
    }
  }
}

/// A field of CSV, in quotes where it needs them (RFC 4180).
func csvField(_ text: String) -> String {
  // By scalars: a line's end may be one character of two of them, and a quote one
  // with an accent.
  let special: [Unicode.Scalar] = [",", "\"", "\n", "\r"]
  guard text.unicodeScalars.contains(where: special.contains) else {
    return text
  }
  var field = "\""
  for scalar in text.unicodeScalars {
    if scalar == "\"" { field.unicodeScalars.append("\"") }
    field.unicodeScalars.append(scalar)
  }
  field.unicodeScalars.append("\"")
  return field
}

/// A line of CSV.
///
/// One that has a single empty field would be no line at all, and has it in quotes.
func csvLine(_ fields: [String]) -> String {
  fields == [""] ? "\"\"" : fields.joined(separator: ",")
}

// MARK: Values

/// What a field of a row can be: it becomes a cell, and is read from CSV.
public protocol CellValue: Sendable {
  /// Whether it is words.
  static var isText: Bool { get }

  /// The value in a result.
  var cell: Cell { get }

  /// Reads a field of CSV; nil if it is none of this kind.
  init?(csv text: String)
}

extension String: CellValue {
  public static var isText: Bool { true }
  public var cell: Cell { .text(self) }
  public init?(csv text: String) { self = text }
}

extension Int: CellValue {
  public static var isText: Bool { false }
  public var cell: Cell { .integer(self) }
  public init?(csv text: String) { self.init(text) }
}

extension UInt64: CellValue {
  public static var isText: Bool { false }
  public var cell: Cell { .seed(self) }
  public init?(csv text: String) { self.init(text) }
}

extension Double: CellValue {
  public static var isText: Bool { false }
  public var cell: Cell { .number(self) }
  public init?(csv text: String) { self.init(text) }
}

extension Optional: CellValue where Wrapped: CellValue {
  public static var isText: Bool { Wrapped.isText }
  public var cell: Cell { self?.cell ?? .missing }
  public init?(csv text: String) {
    if text.isEmpty {
      self = .none
    } else {
      guard let value = Wrapped(csv: text) else { return nil }
      self = .some(value)
    }
  }
}
