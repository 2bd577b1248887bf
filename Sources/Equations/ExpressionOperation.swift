/// What one step of a compiled expression does.
enum ExpressionOperation {
  case negate, abs, sqrt, exp, log, sin, cos, tan, tanh, sinh, cosh
  case add, subtract, multiply, divide, power, minimum, maximum
  case less, lessOrEqual, greater, greaterOrEqual

  /// The second operand where the first is not 0, the third elsewhere.
  case choose

  /// 1 where the first operand lies between the others, 0 elsewhere.
  case indicator
}

/// A function of the expression language.
struct ExpressionFunction {
  let operation: ExpressionOperation
  let arguments: [String]

  /// The language's functions by name.
  static let all: [String: ExpressionFunction] = {
    let unary: [(String, ExpressionOperation)] = [
      ("abs", .abs), ("sqrt", .sqrt), ("exp", .exp), ("log", .log),
      ("sin", .sin), ("cos", .cos), ("tan", .tan), ("tanh", .tanh),
      ("sinh", .sinh), ("cosh", .cosh),
    ]
    var functions: [String: ExpressionFunction] = [
      "min": Self(operation: .minimum, arguments: ["a", "b"]),
      "max": Self(operation: .maximum, arguments: ["a", "b"]),
      "where": Self(operation: .choose, arguments: ["condition", "a", "b"]),
      "indicator": Self(operation: .indicator, arguments: ["lo", "hi"]),
    ]
    for (name, operation) in unary {
      functions[name] = Self(operation: operation, arguments: ["a"])
    }
    return functions
  }()
}

/// The names that an expression may use.
struct ExpressionScope {
  /// The parameters, in the order of their values.
  var parameters: [String] = []

  /// The fields, in the order of their values.
  var fields: [String] = []

  /// Whether the expression is a function of `x`.
  var hasX = false

  /// Numbers alone: no `x`, no parameters, no fields.
  static let constants = ExpressionScope()

  /// The names with a meaning of their own, which nothing else may take.
  static let reserved = ["x", "pi"] + ExpressionFunction.all.keys.sorted()

  /// Every name allowed in the expression.
  var names: [String] {
    parameters + fields + Self.reserved.filter { hasX || $0 != "x" }
  }

  /// The functions allowed in the expression.
  var functions: [String] {
    ExpressionFunction.all.keys.filter { hasX || $0 != "indicator" }.sorted()
  }

  /// Says what a name may be, for messages.
  var expectation: String {
    let groups: [(String, [String])] = [
      ("parameter", parameters), ("field", fields),
    ]
    let named = groups.filter { !$0.1.isEmpty }.map { group in
      "the \(group.0)\(group.1.count == 1 ? "" : "s") "
        + group.1.joined(separator: ", ")
    }
    return ((hasX ? ["x"] : []) + named + ["pi", "a function"])
      .joined(separator: ", ") + " (" + functions.joined(separator: ", ") + ")"
  }
}
