/// A table of comma-separated values with a header (RFC 4180).
public struct CSVTable: Sendable, Equatable {
  /// What is wrong with a table.
  public struct Failure: Error, Equatable, CustomStringConvertible {
    public let description: String
  }

  /// The columns' names.
  public let header: [String]
  /// The rows, each as long as the header.
  public let rows: [[String]]
  private let path: String

  /// Reads a file.
  ///
  /// - Throws: ``Failure`` if it cannot be read or a row has not as many fields
  ///   as the header.
  public init(path: String) throws(Failure) {
    guard let text = textOfFile(path) else {
      throw Failure(description: "\(path): cannot be read")
    }
    try self.init(text: text, path: path)
  }

  /// Reads text; `path` is what errors call it.
  public init(text: String, path: String) throws(Failure) {
    self.path = path
    let records = Self.records(text)
    guard let header = records.first, !header.isEmpty else {
      throw Failure(description: "\(path): has no header")
    }
    self.header = header
    rows = Array(records.dropFirst())
    for (index, row) in rows.enumerated() where row.count != header.count {
      throw Failure(
        description: "\(path): row \(index + 1) has \(row.count) fields, "
          + "expected \(header.count)")
    }
  }

  /// The error of something that is wrong with the table.
  func failure(_ reason: String) -> Failure {
    Failure(description: "\(path): \(reason)")
  }

  /// The values of a column as text.
  ///
  /// - Throws: ``Failure`` if there is none of that name.
  public func column(_ name: String) throws(Failure) -> [String] {
    guard let index = header.firstIndex(of: name) else {
      throw failure("has no column '\(name)'")
    }
    return rows.map { $0[index] }
  }

  /// The values of a column as numbers.
  ///
  /// - Throws: ``Failure`` if there is none of that name, or a value is not a
  ///   number.
  public func numbers(_ name: String) throws(Failure) -> [Double] {
    var numbers: [Double] = []
    for text in try column(name) {
      guard let number = Double(text) else {
        throw failure("'\(text)' in column '\(name)' is not a number")
      }
      numbers.append(number)
    }
    return numbers
  }

  /// Fields by record; quotes protect commas, line ends and doubled quotes.
  private static func records(_ text: String) -> [[String]] {
    var records: [[String]] = []
    var record: [String] = []
    var field = ""
    var isQuoted = false
    // An empty line is no record, one of an empty field in quotes is.
    var isEmpty = true
    func endRecord() {
      record.append(field)
      if !isEmpty { records.append(record) }
      (record, field, isEmpty) = ([], "", true)
    }
    var characters = Array(text.unicodeScalars)[...]
    while let character = characters.popFirst() {
      switch character {
      case "\"" where isQuoted:
        if characters.first == "\"" {
          field.unicodeScalars.append("\"")
          characters.removeFirst()
        } else {
          isQuoted = false
        }
      case _ where isQuoted: field.unicodeScalars.append(character)
      case "\"": (isQuoted, isEmpty) = (true, false)
      case ",":
        record.append(field)
        (field, isEmpty) = ("", false)
      case "\r": continue
      case "\n": endRecord()
      default:
        field.unicodeScalars.append(character)
        isEmpty = false
      }
    }
    endRecord()
    return records
  }
}
