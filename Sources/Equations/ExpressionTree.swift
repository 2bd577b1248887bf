/// What a formula says, as a tree of operations.
indirect enum ExpressionTree: Equatable, Sendable {
  case number(Double)
  /// A parameter, by its index.
  case parameter(Int)
  /// A function of x.
  case input(ExpressionInput)
  case operation(ExpressionOperation, [ExpressionTree])
}

/// A function of x that formulas are made of.
enum ExpressionInput: Hashable, Sendable {
  case x
  /// A derivative of a field, by the field's index; order 0 is the field.
  case field(Int, order: Int)
  /// The unknown function.
  case u
  /// Its derivative.
  case du
}

// MARK: What a formula depends on

extension ExpressionTree {
  /// Whether some part of the formula is like this.
  func contains(_ isLike: (ExpressionTree) -> Bool) -> Bool {
    if isLike(self) { return true }
    guard case .operation(_, let operands) = self else { return false }
    return operands.contains { $0.contains(isLike) }
  }

  /// How many operations the formula has.
  var operationCount: Int {
    guard case .operation(_, let operands) = self else { return 0 }
    return operands.reduce(1) { $0 + $1.operationCount }
  }

  /// Whether the formula varies with x.
  var isFunction: Bool {
    contains { if case .input = $0 { true } else { false } }
  }

  /// Whether the formula has the unknown function or its derivative.
  var dependsOnSolution: Bool {
    contains { $0 == .input(.u) || $0 == .input(.du) }
  }

  /// Whether the formula has the derivative of the unknown function.
  var dependsOnSlope: Bool { contains { $0 == .input(.du) } }

  /// The highest derivative of each field that the formula has, by the field's
  /// index.
  var fieldOrders: [Int: Int] {
    switch self {
    case .number, .parameter: [:]
    case .input(.field(let index, let order)): [index: order]
    case .input: [:]
    case .operation(_, let operands):
      operands.reduce(into: [:]) { $0.merge($1.fieldOrders) { max($0, $1) } }
    }
  }

  /// The functions whose changes of sign are where the formula, or a
  /// derivative of it, may jump.
  var switches: [ExpressionTree] {
    guard case .operation(let operation, let operands) = self else { return [] }
    let own: [ExpressionTree] =
      switch operation {
      case .abs: [operands[0]]
      case .less, .lessOrEqual, .greater, .greaterOrEqual, .minimum, .maximum:
        [operands[0] - operands[1]]
      case .indicator:
        [operands[0] - operands[1], operands[0] - operands[2]]
      default: []
      }
    return own.filter(\.isFunction) + operands.flatMap(\.switches)
  }

  /// c, where the formula is x − c or c − x and c is free of x.
  var offset: ExpressionTree? {
    guard case .operation(.subtract, let operands) = self else { return nil }
    let x = ExpressionTree.input(.x)
    if operands[0] == x, !operands[1].isFunction { return operands[1] }
    if operands[1] == x, !operands[0].isFunction { return operands[0] }
    return nil
  }
}

// MARK: Arithmetic that drops what is 0 or 1

extension ExpressionTree {
  private static let zero = ExpressionTree.number(0)
  private static let one = ExpressionTree.number(1)

  static func + (a: Self, b: Self) -> Self {
    if a == zero { return b }
    if b == zero { return a }
    return .operation(.add, [a, b])
  }

  static func - (a: Self, b: Self) -> Self {
    if b == zero { return a }
    if a == zero { return -b }
    return .operation(.subtract, [a, b])
  }

  static prefix func - (a: Self) -> Self {
    a == zero ? zero : .operation(.negate, [a])
  }

  static func * (a: Self, b: Self) -> Self {
    if a == zero || b == zero { return zero }
    if a == one { return b }
    if b == one { return a }
    return .operation(.multiply, [a, b])
  }

  static func / (a: Self, b: Self) -> Self {
    if a == zero { return zero }
    if b == one { return a }
    return .operation(.divide, [a, b])
  }

  private func apply(_ operation: ExpressionOperation) -> Self {
    .operation(operation, [self])
  }
}

// MARK: Derivatives

extension ExpressionTree {
  /// What a derivative is taken in.
  enum Variable {
    /// x; u depends on it.
    case x
    /// u alone.
    case u
    /// u′ alone.
    case du
  }

  /// The derivative, exact wherever there is one; between jumps, where the
  /// formula has them.
  ///
  /// - Returns: nil where it has u″.
  func derivative(in variable: Variable) -> ExpressionTree? {
    switch self {
    case .number, .parameter: return .zero
    case .input(let input): return Self.derivative(of: input, in: variable)
    case .operation(let operation, let operands):
      var slopes: [ExpressionTree] = []
      for operand in operands {
        guard let slope = operand.derivative(in: variable) else { return nil }
        slopes.append(slope)
      }
      if slopes.allSatisfy({ $0 == .zero }) { return .zero }
      return operands.count == 1
        ? Self.chain(operation, operands[0], slopes[0])
        : Self.combine(operation, operands, slopes)
    }
  }

  private static func derivative(
    of input: ExpressionInput, in variable: Variable
  ) -> ExpressionTree? {
    switch (input, variable) {
    case (.x, .x), (.u, .u), (.du, .du): one
    case (.field(let index, let order), .x):
      .input(.field(index, order: order + 1))
    case (.u, .x): .input(.du)
    case (.du, .x): nil
    default: zero
    }
  }

  /// The chain rule, a′ being the operand's derivative.
  private static func chain(
    _ operation: ExpressionOperation, _ a: Self, _ slope: Self
  ) -> Self {
    switch operation {
    case .negate: -slope
    case .abs:
      .operation(.choose, [.operation(.less, [a, zero]), -slope, slope])
    case .sqrt: slope / (.number(2) * a.apply(.sqrt))
    case .exp: slope * a.apply(.exp)
    case .log: slope / a
    case .sin: slope * a.apply(.cos)
    case .cos: -(slope * a.apply(.sin))
    case .tan: slope * (one + a.apply(.tan) * a.apply(.tan))
    case .tanh: slope * (one - a.apply(.tanh) * a.apply(.tanh))
    case .sinh: slope * a.apply(.cosh)
    case .cosh: slope * a.apply(.sinh)
    case .erf:
      slope * .number(2 / Double.pi.squareRoot()) * (-(a * a)).apply(.exp)
    default: zero
    }
  }

  private static func combine(
    _ operation: ExpressionOperation, _ operands: [Self], _ slopes: [Self]
  ) -> Self {
    let (a, b) = (operands[0], operands[1])
    let (da, db) = (slopes[0], slopes[1])
    return switch operation {
    case .add: da + db
    case .subtract: da - db
    case .multiply: da * b + a * db
    case .divide: da / b - a * db / (b * b)
    case .power where db == zero: b * power(a, b) * da
    case .power:
      .operation(.power, [a, b]) * (db * a.apply(.log) + b * da / a)
    case .minimum: .operation(.choose, [.operation(.less, [a, b]), da, db])
    case .maximum: .operation(.choose, [.operation(.greater, [a, b]), da, db])
    case .choose: .operation(.choose, [a, db, slopes[2]])
    default: zero
    }
  }

  /// a^(b − 1).
  private static func power(_ a: Self, _ b: Self) -> Self {
    switch b {
    case .number(1): one
    case .number(2): a
    case .number(let exponent):
      .operation(.power, [a, .number(exponent - 1)])
    default: .operation(.power, [a, b - one])
    }
  }
}
