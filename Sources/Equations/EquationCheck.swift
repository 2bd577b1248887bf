/// What a file of the test set knows of its equation's solution.
public struct EquationCheck: Sendable {
  /// Where the solution is from.
  public let source: String

  /// The values of parameters to solve for, by name.
  public let values: [(name: String, values: [Double])]

  /// Where Newton's method starts, for a nonlinear equation.
  public let initial: String?

  /// u at points, in place of a formula.
  public let points: [(x: Double, value: Double)]

  /// u′ at points.
  public let slopes: [(x: Double, value: Double)]

  /// u in formulas of x and the parameters.
  let solution: Expression?

  /// Whether u is known as a formula.
  public var hasFormula: Bool { solution != nil }
}

extension Equation {
  /// The known solution at points, for given values of the parameters.
  ///
  /// - Returns: nil if there is no formula.
  /// - Throws: an error that names a point where the formula is not finite.
  public func knownSolution(
    at x: [Double], parameters: [Double]
  ) throws(EquationError) -> [Double]? {
    guard let solution = check?.solution else { return nil }
    var values: [Double] = []
    x.withUnsafeBufferPointer {
      values = FormulaInputs(parameters: parameters, x: $0).values(solution)
    }
    if let bad = values.firstIndex(where: { !$0.isFinite }) {
      throw EquationError(
        file: path, key: "check.solution",
        message: "is \(values[bad]) at x = \(x[bad])")
    }
    return values
  }
}

extension YAMLValue {
  /// The known solution of an equation.
  func check(
    scope: ExpressionScope, on domain: ClosedRange<Double>
  ) throws(EquationError) -> EquationCheck {
    let keys = try mapping(
      required: ["source"],
      optional: ["values", "initial", "points", "slopes", "solution"])
    var values: [(name: String, values: [Double])] = []
    for (name, list) in try keys["values"]?.entries(expecting: "a mapping")
      ?? []
    {
      guard scope.parameters.contains(name) else {
        throw list.error("the equation has no such parameter")
      }
      let own = try list.numbers()
      guard !own.isEmpty else { throw list.error("expected at least a value") }
      values.append((name, own))
    }
    var exact = scope
    exact.fields = []
    guard
      keys["solution"] != nil || keys["points"] != nil || keys["slopes"] != nil
    else { throw error("expected 'solution', 'points' or 'slopes'") }
    return EquationCheck(
      source: try child("source").text(), values: values,
      initial: try keys["initial"]?.text(),
      points: try keys["points"]?.pairs(on: domain) ?? [],
      slopes: try keys["slopes"]?.pairs(on: domain) ?? [],
      solution: try keys["solution"]?.expression(scope: exact))
  }

  private func pairs(
    on domain: ClosedRange<Double>
  ) throws(EquationError) -> [(x: Double, value: Double)] {
    var result: [(x: Double, value: Double)] = []
    for element in elements {
      let pair = try element.numbers(named: ["x", "value"])
      guard domain.contains(pair[0]) else {
        throw element.error("\(pair[0]) lies outside of the domain")
      }
      result.append((pair[0], pair[1]))
    }
    guard !result.isEmpty else {
      throw error("expected a list of [x, value], at least one")
    }
    return result
  }
}
