import TestSupport

/// Writes formulas and equation files by their grammar, most of them valid.
struct FuzzGrammar {
  var random: FuzzRandom

  /// A formula or an equation file.
  mutating func input() -> FuzzInput {
    random.once(in: 2)
      ? FuzzInput(.formula, formula(6)) : FuzzInput(.equation, equation())
  }

  // MARK: Formulas

  private mutating func formula(_ depth: Int, names: [String] = Self.names)
    -> String
  {
    guard depth > 0, !random.once(in: 5) else { return atom(names) }
    func part() -> String { formula(depth - 1, names: names) }
    switch random.below(12) {
    case 0...5:
      let space = random.once(in: 3) ? "" : " "
      return part() + space + random.pick(["+", "-", "*", "/", "^"]) + space
        + part()
    case 6: return "(" + part() + ")"
    case 7: return random.pick(["-", "+", "--", "- +"]) + part()
    case 8:
      return "(" + part() + random.pick([" < ", " <= ", " > ", " >= "]) + part()
        + ")"
    case 9:
      return random.pick([
        "abs", "sqrt", "exp", "log", "sin", "cos", "tan", "tanh", "sinh",
        "cosh",
      ]) + "(" + part() + ")"
    case 10: return random.pick(["min", "max"]) + "(\(part()), \(part()))"
    default:
      return random.once(in: 2)
        ? "where(\(part()), \(part()), \(part()))"
        : "indicator(\(part()), \(part()))"
    }
  }

  private static let names = ["x", "a", "b", "r", "pi"]

  private mutating func atom(_ names: [String]) -> String {
    if random.once(in: 2) { return random.pick(names) }
    return random.once(in: 12)
      ? random.pick(["1e308", "1e-308", "1e400", ".5", "1.", "1e", "0x1", "π"])
      : number()
  }

  private mutating func number() -> String {
    let value = Double(random.below(2001) - 1000) / random.pick([1, 100, 1000])
    return random.once(in: 8) ? "\(value)e\(random.below(40) - 20)" : "\(value)"
  }

  // MARK: Equations

  private mutating func equation() -> String {
    let parameters = ["a", "b"].filter { _ in !random.once(in: 8) }
    let fields = random.once(in: 2) ? ["r"] : []
    let all = parameters + fields + ["x", "pi"]
    var coefficients = [
      "K: " + (random.once(in: 2) ? "1 + (\(formula(2, names: all)))^2" : "2"),
      "f: " + formula(3, names: all),
    ]
    for name in ["q", "v", "w"] where random.once(in: 3) {
      coefficients.append("\(name): " + formula(3, names: all))
    }
    let laws = parameters.map { "\($0): \(law())" }
    let left = condition(parameters + ["pi"])
    let right = condition(parameters + ["pi"])
    return equationText(
      domain: random.once(in: 3)
        ? "[\(number()), \(number())]" : "[0, \(1 + random.below(9))]",
      parameters: laws,
      fields: fields.map {
        "\($0): {\(random.pick(["gaussian", "log-gaussian"])): "
          + "{sigma: \(0.1 + Double(random.below(50)) / 10), "
          + "length: \(0.05 + Double(random.below(50)) / 10)}}"
      },
      coefficients: coefficients, left: left, right: right)
  }

  private mutating func condition(_ names: [String]) -> String {
    let value = formula(2, names: names)
    switch random.below(4) {
    case 0: return "{neumann: \"\(value)\"}"
    case 1: return "{robin: {alpha: \"\(value)\", beta: 1, gamma: 0}}"
    default: return "{dirichlet: \"\(value)\"}"
    }
  }

  private mutating func law() -> String {
    let (a, b) = (number(), number())
    switch random.below(6) {
    case 0: return "{uniform: [\(a), \(b)]}"
    case 1: return "{normal: [\(a), \(b)]}"
    case 2: return "{log-uniform: [\(a), \(b)]}"
    case 3: return "{choice: [\(a), \(b), 1]}"
    case 4: return a
    default: return "{uniform: [0, 1]}"
    }
  }
}
