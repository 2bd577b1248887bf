import Foundation

/// JSON that others have written: a request, a file's header, a note.
///
/// Foundation's readers call themselves for what is inside of something, and take
/// the stack, or a time that grows with the square of the depth, from whoever hands
/// them a thousand brackets; so the depth is bounded by a look at the bytes first.
public enum OutsideJSON {
  /// How deep arrays and objects may lie in each other.
  public static let deepest = 32

  /// Why a text is not read.
  public enum Failure: Error, Equatable, CustomStringConvertible {
    /// Arrays and objects lie too deep in each other.
    case tooDeep
    /// It is in another encoding than UTF-8, or no text.
    case encoding

    public var description: String {
      switch self {
      case .tooDeep: "is nested more than \(OutsideJSON.deepest) deep"
      case .encoding: "is not UTF-8 text"
      }
    }
  }

  /// Reads a value of a type.
  ///
  /// - Throws: ``Failure``, `DecodingError`.
  public static func decode<Value: Decodable>(
    _ type: Value.Type, from json: Data
  ) throws -> Value {
    try check(json)
    return try JSONDecoder().decode(type, from: json)
  }

  /// Reads arrays, dictionaries, strings and numbers.
  ///
  /// - Throws: ``Failure``, what `JSONSerialization` throws.
  public static func object(_ json: Data) throws -> Any {
    try check(json)
    return try JSONSerialization.jsonObject(with: json)
  }

  /// Refuses what lies too deep, in one pass over the bytes.
  ///
  /// - Throws: ``Failure``.
  static func check(_ json: Data) throws(Failure) {
    let found = json.withUnsafeBytes { failure($0) }
    if let found { throw found }
  }

  private static func failure(_ bytes: UnsafeRawBufferPointer) -> Failure? {
    var depth = 0
    var isText = false
    var isEscaped = false
    for byte in bytes {
      // The readers take UTF-16 and UTF-32 as well, where the bytes of a bracket
      // are others; neither has a text without zeros.
      if byte == 0 { return .encoding }
      if isEscaped {
        isEscaped = false
        continue
      }
      switch byte {
      case UInt8(ascii: "\""): isText.toggle()
      case UInt8(ascii: "\\"): isEscaped = isText
      case UInt8(ascii: "["), UInt8(ascii: "{"):
        guard !isText else { continue }
        depth += 1
        if depth > deepest { return .tooDeep }
      case UInt8(ascii: "]"), UInt8(ascii: "}"):
        if !isText { depth -= 1 }
      default: break
      }
    }
    // Swift 6.0's reader ends the program at a key that is no UTF-8.
    return String(bytes: bytes, encoding: .utf8) == nil ? .encoding : nil
  }
}
