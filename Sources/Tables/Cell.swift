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

  /// The value for people.
  func text(_ format: NumberFormat) -> String {
    switch self {
    case .text(let text): text
    case .integer(let value): NumberFormat.grouped(value)
    case .seed(let value): "\(value)"
    case .number(let value): format.text(value)
    case .missing: "–"
    }
  }
}

/// A field of CSV, in quotes where it needs them (RFC 4180).
public func csvField(_ text: String) -> String {
  guard text.contains(where: { ",\"\n\r".contains($0) }) else {
    return text
  }
  return "\"" + text.replacing("\"", with: "\"\"") + "\""
}
