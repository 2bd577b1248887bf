import Tables

// The parts of an equation file: what each may hold, and what is checked.

extension YAMLValue {
  // MARK: Domain

  func domain() throws(EquationError) -> ClosedRange<Double> {
    let ends = try numbers(named: ["left end", "right end"])
    let (a, b) = (ends[0], ends[1])
    guard a < b else {
      throw error(
        "the left end must be less than the right end, not "
          + NumberFormat.exact.list([a, b]))
    }
    // Nodes of a narrower interval would collide in double precision.
    guard (b - a).isFinite, b - a > 1e-8 * max(abs(a), abs(b)) else {
      throw error(
        "the interval \(NumberFormat.exact.list([a, b])) is too narrow or "
          + "too wide for double precision")
    }
    return a...b
  }

  // MARK: Parameters

  func parameters() throws(EquationError) -> [Equation.Parameter] {
    var parameters: [Equation.Parameter] = []
    for (name, value) in try namedEntries("a mapping of names to laws") {
      try value.checkName(name)
      parameters.append(.init(name: name, law: try value.law()))
    }
    return parameters
  }

  /// Returns the entries of a mapping that may also be left blank.
  private func namedEntries(
    _ what: String
  ) throws(EquationError) -> [(key: String, value: YAMLValue)] {
    isBlank ? [] : try entries(expecting: what)
  }

  private func checkName(_ name: String) throws(EquationError) {
    guard ExpressionToken.isName(name) else {
      throw error(
        "'\(name)' is not a name; a name is a letter and then letters, digits "
          + "and _")
    }
    if ExpressionScope.reserved.contains(name) {
      throw error("the name '\(name)' has a meaning of its own; take another")
    }
  }

  private func law() throws(EquationError) -> Law {
    if isScalar { return .number(try number()) }
    let (law, value) = try choice(
      of: "law", among: ["uniform", "normal", "log-uniform", "choice"],
      example: "a law such as {uniform: [0, 1]} or a number")
    switch law {
    case "uniform":
      let (lo, hi) = try value.range()
      return .uniform(lo, hi)
    case "log-uniform":
      let (lo, hi) = try value.range()
      guard lo > 0 else {
        throw value.error(
          "lo must be positive, not \(NumberFormat.exact.text(lo))")
      }
      return .logUniform(lo, hi)
    case "normal":
      let numbers = try value.numbers(named: ["mean", "sd"])
      guard numbers[1] >= 0 else {
        throw value.error(
          "sd must not be negative: \(NumberFormat.exact.text(numbers[1]))")
      }
      return .normal(mean: numbers[0], sd: numbers[1])
    default:
      let values = try value.numbers()
      if values.isEmpty { throw value.error("expected one number at least") }
      return .choice(values)
    }
  }

  private func range() throws(EquationError) -> (Double, Double) {
    let numbers = try numbers(named: ["lo", "hi"])
    let (lo, hi) = (numbers[0], numbers[1])
    guard lo < hi, (hi - lo).isFinite else {
      throw error(
        "lo must be less than hi, not " + NumberFormat.exact.list([lo, hi]))
    }
    return (lo, hi)
  }

  // MARK: Fields

  func fields(
    on domain: ClosedRange<Double>, besides parameters: [String]
  ) throws(EquationError) -> [Equation.Field] {
    var fields: [Equation.Field] = []
    for (name, value) in try namedEntries("a mapping of names to fields") {
      try value.checkName(name)
      if parameters.contains(name) {
        throw value.error("the name '\(name)' is already a parameter's")
      }
      fields.append(.init(name: name, law: try value.randomField(on: domain)))
    }
    return fields
  }

  private func randomField(
    on domain: ClosedRange<Double>
  ) throws(EquationError) -> RandomField {
    let (law, value) = try choice(
      of: "field", among: RandomField.Kind.allCases.map(\.rawValue),
      example: "a field such as {gaussian: {sigma: 0.5, length: 1}}")
    _ = try value.mapping(required: ["sigma", "length"])
    let sigma = try value.child("sigma").positiveNumber()
    let length = try value.child("length").positiveNumber()
    let shortestLength = RandomField.shortestLength(
      extent: domain.upperBound - domain.lowerBound)
    guard length >= shortestLength else {
      throw try value.child("length").error(
        "\(NumberFormat.exact.text(length)) is too short for this domain; the "
          + "least is \(NumberFormat.detailed.text(shortestLength))")
    }
    return RandomField(
      kind: RandomField.Kind(rawValue: law) ?? .gaussian, sigma: sigma,
      length: length)
  }

  private func positiveNumber() throws(EquationError) -> Double {
    let value = try number()
    guard value > 0 else {
      throw error("must be positive, not \(NumberFormat.exact.text(value))")
    }
    return value
  }

  // MARK: Coefficients and boundary

  func coefficients(
    scope: ExpressionScope
  ) throws(EquationError) -> CoefficientExpressions {
    let values = try mapping(required: ["K", "f"], optional: ["q", "v", "w"])
    var nonlinear = scope
    nonlinear.hasSolution = true
    return CoefficientExpressions(
      K: try child("K").expression(scope: scope),
      f: try child("f").expression(scope: nonlinear),
      q: try values["q"]?.expression(scope: nonlinear),
      v: try values["v"]?.expression(scope: scope),
      w: try values["w"]?.expression(scope: scope))
  }

  /// Formulas of the parameters, one or a list.
  func expressions(
    scope: ExpressionScope
  ) throws(EquationError) -> [Expression] {
    var result: [Expression] = []
    for value in elements { result.append(try value.expression(scope: scope)) }
    return result
  }

  /// Jumps of u and of its flux, one or a list.
  func jumps(
    scope: ExpressionScope
  ) throws(EquationError) -> [JumpExpression] {
    var result: [JumpExpression] = []
    for value in elements {
      let values = try value.mapping(
        required: ["at"], optional: ["u", "flux"])
      let zero = Expression(constant: 0)
      result.append(
        JumpExpression(
          at: try value.child("at").expression(scope: scope),
          u: try values["u"]?.expression(scope: scope) ?? zero,
          flux: try values["flux"]?.expression(scope: scope) ?? zero))
    }
    return result
  }

  func boundary(
    scope: ExpressionScope
  ) throws(EquationError) -> BoundaryExpression {
    let (kind, value) = try choice(
      of: "boundary condition",
      among: ["dirichlet", "neumann", "robin", "integral"],
      example: "a condition such as {dirichlet: 0}")
    if kind == "integral" {
      return BoundaryExpression(
        alpha: Expression(constant: 0), beta: Expression(constant: 0),
        gamma: try value.expression(scope: scope), isIntegral: true)
    }
    guard kind == "robin" else {
      let gamma = try value.expression(scope: scope)
      let isDirichlet = kind == "dirichlet"
      return BoundaryExpression(
        alpha: Expression(constant: isDirichlet ? 1 : 0),
        beta: Expression(constant: isDirichlet ? 0 : 1), gamma: gamma)
    }
    _ = try value.mapping(required: ["alpha", "beta", "gamma"])
    let boundary = BoundaryExpression(
      alpha: try value.child("alpha").expression(scope: scope),
      beta: try value.child("beta").expression(scope: scope),
      gamma: try value.child("gamma").expression(scope: scope))
    if boundary.alpha.constantZero, boundary.beta.constantZero {
      throw value.error("alpha and beta must not both be 0")
    }
    return boundary
  }
}

extension Expression {
  /// Whether the formula is 0 whatever the parameters, as far as can be told
  /// from a formula of numbers alone.
  fileprivate var constantZero: Bool {
    (try? Expression(text, scope: .constants))?.constant == 0
  }
}
