import Foundation
import Tables
import TensorFiles

/// What a request asks for, by names, from the query of its address or from a body
/// of JSON; a field is read once, and what nobody has read is refused.
final class RequestFields {
  private let values: [String: [JSONInput]]
  private var known: Set<String> = []

  /// Takes the query of an address.
  init(query: [(name: String, value: String)]) {
    values = Dictionary(
      query.map { ($0.name, [JSONInput.string($0.value)]) },
      uniquingKeysWith: +)
  }

  /// Takes a body; the query says how the answer is to be.
  ///
  /// - Throws: ``ServiceError`` if it is no JSON object.
  init(body: Data, query: [(name: String, value: String)]) throws {
    let decoded: JSONInput
    do {
      decoded = try OutsideJSON.decode(JSONInput.self, from: body)
    } catch let failure as OutsideJSON.Failure {
      throw ServiceError.wrong("the body \(failure)")
    } catch {
      throw ServiceError.wrong("the body is not valid JSON")
    }
    guard case .object(let object) = decoded else {
      throw ServiceError.wrong("the body must be a JSON object")
    }
    values = object.mapValues { [$0] }.merging(
      query.map { ($0.name, [JSONInput.string($0.value)]) },
      uniquingKeysWith: +)
  }

  private init(_ object: [String: JSONInput]) {
    values = object.mapValues { [$0] }
  }

  /// Refuses what no one has asked after.
  func finish() throws {
    if let name = values.keys.sorted().first(where: { !known.contains($0) }) {
      throw ServiceError.wrong(
        "unknown field '\(name)'"
          + suggestion(for: name, among: known.sorted()))
    }
  }

  private func value(_ name: String) throws -> JSONInput? {
    known.insert(name)
    guard let all = values[name] else { return nil }
    guard let first = all.first, all.count == 1 else {
      throw ServiceError.wrong("'\(name)' is given \(all.count) times")
    }
    if case .null = first { return nil }
    return first
  }

  // MARK: Kinds

  func text(_ name: String, longest: Int = 1024) throws -> String? {
    guard let value = try value(name) else { return nil }
    guard case .string(let text) = value else {
      throw ServiceError.wrong("'\(name)' must be a text")
    }
    guard text.utf8.count <= longest else {
      throw ServiceError.wrong(
        "'\(name)' has more than \(longest) characters")
    }
    return text
  }

  /// Whether a field that may be of other kinds is a certain text.
  func says(_ name: String, _ expected: String) throws -> Bool {
    if case .string(expected) = try value(name) { true } else { false }
  }

  func requiredText(_ name: String) throws -> String {
    guard let text = try text(name) else { throw missing(name) }
    return text
  }

  /// All texts of a name that may be given many times.
  func texts(_ name: String, most: Int) throws -> [String] {
    known.insert(name)
    let all = values[name] ?? []
    guard !all.isEmpty else { throw missing(name) }
    return try list(all, name, most: most)
  }

  /// A list of texts.
  func textList(_ name: String, most: Int) throws -> [String] {
    guard let value = try value(name) else { throw missing(name) }
    guard case .array(let elements) = value, !elements.isEmpty else {
      throw ServiceError.wrong("'\(name)' must be a list, not empty")
    }
    return try list(elements, name, most: most)
  }

  private func list(_ all: [JSONInput], _ name: String, most: Int) throws
    -> [String]
  {
    guard all.count <= most else {
      throw ServiceError.wrong("'\(name)' has more than \(most) entries")
    }
    let texts = try all.map { element -> String in
      guard case .string(let text) = element, text.utf8.count <= 1024 else {
        throw ServiceError.wrong(
          "'\(name)' must be texts of 1024 characters at most")
      }
      return text
    }
    guard Set(texts).count == texts.count else {
      throw ServiceError.wrong("'\(name)' has an entry twice")
    }
    return texts
  }

  func integer(_ name: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let value = try value(name) else { return nil }
    let number: Int? =
      switch value {
      case .number(let number): Int(exactly: number)
      case .string(let text): Int(text)
      default: nil
      }
    guard let number, range.contains(number) else {
      throw ServiceError.wrong(
        "'\(name)' must be an integer from \(range.lowerBound) to "
          + "\(range.upperBound)")
    }
    return number
  }

  func number(_ name: String, in range: ClosedRange<Double>) throws -> Double? {
    guard let value = try value(name) else { return nil }
    guard case .number(let number) = value, range.contains(number) else {
      throw ServiceError.wrong(
        "'\(name)' must be a number from \(NumberFormat.exact.text(range.lowerBound))"
          + " to \(NumberFormat.exact.text(range.upperBound))")
    }
    return number
  }

  func flag(_ name: String) throws -> Bool? {
    guard let value = try value(name) else { return nil }
    guard case .boolean(let flag) = value else {
      throw ServiceError.wrong("'\(name)' must be true or false")
    }
    return flag
  }

  func choice<T: RawRepresentable<String> & CaseIterable>(
    _ name: String, of type: T.Type = T.self
  ) throws -> T? {
    guard let text = try text(name) else { return nil }
    guard let choice = T(rawValue: text) else {
      throw ServiceError.wrong(
        "'\(name)' must be \(alternatives(T.allCases.map(\.rawValue))), not "
          + "'\(text)'")
    }
    return choice
  }

  func numberList(
    _ name: String, in range: ClosedRange<Double>, most: Int
  ) throws -> [Double] {
    guard let value = try value(name) else { throw missing(name) }
    guard case .array(let elements) = value, !elements.isEmpty,
      elements.count <= most
    else {
      throw ServiceError.wrong(
        "'\(name)' must be a list of 1 to \(most) numbers")
    }
    return try elements.map { element in
      guard case .number(let number) = element, range.contains(number) else {
        throw ServiceError.wrong(
          "'\(name)' must be numbers from "
            + "\(NumberFormat.exact.text(range.lowerBound)) to "
            + "\(NumberFormat.exact.text(range.upperBound))")
      }
      return number
    }
  }

  /// Numbers by names.
  func numbers(_ name: String, most: Int) throws -> [String: Double] {
    guard let value = try value(name) else { return [:] }
    guard case .object(let object) = value, object.count <= most else {
      throw ServiceError.wrong(
        "'\(name)' must be an object of \(most) numbers at most")
    }
    return try object.mapValues {
      guard case .number(let number) = $0 else {
        throw ServiceError.wrong("'\(name)' must hold numbers")
      }
      return number
    }
  }

  /// The fields of an object.
  func object(_ name: String) throws -> RequestFields? {
    guard let value = try value(name) else { return nil }
    guard case .object(let object) = value else {
      throw ServiceError.wrong("'\(name)' must be an object")
    }
    return RequestFields(object)
  }

  func missing(_ name: String) -> ServiceError {
    .wrong("'\(name)' is missing")
  }
}

/// A value of JSON that came from outside.
enum JSONInput: Decodable {
  case null
  case boolean(Bool)
  case number(Double)
  case string(String)
  case array([JSONInput])
  case object([String: JSONInput])

  init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    // Each kind is tried in turn, and the last one says what is wrong.
    if container.decodeNil() {
      self = .null
    } else if let value = try? container.decode(Bool.self) {
      self = .boolean(value)
    } else if let value = try? container.decode(Double.self) {
      self = .number(value)
    } else if let value = try? container.decode(String.self) {
      self = .string(value)
    } else if let value = try? container.decode([JSONInput].self) {
      self = .array(value)
    } else {
      self = .object(try container.decode([String: JSONInput].self))
    }
  }
}
