import Foundation
import Tables
import Yams

/// A value of an equation file, with the path of keys that leads to it.
package struct YAMLValue {
  package let node: Node
  package let file: String

  /// The dotted path, empty at the root.
  package let path: String

  /// Parses a file's text; its root must be a mapping.
  package static func parse(
    _ yaml: String, file: String
  ) throws(EquationError) -> YAMLValue {
    let node: Node?
    do {
      node = try compose(yaml)
    } catch {
      var failure = EquationError(
        file: file, message: Equation.explainYAML(error))
      failure.position = Equation.position(of: error)
      throw failure
    }
    guard let node else {
      throw EquationError(file: file, message: "the file is empty")
    }
    return YAMLValue(node: node, file: file, path: "")
  }

  /// Returns the error `message` about this value.
  package func error(_ message: String) -> EquationError {
    error(message, column: nil)
  }

  /// The error about a column of this value's text, counted from 1.
  private func error(_ message: String, column: Int?) -> EquationError {
    var error = EquationError(
      file: file, key: path.isEmpty ? nil : path, message: message)
    error.position = node.mark.map {
      .init(line: $0.line, column: $0.column + offset(of: column))
    }
    return error
  }

  /// How far a column of the text is from where the value begins in the file; 0
  /// where its text is not what stands there.
  private func offset(of column: Int?) -> Int {
    guard let column, let scalar = node.scalar else { return 0 }
    switch scalar.style {
    case .plain, .any: return column - 1
    case .singleQuoted, .doubleQuoted: return column
    case .literal, .folded: return 0
    }
  }

  /// Returns the same place with other text.
  package func replaced(by text: String) -> YAMLValue {
    YAMLValue(node: Node(text), file: file, path: path)
  }

  // MARK: Structure

  /// Whether the value is text or a number.
  package var isScalar: Bool { node.scalar != nil }

  /// Whether nothing follows the key.
  package var isBlank: Bool { node.scalar?.string.isEmpty ?? false }

  private var kind: String {
    switch node {
    case .scalar(let scalar): scalar.string.isEmpty ? "nothing" : "text"
    case .sequence: "a list"
    case .mapping: "a mapping"
    case .alias: "an alias"
    }
  }

  private func value(_ node: Node, at key: String) -> YAMLValue {
    YAMLValue(
      node: node, file: file, path: path.isEmpty ? key : "\(path).\(key)")
  }

  /// Returns a mapping's entries in their order.
  package func entries(
    expecting what: String
  ) throws(EquationError) -> [(key: String, value: YAMLValue)] {
    guard case .mapping(let mapping) = node else {
      throw error("expected \(what), found \(kind)")
    }
    var entries: [(key: String, value: YAMLValue)] = []
    for (key, node) in mapping {
      guard case .scalar(let scalar) = key else {
        throw error("expected a name for a key, found something else")
      }
      entries.append((scalar.string, value(node, at: scalar.string)))
    }
    return entries
  }

  /// Returns a mapping's values by key; it must have all of `required` and
  /// nothing besides `optional`.
  package func mapping(
    required: [String], optional: [String] = []
  ) throws(EquationError) -> [String: YAMLValue] {
    let allowed = required + optional
    var values: [String: YAMLValue] = [:]
    let what =
      "a mapping with the keys "
      + (required.isEmpty ? optional : required).joined(separator: ", ")
    for (key, value) in try entries(expecting: what) {
      guard allowed.contains(key) else {
        let hint = suggestion(for: key, among: allowed)
        var failure = error(
          "unknown key '\(key)'"
            + (hint.isEmpty ? "; expected \(alternatives(allowed))" : hint))
        failure.position = position(ofKey: key) ?? failure.position
        throw failure
      }
      values[key] = value
    }
    for key in required where values[key] == nil {
      throw error("the key '\(key)' is missing")
    }
    return values
  }

  /// Where a key of a mapping stands.
  private func position(ofKey key: String) -> EquationError.Position? {
    node.mapping?.keys.first { $0.scalar?.string == key }?.mark.map {
      .init(line: $0.line, column: $0.column)
    }
  }

  /// Returns the value of `key` in a mapping.
  package func child(_ key: String) throws(EquationError) -> YAMLValue {
    for entry in try entries(expecting: "a mapping") where entry.key == key {
      return entry.value
    }
    throw error("the key '\(key)' is missing")
  }

  /// Returns the only entry of a mapping such as `{uniform: [0, 1]}`, its key
  /// one of `allowed`, which are each a `noun`.
  func choice(
    of noun: String, among allowed: [String], example: String
  ) throws(EquationError) -> (key: String, value: YAMLValue) {
    let entries = try entries(expecting: example)
    for (key, _) in entries where !allowed.contains(key) {
      let hint = suggestion(for: key, among: allowed)
      throw error(
        "unknown \(noun) '\(key)'"
          + (hint.isEmpty ? "; expected \(alternatives(allowed))" : hint))
    }
    guard let first = entries.first, entries.count == 1 else {
      throw error("expected one \(noun), found \(entries.count)")
    }
    return (first.key, value(first.value.node, at: first.key))
  }

  // MARK: Scalars

  /// Returns a scalar's text.
  package func text(expecting what: String = "text") throws(EquationError)
    -> String
  {
    guard case .scalar(let scalar) = node else {
      throw error("expected \(what), found \(kind)")
    }
    return scalar.string.trimmingCharacters(in: .whitespacesAndNewlines)
  }

  /// Returns an equation's name.
  func name() throws(EquationError) -> String {
    let name = try text(expecting: "a name")
    if name.isEmpty || name.contains(where: \.isNewline) {
      throw error("expected a name on one line, found '\(name)'")
    }
    return name
  }

  /// Returns a formula.
  func expression(
    scope: ExpressionScope
  ) throws(EquationError) -> Expression {
    let text = try text(expecting: "an expression")
    do {
      return try Expression(text, scope: scope)
    } catch {
      throw self.error(error.message, column: error.column)
    }
  }

  /// Returns a finite number, which may be written as a formula: `2 * pi`.
  package func number() throws(EquationError) -> Double {
    let text = try text(expecting: "a number")
    let value: Double
    do {
      value = try Expression(text, scope: .constants).constant
    } catch {
      throw self.error(
        "expected a number, found '\(text)': \(error.message)",
        column: error.column)
    }
    guard value.isFinite else {
      throw error("expected a finite number, found '\(text)'")
    }
    return value
  }

  /// The elements of a list, or the value itself where it is none.
  package var elements: [YAMLValue] {
    guard case .sequence(let sequence) = node else { return [self] }
    return sequence.map { YAMLValue(node: $0, file: file, path: path) }
  }

  /// Returns the numbers of a list; `names`, where given, name each of them.
  func numbers(named names: [String]? = nil) throws(EquationError) -> [Double] {
    let what =
      names.map { "[\($0.joined(separator: ", "))]" } ?? "a list of numbers"
    guard case .sequence(let sequence) = node else {
      throw error("expected \(what), found \(kind)")
    }
    if let names, sequence.count != names.count {
      throw error("expected \(what), found \(sequence.count) values")
    }
    var numbers: [Double] = []
    for node in sequence {
      let element = YAMLValue(node: node, file: file, path: path)
      numbers.append(try element.number())
    }
    return numbers
  }
}

extension Equation {
  /// Where a text is no YAML.
  static func position(of error: any Error) -> EquationError.Position? {
    if let error = error as? YAMLTooMuch { return error.position }
    return switch error as? YamlError {
    case .scanner(_, _, let mark, _), .parser(_, _, let mark, _),
      .composer(_, _, let mark, _):
      .init(line: mark.line, column: mark.column)
    case .duplicatedKeysInMapping(_, let context):
      .init(line: context.mark.line, column: context.mark.column)
    default: nil
    }
  }

  /// Returns a YAML error in one line.
  public static func explainYAML(_ error: any Error) -> String {
    if let error = error as? YAMLTooMuch { return error.message }
    switch error as? YamlError {
    case .parser(_, let problem, let mark, _)
    where problem.hasPrefix("Maximum nesting level"):
      return YAMLValue.tooDeep(line: mark.line)
    case .scanner(let context, let problem, let mark, _),
      .parser(let context, let problem, let mark, _),
      .composer(let context, let problem, let mark, _):
      let text = [context?.text, problem].compactMap { $0 }
      return "not valid YAML at line \(mark.line), column \(mark.column): "
        + text.joined(separator: ", ")
    case .duplicatedKeysInMapping(let duplicates, let context):
      let keys = duplicates.sorted().map { "'\($0)'" }
      return "the key \(keys.joined(separator: ", ")) "
        + "appears twice in the mapping at line \(context.mark.line)"
    case .reader(let problem, _, _, _):
      return "not valid YAML: \(problem)"
    default:
      let lines = "\(error)".split(whereSeparator: \.isNewline)
      return "not valid YAML: " + lines.joined(separator: " ")
    }
  }
}
