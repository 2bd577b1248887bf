import Foundation

extension EquationSampler {
  /// Where coefficients of a sample jump or have a kink, or u itself jumps.
  ///
  /// Those of the coefficients are found from the formulas: where a comparison,
  /// `indicator`, `abs`, `min` or `max` switches. A comparison of `x` with
  /// something free of `x` is solved exactly; other changes of sign are looked
  /// for between 2,049 points, and, unless a field is compared, between two of
  /// them wherever interval arithmetic does not rule them out. Those of the keys
  /// `breakpoints` and `jump` are added.
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
    for (number, expression) in equation.breakpoints.enumerated() {
      let x = expression.value(parameters: parameters)
      guard x.isFinite else {
        throw EquationError(
          file: equation.path, key: "breakpoints[\(number)]", sample: index,
          message: "'\(expression.text)' is \(x) (sample \(index))")
      }
      found.append(Breakpoint(x: x))
    }
    let switches = equation.coefficients.all.flatMap {
      $0.expression.tree.switches
    }.filter { !$0.dependsOnSolution }
    found += switches.compactMap(\.offset).map {
      Breakpoint(
        x: Expression($0, parameters: parameters.count)
          .value(parameters: parameters))
    }
    // What is near a point that is known, abs(x - c) < h, may be very near.
    let known = found.map(\.x).filter(equation.domain.contains)
    for function in switches where function.offset == nil {
      let x = signChanges(
        Expression(function, parameters: parameters.count), index, parameters,
        near: known)
      found += x.map { Breakpoint(x: $0) }
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
    _ function: Expression, _ index: Int, _ parameters: [Double],
    near known: [Double]
  ) -> [Double] {
    let domain = equation.domain
    let width = domain.upperBound - domain.lowerBound
    var ends = [domain.lowerBound, domain.upperBound]
    for x in known {
      let steps = (1...20).map { width * exp2(-2 * Double($0)) }
      ends += [x] + steps.map { x - $0 } + steps.map { x + $0 }
    }
    ends = ends.filter(domain.contains).sorted()
    let intervals = zip(ends, ends.dropFirst()).filter { $0 < $1 }
      .map { $0...$1 }
    var (found, others) = neighbours(
      function, index, parameters, intervals, max(16, 2048 / intervals.count))
    if function.tree.fieldOrders.isEmpty {
      found += hidden(function, index, parameters, in: others)
    }
    guard !found.isEmpty else { return [] }
    // 32¹⁰ is as fine as the numbers are.
    for _ in 0..<10 {
      found = found.map { interval in
        neighbours(function, index, parameters, [interval], 32).changing.first
          ?? interval
      }
    }
    return found.map {
      let x = 0.5 * ($0.lowerBound + $0.upperBound)
      return abs(x) < 1e-15 * width ? 0 : x
    }
  }

  /// The neighbours among evenly spaced points of each interval, `count` + 1 of
  /// them, between which a function changes sign, and the others.
  private func neighbours(
    _ function: Expression, _ index: Int, _ parameters: [Double],
    _ intervals: [ClosedRange<Double>], _ count: Int
  ) -> (changing: [ClosedRange<Double>], others: [ClosedRange<Double>]) {
    let x = intervals.flatMap { interval in
      (0...count).map {
        interval.lowerBound + (interval.upperBound - interval.lowerBound)
          * (Double($0) / Double(count))
      }
    }
    let values = values(function, index, parameters, at: x)
    var (changing, others): ([ClosedRange<Double>], [ClosedRange<Double>]) =
      ([], [])
    for place in x.indices.dropLast() where place % (count + 1) < count {
      let pair = x[place]...max(x[place], x[place + 1])
      if (values[place] < 0) != (values[place + 1] < 0) {
        changing.append(pair)
      } else {
        others.append(pair)
      }
    }
    return (changing, others)
  }

  /// Changes of sign inside of intervals at whose ends a function has one sign:
  /// they are halved until interval arithmetic rules out that it has a zero, or
  /// that it turns.
  private func hidden(
    _ function: Expression, _ index: Int, _ parameters: [Double],
    in intervals: [ClosedRange<Double>]
  ) -> [ClosedRange<Double>] {
    let slope = function.tree.derivative(in: .x)
    let least =
      1e-14 * (equation.domain.upperBound - equation.domain.lowerBound)
    /// Whether it may have two zeros between two numbers.
    func mayTurn(_ interval: ClosedRange<Double>) -> Bool {
      let x = Interval(interval.lowerBound, interval.upperBound)
      return function.tree.values(x, parameters: parameters).contains(0)
        && slope?.values(x, parameters: parameters).contains(0) ?? true
    }
    var found: [ClosedRange<Double>] = []
    var pending = intervals
    // What is on or near a zero over whole stretches cannot be ruled out.
    var looks = 0
    while let interval = pending.popLast(), looks < Self.mostHalvings {
      looks += 1
      guard interval.upperBound - interval.lowerBound > least,
        mayTurn(interval)
      else { continue }
      let (changing, others) = neighbours(
        function, index, parameters, [interval], 2)
      found += changing
      pending += others
    }
    return found
  }

  /// How many intervals are looked at for changes of sign between the points.
  private static let mostHalvings = 16_384

  /// The values of a function of x, the parameters and the fields at points.
  private func values(
    _ function: Expression, _ index: Int, _ parameters: [Double],
    at x: [Double]
  ) -> [Double] {
    guard function.tree.fieldOrders.isEmpty else {
      var values = [Double](repeating: 0, count: x.count)
      at(x).evaluate(function, index, parameters, into: &values)
      return values
    }
    return x.withUnsafeBufferPointer {
      FormulaInputs(parameters: parameters, x: $0).values(function)
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
    withInputs(index, parameters) { $0.evaluate(expression, into: values) }
  }
}
