import Tables

/// A recursive-descent parser that emits an expression's steps as it reads.
///
/// From loosest to tightest: one comparison, + and −, * and /, unary signs, ^.
/// The power associates to the right and binds more tightly than a sign on
/// its left: −x^2 = −(x^2), 2^−x = 2^(−x).
struct ExpressionParser {
  private typealias Register = Expression.Register

  /// Deeper nesting than this is refused, so that no text can exhaust the
  /// call stack.
  private static let largestDepth = 64

  private let scope: ExpressionScope
  private let tokens: [ExpressionToken]
  private var position = 0
  private var depth = 0
  private var program: ExpressionProgram
  private var freeVectors: [Int] = []

  init(_ text: String, scope: ExpressionScope) throws(ExpressionError) {
    self.scope = scope
    tokens = try ExpressionToken.tokenize(text)
    program = ExpressionProgram(
      constants: [Double](repeating: 0, count: scope.parameters.count),
      inputScalars: scope.parameters.count,
      inputVectors: 1 + scope.fields.count)
  }

  mutating func parse() throws(ExpressionError) -> ExpressionProgram {
    if token.kind == .end {
      throw ExpressionError(message: "expected an expression, found nothing")
    }
    program.result = try parseComparison()
    guard token.kind == .end else { throw unexpectedAfterOperand() }
    return program
  }

  // MARK: Grammar

  private mutating func parseComparison()
    throws(ExpressionError) -> Register
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
          + "write (a < b) * (b < c)")
    }
    return emit(operation, left, right)
  }

  private mutating func parseSum() throws(ExpressionError) -> Register {
    var left = try parseProduct()
    while let operation = operation(in: ["+": .add, "-": .subtract]) {
      left = emit(operation, left, try parseProduct())
    }
    return left
  }

  private mutating func parseProduct() throws(ExpressionError) -> Register {
    var left = try parseSigned()
    while let operation = operation(in: ["*": .multiply, "/": .divide]) {
      left = emit(operation, left, try parseSigned())
    }
    return left
  }

  private mutating func parseSigned() throws(ExpressionError) -> Register {
    depth += 1
    defer { depth -= 1 }
    if depth > Self.largestDepth {
      throw ExpressionError(
        message: "nested deeper than \(Self.largestDepth) levels at column "
          + "\(token.column)")
    }
    if skip("-") { return emit(.negate, try parseSigned()) }
    if skip("+") { return try parseSigned() }
    let base = try parseOperand()
    guard skip("^") else { return base }
    return emit(.power, base, try parseSigned())
  }

  private mutating func parseOperand() throws(ExpressionError) -> Register {
    let first = token
    switch first.kind {
    case .number(let value):
      position += 1
      return newScalar(value)
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
          + "column \(first.column)")
    case .end:
      throw ExpressionError(
        message: "the expression ends at column \(first.column), where a "
          + "number, a name or '(' is expected")
    }
  }

  private mutating func parseName(
    _ name: ExpressionToken
  ) throws(ExpressionError) -> Register {
    if let i = scope.parameters.firstIndex(of: name.text) { return .scalar(i) }
    if let i = scope.fields.firstIndex(of: name.text) { return .vector(i + 1) }
    if name.text == "x", scope.hasX { return .vector(0) }
    if name.text == "pi" { return newScalar(.pi) }
    if let function = ExpressionFunction.all[name.text] {
      throw ExpressionError(
        message: "the function '\(name.text)' needs its "
          + "argument\(function.arguments.count == 1 ? "" : "s"): "
          + "\(usage(name.text, function))")
    }
    throw unknown(name)
  }

  private mutating func parseCall(
    _ name: ExpressionToken
  ) throws(ExpressionError) -> Register {
    guard let function = ExpressionFunction.all[name.text] else {
      if scope.names.contains(name.text) {
        throw ExpressionError(
          message: "'\(name.text)' at column \(name.column) is not a "
            + "function; multiplication is written *")
      }
      let hint = suggestion(for: name.text, among: scope.functions)
      throw ExpressionError(
        message: "unknown function '\(name.text)'"
          + (hint.isEmpty
            ? "; the functions are " + scope.functions.joined(separator: ", ")
            : hint))
    }
    let opening = token
    position += 1
    var arguments: [Register] = []
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
          + "\(arguments.count): \(usage(name.text, function))")
    }
    if function.operation == .indicator {
      guard scope.hasX else {
        throw ExpressionError(
          message: "'indicator' is a function of x, which is not allowed here")
      }
      arguments.insert(.vector(0), at: 0)
    }
    return emit(function.operation, arguments)
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
          + "closed")
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
          + "opened")
    case ",":
      return ExpressionError(
        message: "unexpected ',' at column \(token.column)")
    default:
      return ExpressionError(
        message: "expected an operator, \(found); multiplication is written *")
    }
  }

  private func unknown(_ name: ExpressionToken) -> ExpressionError {
    if name.text == "x" {
      return ExpressionError(
        message: "'x' is not allowed here; expected \(scope.expectation)")
    }
    let hint = suggestion(for: name.text, among: scope.names)
    return ExpressionError(
      message: "unknown name '\(name.text)'"
        + (hint.isEmpty ? "; expected \(scope.expectation)" : hint))
  }

  private func usage(_ name: String, _ function: ExpressionFunction) -> String {
    "\(name)(\(function.arguments.joined(separator: ", ")))"
  }

  // MARK: Emission

  private mutating func newScalar(_ value: Double) -> Register {
    program.constants.append(value)
    return .scalar(program.constants.count - 1)
  }

  private mutating func emit(
    _ operation: ExpressionOperation, _ operands: Register...
  ) -> Register {
    emit(operation, operands)
  }

  /// Appends a step and returns its result's register; operands that no later
  /// step needs give theirs back, the result taking the first of them.
  private mutating func emit(
    _ operation: ExpressionOperation, _ operands: [Register]
  ) -> Register {
    for case .vector(let i) in operands.reversed()
    where i >= program.inputVectors {
      freeVectors.append(i)
    }
    let result =
      operands.contains { $0.stride == 1 } ? takeVector() : newScalar(0)
    let a = operands[0]
    let b = operands.count > 1 ? operands[1] : a
    let c = operands.count > 2 ? operands[2] : a
    program.steps.append(
      Expression.Step(operation: operation, operands: (a, b, c), result: result)
    )
    return result
  }

  private mutating func takeVector() -> Register {
    if let free = freeVectors.popLast() { return .vector(free) }
    program.temporaryVectors += 1
    return .vector(program.inputVectors + program.temporaryVectors - 1)
  }
}
