import Foundation

extension EquationSampler {
  /// Where coefficients of a sample jump or have a kink, or u itself jumps.
  ///
  /// Those of the coefficients are found from the formulas: where a comparison,
  /// `indicator`, `abs`, `min` or `max` switches. A comparison of `x` with
  /// something free of `x` is solved exactly; other changes of sign are looked
  /// for between 2,049 points and bisected. Those of the keys `breakpoints` and
  /// `jump` are added.
  ///
  /// - Parameter index: the sample.
  /// - Returns: the breakpoints inside of the domain, ascending.
  /// - Throws: an error that names the sample if it cannot be drawn, or a jump
  ///   that lies outside of the domain.
  public func breakpoints(_ index: Int) throws(EquationError) -> [Breakpoint] {
    let parameters = try parameters(index)
    var found: [Breakpoint] = []
    for jump in equation.jumps {
      found.append(
        Breakpoint(
          x: jump.at.value(parameters: parameters),
          jump: jump.u.value(parameters: parameters),
          fluxJump: jump.flux.value(parameters: parameters)))
    }
    let own = inside(found)
    guard own.count == found.count,
      found.allSatisfy({ $0.jump.isFinite && $0.fluxJump.isFinite })
    else {
      throw EquationError(
        file: equation.path, key: "jump", sample: index,
        message:
          "every jump must be finite and at a point of its own inside of "
          + "the domain (sample \(index))")
    }
    found += equation.breakpoints.map {
      Breakpoint(x: $0.value(parameters: parameters))
    }
    let switches = equation.coefficients.all.flatMap {
      $0.expression.tree.switches
    }
    for function in switches where !function.dependsOnSolution {
      if let offset = function.offset {
        let x = Expression(offset, parameters: parameters.count)
          .value(parameters: parameters)
        found.append(Breakpoint(x: x))
      } else {
        let x = try signChanges(
          Expression(function, parameters: parameters.count), index, parameters)
        found += x.map { Breakpoint(x: $0) }
      }
    }
    return inside(found)
  }

  /// Those inside of the domain, ascending; of some at one point the first.
  private func inside(_ points: [Breakpoint]) -> [Breakpoint] {
    let domain = equation.domain
    let least = 1e-12 * (domain.upperBound - domain.lowerBound)
    var result: [Breakpoint] = []
    for point in points
    where point.x - domain.lowerBound > least
      && domain.upperBound - point.x > least
      && !result.contains(where: { abs($0.x - point.x) <= least })
    {
      result.append(point)
    }
    return result.sorted { $0.x < $1.x }
  }

  private func signChanges(
    _ function: Expression, _ index: Int, _ parameters: [Double]
  ) throws(EquationError) -> [Double] {
    let domain = equation.domain
    let width = domain.upperBound - domain.lowerBound
    /// The function at `count` + 1 points of an interval.
    func values(_ low: Double, _ high: Double, _ count: Int)
      throws(EquationError) -> (x: [Double], values: [Double])
    {
      let x = (0...count).map {
        low + (high - low) * Double($0) / Double(count)
      }
      let sampler = try EquationSampler(equation, points: x, seed: seed)
      var values = [Double](repeating: 0, count: x.count)
      sampler.evaluate(function, index, parameters, into: &values)
      return (x, values)
    }
    /// The intervals at whose ends the signs differ.
    func brackets(_ x: [Double], _ values: [Double]) -> [Range<Int>] {
      (1..<x.count).filter {
        (values[$0 - 1] < 0) != (values[$0] < 0)
      }.map { $0 - 1..<$0 }
    }
    let (x, coarse) = try values(domain.lowerBound, domain.upperBound, 2048)
    var result: [Double] = []
    for bracket in brackets(x, coarse) {
      var (low, high) = (x[bracket.lowerBound], x[bracket.upperBound])
      while high - low > 4 * .ulpOfOne * max(abs(low), abs(high), width) {
        let (finer, signs) = try values(low, high, 32)
        guard let first = brackets(finer, signs).first else { break }
        let (a, b) = (finer[first.lowerBound], finer[first.upperBound])
        if a == low, b == high { break }
        (low, high) = (a, b)
      }
      result.append(0.5 * (low + high))
    }
    return result
  }

  /// The values at the points of a formula of x, the parameters and the fields.
  ///
  /// - Throws: an error that says what is wrong with the formula, or that it is
  ///   not finite.
  public func values(
    ofFormula text: String, _ index: Int
  ) throws(EquationError) -> [Double] {
    let scope = ExpressionScope(
      parameters: equation.parameters.map(\.name),
      fields: equation.fields.map(\.name), hasX: true)
    let expression: Expression
    do {
      expression = try Expression(text, scope: scope)
    } catch {
      throw EquationError(file: "'\(text)'", message: error.message)
    }
    guard expression.tree.fieldOrders.values.allSatisfy({ $0 == 0 }) else {
      throw EquationError(
        file: "'\(text)'", message: "has a derivative of a field")
    }
    var values = [Double](repeating: 0, count: nodes.count)
    evaluate(expression, index, try parameters(index), into: &values)
    guard values.allSatisfy(\.isFinite) else {
      throw EquationError(
        file: "'\(text)'", message: "is not finite everywhere on the domain")
    }
    return values
  }

  /// Writes a formula's values in a sample at the points, [n].
  func evaluate(
    _ expression: Expression, _ index: Int, _ parameters: [Double],
    into values: UnsafeMutablePointer<Double>
  ) {
    withFields(index) { fields in
      nodes.withUnsafeBufferPointer { nodes in
        FormulaInputs(
          parameters: parameters, x: nodes, fields: fields,
          firstRows: firstRows
        ).evaluate(expression, into: values)
      }
    }
  }
}
