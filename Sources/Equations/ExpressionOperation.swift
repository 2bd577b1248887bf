/// What one step of a compiled expression does.
enum ExpressionOperation: Sendable {
  case negate, abs, sqrt, exp, log, sin, cos, tan, tanh, sinh, cosh, erf
  case add, subtract, multiply, divide, power, minimum, maximum
  case less, lessOrEqual, greater, greaterOrEqual

  /// The second operand where the first is not 0, the third elsewhere.
  case choose

  /// 1 where the first operand lies between the others, 0 elsewhere.
  case indicator
}

/// A function of the expression language.
struct ExpressionFunction {
  /// nil is the derivative, which is worked out when a formula is read.
  let operation: ExpressionOperation?
  let arguments: [String]

  /// Whether it is a function of x, whatever its arguments are.
  var needsX: Bool { operation == .indicator || operation == nil }

  /// The language's functions by name.
  static let all: [String: ExpressionFunction] = {
    let unary: [(String, ExpressionOperation)] = [
      ("abs", .abs), ("sqrt", .sqrt), ("exp", .exp), ("log", .log),
      ("sin", .sin), ("cos", .cos), ("tan", .tan), ("tanh", .tanh),
      ("sinh", .sinh), ("cosh", .cosh), ("erf", .erf),
    ]
    var functions: [String: ExpressionFunction] = [
      "min": Self(operation: .minimum, arguments: ["a", "b"]),
      "max": Self(operation: .maximum, arguments: ["a", "b"]),
      "where": Self(operation: .choose, arguments: ["condition", "a", "b"]),
      "indicator": Self(operation: .indicator, arguments: ["lo", "hi"]),
      "diff": Self(operation: nil, arguments: ["a"]),
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

  /// Whether the expression may have the unknown function `u` and its derivative
  /// `du`.
  var hasSolution = false

  /// Numbers alone: no `x`, no parameters, no fields.
  static let constants = ExpressionScope()

  /// The names with a meaning of their own, which nothing else may take.
  static let reserved =
    ["x", "pi", "u", "du"] + ExpressionFunction.all.keys.sorted()

  /// Every name allowed in the expression.
  var names: [String] {
    parameters + fields
      + Self.reserved.filter {
        switch $0 {
        case "x": hasX
        case "u", "du": hasSolution
        default: true
        }
      }
  }

  /// The functions allowed in the expression.
  var functions: [String] {
    ExpressionFunction.all.filter { hasX || !$0.value.needsX }.keys.sorted()
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
    let solution = hasSolution ? ["u", "du"] : []
    return ((hasX ? ["x"] : []) + solution + named + ["pi", "a function"])
      .joined(separator: ", ") + " (" + functions.joined(separator: ", ") + ")"
  }
}
