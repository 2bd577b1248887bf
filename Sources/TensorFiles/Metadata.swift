/// A file's metadata, read by type; every error names the file and the key.
public struct Metadata: Sendable {
  public let path: String
  public let values: [String: String]
  /// What the file is expected to be, for a hint when a key is missing.
  private let expected: FileFormat

  /// Takes the metadata of a file that should be of a format.
  ///
  /// - Throws: `SafetensorsError.metadata` if it is of another or of none.
  public init(_ file: SafetensorsFile, format: FileFormat)
    throws(SafetensorsError)
  {
    path = file.path
    values = file.metadata
    expected = format
    let found = try text("format")
    guard found == format.rawValue else {
      throw error("'format' is '\(found)', expected '\(format.rawValue)'")
    }
  }

  /// The error of something that is wrong with the file.
  public func error(_ reason: String) -> SafetensorsError {
    .metadata(path: path, reason: reason)
  }

  /// Whether there is such a key.
  public func has(_ key: String) -> Bool { values[key] != nil }

  /// The value of a key.
  public func text(_ key: String) throws(SafetensorsError) -> String {
    guard let value = values[key] else {
      throw error("metadata have no '\(key)'; is this \(expected.noun)?")
    }
    return value
  }

  /// The value of a key as a number: a whole one where `T` is an integer, and
  /// finite.
  public func number<T: LosslessStringConvertible>(
    _ key: String, as type: T.Type = T.self
  ) throws(SafetensorsError) -> T {
    let text = try text(key)
    guard let number = T(text), (number as? Double)?.isFinite ?? true else {
      let kind = T.self is any BinaryInteger.Type ? "whole number" : "number"
      throw error("'\(key)' is '\(text)', expected a \(kind)")
    }
    return number
  }

  /// The value of a key as a whole number of a range.
  public func number(
    _ key: String, in range: ClosedRange<Int>
  ) throws(SafetensorsError) -> Int {
    let number = try number(key, as: Int.self)
    guard range.contains(number) else {
      throw error(
        "'\(key)' is \(number), must lie between \(range.lowerBound) and "
          + "\(range.upperBound)")
    }
    return number
  }

  /// The value of a key as one of several names.
  public func choice<T: RawRepresentable<String> & CaseIterable>(
    _ key: String, of type: T.Type = T.self
  ) throws(SafetensorsError) -> T {
    let text = try text(key)
    guard let choice = T(rawValue: text) else {
      let known = T.allCases.map(\.rawValue).joined(separator: ", ")
      throw error("unknown \(key) '\(text)'; known are \(known)")
    }
    return choice
  }
}
