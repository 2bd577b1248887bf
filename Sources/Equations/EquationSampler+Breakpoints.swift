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

  /// Where a function changes sign, all changes narrowed down at once.
  private func signChanges(
    _ function: Expression, _ index: Int, _ parameters: [Double]
  ) throws(EquationError) -> [Double] {
    let domain = equation.domain
    let width = domain.upperBound - domain.lowerBound
    /// Of evenly spaced points of each interval the neighbours between which the
    /// sign changes first.
    func brackets(
      _ intervals: [ClosedRange<Double>], _ count: Int, all: Bool
    ) throws(EquationError) -> [ClosedRange<Double>] {
      let x = intervals.flatMap { interval in
        (0...count).map {
          interval.lowerBound + (interval.upperBound - interval.lowerBound)
            * (Double($0) / Double(count))
        }
      }
      let sampler = try EquationSampler(equation, points: x, seed: seed)
      var values = [Double](repeating: 0, count: x.count)
      sampler.evaluate(function, index, parameters, into: &values)
      var result: [ClosedRange<Double>] = []
      for (number, interval) in intervals.enumerated() {
        let first = number * (count + 1)
        let changes = (first..<first + count).filter {
          (values[$0] < 0) != (values[$0 + 1] < 0)
        }.map { x[$0]...max(x[$0], x[$0 + 1]) }
        result += all ? changes : [changes.first ?? interval]
      }
      return result
    }
    var found = try brackets([domain], 2048, all: true)
    guard !found.isEmpty else { return [] }
    // 32⁹ is as fine as the numbers are.
    for _ in 0..<9 { found = try brackets(found, 32, all: false) }
    return found.map {
      let x = 0.5 * ($0.lowerBound + $0.upperBound)
      return abs(x) < 1e-15 * width ? 0 : x
    }
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
