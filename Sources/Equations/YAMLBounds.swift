import Foundation
import Yams

/// What makes a text too much for those who read YAML, all of whom call
/// themselves.
struct YAMLTooMuch: Error {
  let message: String
  var position: EquationError.Position?
}

extension YAMLValue {
  /// Deeper nesting than this is refused.
  private static let largestDepth = 64

  /// So many nodes are refused, each counted as often as aliases repeat it.
  private static let largestCount = 1_000_000

  /// More uses of aliases (`*name`) are refused: what stands for twice itself
  /// many times over has no end.
  private static let largestAliasCount = 32

  /// Returns a text's tree, which is at most 64 levels deep; nil of an empty
  /// text.
  ///
  /// Yams takes a kilobyte of stack a level, of whoever calls it, and its parser
  /// ends at 1,000 levels. So a text that might be deep is read on a stack of
  /// its own.
  ///
  /// - Throws: what Yams throws, and an error that says the place for a text
  ///   that is nested too deeply; ``Equation/explainYAML(_:)`` words both.
  package static func compose(_ text: String) throws -> Node? {
    try checkAliases(text)
    if mostLevels(text) <= 4 * largestDepth { return try boundedTree(text) }
    let outcome = Outcome()
    let done = DispatchSemaphore(value: 0)
    let thread = Thread {
      outcome.result = Result { try boundedTree(text) }
      done.signal()
    }
    thread.stackSize = 8 << 20
    thread.start()
    done.wait()
    return try outcome.result.get()
  }

  /// What a thread leaves for the one that waits for it.
  private final class Outcome: @unchecked Sendable {
    var result: Result<Node?, any Error> = .success(nil)
  }

  /// The tree, unless it is too deep or, with what its aliases repeat, too
  /// large.
  private static func boundedTree(_ text: String) throws -> Node? {
    guard let tree = try Yams.compose(yaml: text) else { return nil }
    var pending = [(node: tree, depth: 0)]
    var count = 0
    while let (node, depth) = pending.popLast() {
      let parts: [Node]
      switch node {
      case .scalar, .alias: continue
      case .sequence(let sequence): parts = Array(sequence)
      case .mapping(let mapping):
        parts = mapping.flatMap { [$0.key, $0.value] }
      }
      count += parts.count
      guard depth < largestDepth else {
        throw YAMLTooMuch(
          message: tooDeep(line: node.mark?.line ?? 1),
          position: node.mark.map { .init(line: $0.line, column: $0.column) })
      }
      guard count < largestCount else {
        throw YAMLTooMuch(message: "more than \(largestCount) values")
      }
      pending += parts.map { ($0, depth + 1) }
    }
    return tree
  }

  /// Says that a line is too deep.
  static func tooDeep(line: Int) -> String {
    "nested deeper than \(largestDepth) levels at line \(line)"
  }

  /// More levels than this no text has.
  ///
  /// One is for each bracket that opens, wherever it stands, and one for each
  /// column where a line's content may begin a block; a list of pairs, and a list
  /// under a key, are two levels of one place.
  private static func mostLevels(_ text: String) -> Int {
    var brackets = 0
    var columns = 0
    var prefix = 0
    var isPrefix = true
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
        (prefix, isPrefix) = (0, true)
        continue
      case "[", "{": brackets += 1
      default: break
      }
      isPrefix = isPrefix && " \t-?:".unicodeScalars.contains(scalar)
      if isPrefix { prefix += 1 }
      columns = max(columns, prefix)
    }
    return 2 * brackets + 2 * (columns + 1)
  }

  /// Refuses many uses of names that have an anchor (`&name`).
  private static func checkAliases(_ text: String) throws {
    let anchors = Set(names(after: "&", in: text))
    guard !anchors.isEmpty else { return }
    let uses = names(after: "*", in: text).count { anchors.contains($0) }
    guard uses <= largestAliasCount else {
      throw YAMLTooMuch(
        message: "\(uses) aliases (*name) are more than \(largestAliasCount)")
    }
  }

  /// The names that follow a character.
  private static func names(after mark: Character, in text: String)
    -> [Substring]
  {
    text.split(separator: mark, omittingEmptySubsequences: false).dropFirst()
      .map { $0.prefix { $0.isLetter || $0.isNumber || "-_".contains($0) } }
      .filter { !$0.isEmpty }
  }
}
