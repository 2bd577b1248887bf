import Tables

/// A recursive-descent parser of formulas.
///
/// From loosest to tightest: one comparison, + and −, * and /, unary signs, ^.
/// The power associates to the right and binds more tightly than a sign on
/// its left: −x^2 = −(x^2), 2^−x = 2^(−x).
struct ExpressionParser {
  private typealias Tree = ExpressionTree

  /// Deeper nesting than this is refused, so that no text can exhaust the
  /// call stack.
  private static let largestDepth = 64

  /// So many operations are enough for any formula, and trees of so many no
  /// danger to the call stack.
  private static let largestCount = 2000

  private let scope: ExpressionScope
  private let tokens: [ExpressionToken]
  private var position = 0
  private var depth = 0
  private var count = 0

  init(_ text: String, scope: ExpressionScope) throws(ExpressionError) {
    self.scope = scope
    tokens = try ExpressionToken.tokenize(text)
  }

  mutating func parse() throws(ExpressionError) -> ExpressionTree {
    if token.kind == .end {
      throw ExpressionError(message: "expected an expression, found nothing")
    }
    let tree = try parseComparison()
    guard token.kind == .end else { throw unexpectedAfterOperand() }
    return tree
  }

  // MARK: Grammar

  private mutating func parseComparison()
    throws(ExpressionError) -> Tree
  {
    let comparisons: [String: ExpressionOperation] = [
      "<": .less, "<=": .lessOrEqual, ">": .greater, ">=": .greaterOrEqual,
    ]
    let left = try parseSum()
    guard let operation = operation(in: comparisons) else { return left }
    let right = try parseSum()
    if comparisons[token.text] != nil {
      throw ExpressionError(
        message: "comparisons do not chain (column \(token.column)); "
          + "write (a < b) * (b < c)", column: token.column)
    }
    return try make(operation, [left, right])
  }

  private mutating func parseSum() throws(ExpressionError) -> Tree {
    var left = try parseProduct()
    while let operation = operation(in: ["+": .add, "-": .subtract]) {
      left = try make(operation, [left, try parseProduct()])
    }
    return left
  }

  private mutating func parseProduct() throws(ExpressionError) -> Tree {
    var left = try parseSigned()
    while let operation = operation(in: ["*": .multiply, "/": .divide]) {
      left = try make(operation, [left, try parseSigned()])
    }
    return left
  }

  private mutating func parseSigned() throws(ExpressionError) -> Tree {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.largestDepth {
      throw ExpressionError(
        message: "nested deeper than \(Self.largestDepth) levels at column "
          + "\(token.column)", column: token.column)
    }
    if skip("-") { return try make(.negate, [try parseSigned()]) }
    if skip("+") { return try parseSigned() }
    let base = try parseOperand()
    guard skip("^") else { return base }
    return try make(.power, [base, try parseSigned()])
  }

  private mutating func parseOperand() throws(ExpressionError) -> Tree {
    let first = token
    switch first.kind {
    case .number(let value):
      position += 1
      return .number(value)
    case .name:
      position += 1
      return token.text == "("
        ? try parseCall(first) : try parseName(first)
    case .symbol where first.text == "(":
      position += 1
      let value = try parseComparison()
      try close(first)
      return value
    case .symbol:
      throw ExpressionError(
        message: "expected a number, a name or '(', found '\(first.text)' at "
          + "column \(first.column)", column: first.column)
    case .end:
      throw ExpressionError(
        message: "the expression ends at column \(first.column), where a "
          + "number, a name or '(' is expected", column: first.column)
    }
  }

  private mutating func parseName(
    _ name: ExpressionToken
  ) throws(ExpressionError) -> Tree {
    if let i = scope.parameters.firstIndex(of: name.text) {
      return .parameter(i)
    }
    if let i = scope.fields.firstIndex(of: name.text) {
      return .input(.field(i, order: 0))
    }
    if name.text == "x", scope.hasX { return .input(.x) }
    if scope.hasSolution {
      if name.text == "u" { return .input(.u) }
      if name.text == "du" { return .input(.du) }
    }
    if name.text == "pi" { return .number(.pi) }
    if let function = ExpressionFunction.all[name.text] {
      throw ExpressionError(
        message: "the function '\(name.text)' needs its "
          + "argument\(function.arguments.count == 1 ? "" : "s"): "
          + "\(usage(name.text, function))", column: name.column)
    }
    throw unknown(name)
  }

  private mutating func parseCall(
    _ name: ExpressionToken
  ) throws(ExpressionError) -> Tree {
    guard let function = ExpressionFunction.all[name.text] else {
      if scope.names.contains(name.text) {
        throw ExpressionError(
          message: "'\(name.text)' at column \(name.column) is not a "
            + "function; multiplication is written *", column: name.column)
      }
      let hint = suggestion(for: name.text, among: scope.functions)
      throw ExpressionError(
        message: "unknown function '\(name.text)'"
          + (hint.isEmpty
            ? "; the functions are " + scope.functions.joined(separator: ", ")
            : hint),
        column: name.column)
    }
    let opening = token
    position += 1
    var arguments: [Tree] = []
    if token.text != ")" {
      repeat {
        arguments.append(try parseComparison())
      } while skip(",")
    }
    try close(opening)
    guard arguments.count == function.arguments.count else {
      throw ExpressionError(
        message: "the function '\(name.text)' takes "
          + "\(function.arguments.count) argument"
          + "\(function.arguments.count == 1 ? "" : "s"), not "
          + "\(arguments.count): \(usage(name.text, function))",
        column: name.column)
    }
    if function.needsX, !scope.hasX {
      throw ExpressionError(
        message: "'\(name.text)' is a function of x, which is not allowed here",
        column: name.column)
    }
    if function.operation == .indicator {
      arguments.insert(.input(.x), at: 0)
    }
    if let operation = function.operation {
      return try make(operation, arguments)
    }
    guard let derivative = arguments[0].derivative(in: .x) else {
      throw ExpressionError(
        message: "'diff' at column \(name.column) would have the second "
          + "derivative of u, which the equation itself determines",
        column: name.column)
    }
    count += derivative.operationCount
    try checkCount()
    return derivative
  }

  /// Makes an operation of the formula, unless it has too many.
  private mutating func make(
    _ operation: ExpressionOperation, _ operands: [Tree]
  ) throws(ExpressionError) -> Tree {
    count += 1
    try checkCount()
    return .operation(operation, operands)
  }

  private func checkCount() throws(ExpressionError) {
    guard count <= Self.largestCount else {
      throw ExpressionError(
        message: "the formula, its derivatives worked out, has more than "
          + "\(Self.largestCount) operations")
    }
  }

  // MARK: Tokens

  private var token: ExpressionToken { tokens[position] }

  private mutating func skip(_ symbol: String) -> Bool {
    guard token.kind == .symbol, token.text == symbol else { return false }
    position += 1
    return true
  }

  private mutating func operation(
    in table: [String: ExpressionOperation]
  ) -> ExpressionOperation? {
    guard token.kind == .symbol, let operation = table[token.text] else {
      return nil
    }
    position += 1
    return operation
  }

  private mutating func close(
    _ opening: ExpressionToken
  ) throws(ExpressionError) {
    if skip(")") { return }
    if token.kind == .end {
      throw ExpressionError(
        message: "the parenthesis opened at column \(opening.column) is not "
          + "closed", column: opening.column)
    }
    throw unexpectedAfterOperand()
  }

  // MARK: Messages

  private func unexpectedAfterOperand() -> ExpressionError {
    let found = "found '\(token.text)' at column \(token.column)"
    switch token.text {
    case ")":
      return ExpressionError(
        message: "the parenthesis closed at column \(token.column) was never "
          + "opened", column: token.column)
    case ",":
      return ExpressionError(
        message: "unexpected ',' at column \(token.column)",
        column: token.column)
    default:
      return ExpressionError(
        message: "expected an operator, \(found); multiplication is written *",
        column: token.column)
    }
  }

  private func unknown(_ name: ExpressionToken) -> ExpressionError {
    if name.text == "x" {
      return ExpressionError(
        message: "'x' is not allowed here; expected \(scope.expectation)",
        column: name.column)
    }
    let hint = suggestion(for: name.text, among: scope.names)
    return ExpressionError(
      message: "unknown name '\(name.text)'"
        + (hint.isEmpty ? "; expected \(scope.expectation)" : hint),
      column: name.column)
  }

  private func usage(_ name: String, _ function: ExpressionFunction) -> String {
    "\(name)(\(function.arguments.joined(separator: ", ")))"
  }
}
