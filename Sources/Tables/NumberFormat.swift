import Foundation

/// The ways to write a number.
public enum NumberFormat: Sendable, Equatable {
  /// The shortest text that reads back as the same Float64, whole numbers
  /// without a fraction: for files.
  case exact
  /// Three significant digits: for tables and messages.
  case short
  /// Two significant digits, in scientific notation: for errors side by side.
  case scientific
  /// Up to six significant digits: for a value that somebody has to find again.
  case detailed
  /// So many decimals.
  case fixed(Int)
  /// A share of one, in whole per cent.
  case percent

  /// The number as text; NaN is `nan` whatever its sign.
  public func text(_ value: Double) -> String {
    if value.isNaN { return "nan" }
    switch self {
    case .fixed, .percent: break
    default: if value == 0 { return "0" }
    }
    switch self {
    case .exact:
      let text = "\(value)"
      return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
    case .short:
      guard value.isFinite else { return "\(value)" }
      let size = abs(value)
      guard size >= 0.01, size < 10_000 else {
        return String(format: "%.2e", value)
      }
      let decimals = size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : 3
      return String(format: "%.\(decimals)f", value)
    case .scientific: return String(format: "%.1e", value)
    case .detailed: return String(format: "%.6g", value)
    case .fixed(let decimals): return String(format: "%.\(decimals)f", value)
    case .percent: return String(format: "%.0f %%", 100 * value)
    }
  }

  /// Numbers as an interval or a list, `[0.25, 0.75]`.
  public func list(_ values: [Double]) -> String {
    "[" + values.map(text).joined(separator: ", ") + "]"
  }

  /// A whole number with commas between the thousands.
  public static func grouped(_ value: some BinaryInteger) -> String {
    let text = "\(value)"
    let sign = text.hasPrefix("-") ? "-" : ""
    var digits = Array(text.dropFirst(sign.count))
    for place in stride(from: digits.count - 3, to: 0, by: -3) {
      digits.insert(",", at: place)
    }
    return sign + String(digits)
  }

  /// A standard deviation of noise such as 1e-04, in full where that would
  /// round it; zero is `clean`.
  public static func noiseLevel(_ level: Double) -> String {
    if level == 0 { return "clean" }
    let text = String(format: "%.0e", level)
    return Double(text) == level ? text : NumberFormat.exact.text(level)
  }
}
