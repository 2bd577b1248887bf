import Chebyshev
import Randomness
import Tables

/// Draws an equation's samples on a Chebyshev grid, or at any points.
///
/// Sample i of seed s is a pure function of (s, i): it depends neither on the
/// samples drawn before nor on the thread. Each parameter and each field has a
/// random stream of its own, so fixing one leaves the others' draws alone;
/// fields are functions of x, the same at every number of nodes.
public struct EquationSampler: Sendable {
  /// The equation that is sampled.
  public let equation: Equation

  /// The seed of all samples.
  public let seed: UInt64

  /// Where the coefficients are evaluated, [n]: the Chebyshev–Gauss–Lobatto
  /// nodes, descending from the right end, unless points were given.
  public let nodes: [Double]

  /// The parameters' fixed values, nil where a parameter is drawn.
  private let fixed: [Double?]
  let bases: [RandomFieldBasis]
  /// The parameters and fields that the operator has, which all right-hand sides
  /// of a sample share.
  private let operatorInputs: (parameters: Set<Int>, fields: Set<Int>)
  /// Where the values of a field begin, of which its derivatives follow.
  private let firstRows: [Int]
  private let rows: Int

  /// The numbers of nodes that a sampler accepts.
  public static let nodeCounts = 3...4096

  /// Prepares the samples of `equation` at `n` nodes under `seed`.
  ///
  /// - Parameters:
  ///   - equation: what to sample.
  ///   - n: the number of nodes, from 3 to 4096.
  ///   - seed: the seed.
  ///   - overrides: values for parameters that are not to be drawn, by name.
  /// - Throws: an error that names the number of nodes or the override that
  ///   is wrong.
  public init(
    _ equation: Equation, nodes n: Int, seed: UInt64,
    overrides: [String: Double] = [:]
  ) throws(EquationError) {
    guard Self.nodeCounts.contains(n) else {
      throw EquationError(
        file: equation.path,
        message:
          "the number of nodes must be from \(Self.nodeCounts.lowerBound)"
          + " to \(Self.nodeCounts.upperBound), not \(n)")
    }
    try self.init(
      equation, points: chebpts(n, on: equation.domain), seed: seed,
      overrides: overrides)
  }

  /// Prepares the samples of `equation` at points of its domain.
  ///
  /// - Throws: an error that names the override that is wrong.
  public init(
    _ equation: Equation, points: [Double], seed: UInt64,
    overrides: [String: Double] = [:]
  ) throws(EquationError) {
    self.equation = equation
    self.seed = seed
    nodes = points
    fixed = try Self.fixedValues(equation, overrides)
    let orders = equation.coefficients.fieldOrders
    bases = equation.fields.indices.map {
      RandomFieldBasis(
        equation.fields[$0].law, nodes: points, on: equation.domain,
        order: orders[$0] ?? 0)
    }
    operatorInputs = equation.operatorInputs
    var firstRows: [Int] = []
    var rows = 0
    for index in equation.fields.indices {
      firstRows.append(rows)
      rows += 1 + (orders[index] ?? 0)
    }
    self.firstRows = firstRows
    self.rows = rows
  }

  /// The same samples at other points; what the fields are is not worked out anew.
  public func at(_ points: [Double]) -> EquationSampler {
    EquationSampler(self, points: points)
  }

  private init(_ other: EquationSampler, points: [Double]) {
    equation = other.equation
    seed = other.seed
    nodes = points
    fixed = other.fixed
    bases = other.bases.map { $0.at(points) }
    operatorInputs = other.operatorInputs
    firstRows = other.firstRows
    rows = other.rows
  }

  private static func fixedValues(
    _ equation: Equation, _ overrides: [String: Double]
  ) throws(EquationError) -> [Double?] {
    let names = equation.parameters.map(\.name)
    for (name, value) in overrides.sorted(by: { $0.key < $1.key }) {
      guard names.contains(name) else {
        let hint = suggestion(for: name, among: names)
        let all =
          names.isEmpty
          ? "; the equation has none" : "; expected \(alternatives(names))"
        throw EquationError(
          file: equation.path, key: "parameters",
          message: "unknown parameter '\(name)'" + (hint.isEmpty ? all : hint))
      }
      guard value.isFinite else {
        throw EquationError(
          file: equation.path, key: "parameters.\(name)",
          message: "expected a finite number, found \(value)")
      }
    }
    return names.map { overrides[$0] }
  }

  /// Returns the sample of this index.
  ///
  /// - Throws: an error that names the sample where K is not positive, a
  ///   coefficient is not finite or a boundary condition constrains nothing.
  public func sample(
    _ index: Int
  ) throws(EquationError) -> BoundaryValueProblem {
    var problem = BoundaryValueProblem(K: [], f: [])
    try sample(index, into: &problem)
    return problem
  }

  /// Puts the sample of this index in the place of another of the equation's,
  /// whose memory it takes over.
  ///
  /// - Throws: as ``sample(_:)`` does; what `problem` holds then is undefined.
  public func sample(
    _ index: Int, into problem: inout BoundaryValueProblem
  ) throws(EquationError) {
    try sample(index, rightHandSide: 0, into: &problem)
  }

  /// Puts a sample with another right-hand side in the place of another.
  ///
  /// The operator is the sample's own; whatever is random in f and in the values
  /// at the ends, and in nothing else, is drawn again.
  ///
  /// - Parameters:
  ///   - index: the sample.
  ///   - draw: which right-hand side; 0 is the sample's own.
  ///   - problem: receives it.
  /// - Throws: as ``sample(_:)`` does; what `problem` holds then is undefined.
  public func sample(
    _ index: Int, rightHandSide draw: Int,
    into problem: inout BoundaryValueProblem
  ) throws(EquationError) {
    if equation.isNonlinear {
      try checkIndex(index)
      throw EquationError(
        file: equation.path,
        message: "is nonlinear: a coefficient depends on u")
    }
    let other = otherSeed(draw)
    try prepare(&problem, index, other)
    evaluateCoefficients(of: &problem, other)
    try check(problem)
  }

  /// The seed of what is drawn again for another right-hand side.
  private func otherSeed(_ draw: Int) -> UInt64 {
    guard draw > 0 else { return seed }
    var random = CounterRandom(
      seed: seed, index: draw, stream: .rightHandSide)
    return random.next()
  }

  /// Draws all of a sample but its coefficients.
  func prepare(
    _ problem: inout BoundaryValueProblem, _ index: Int, _ other: UInt64? = nil
  ) throws(EquationError) {
    try checkIndex(index)
    problem.index = index
    drawParameters(index, other ?? seed, into: &problem.parameters)
    let ends = try boundary(problem.parameters, index)
    problem.left = ends.left
    problem.right = ends.right
  }

  /// The parameters of a sample.
  public func parameters(_ index: Int) throws(EquationError) -> [Double] {
    try checkIndex(index)
    var values: [Double] = []
    drawParameters(index, seed, into: &values)
    return values
  }

  private func checkIndex(_ index: Int) throws(EquationError) {
    guard index >= 0 else {
      throw EquationError(
        file: equation.path, sample: index,
        message: "a sample's index must not be negative: \(index)")
    }
  }

  /// Draws the parameters; those that the operator does not have, under a seed of
  /// their own.
  private func drawParameters(
    _ index: Int, _ other: UInt64, into values: inout [Double]
  ) {
    values.removeAll(keepingCapacity: true)
    for (j, parameter) in equation.parameters.enumerated() {
      if let value = fixed[j] {
        values.append(value)
        continue
      }
      var random = CounterRandom(
        seed: operatorInputs.parameters.contains(j) ? seed : other,
        index: index, stream: .parameter(j))
      values.append(parameter.law.draw(&random))
    }
  }

  /// Draws the fields and evaluates the formulas of the coefficients, of a
  /// nonlinear equation where the solution is a given function.
  func evaluateCoefficients(
    of problem: inout BoundaryValueProblem, _ other: UInt64? = nil,
    at solution: FunctionValues? = nil
  ) {
    withInputs(problem.index, problem.parameters, other, at: solution) {
      evaluate(&problem, with: $0)
    }
  }

  /// Evaluates the formulas of the coefficients.
  func evaluate(
    _ problem: inout BoundaryValueProblem, with inputs: FormulaInputs
  ) {
    let n = nodes.count
    func fill(_ values: inout [Double], _ expression: Expression) {
      if values.count != n { values = Array(repeating: 0, count: n) }
      values.withUnsafeMutableBufferPointer {
        guard let values = $0.baseAddress else { return }
        inputs.evaluate(expression, into: values)
      }
    }
    func fill(_ values: inout [Double]?, _ expression: Expression?) {
      guard let expression else {
        values = nil
        return
      }
      var own = values ?? []
      values = nil
      fill(&own, expression)
      values = own
    }
    let coefficients = equation.coefficients
    fill(&problem.K, coefficients.K)
    fill(&problem.f, coefficients.f)
    fill(&problem.q, coefficients.q)
    fill(&problem.v, coefficients.v)
    fill(&problem.w, coefficients.w)
  }

  /// Draws the fields of a sample, and hands out what formulas are functions of
  /// at the points.
  func withInputs(
    _ index: Int, _ parameters: [Double], _ other: UInt64? = nil,
    at solution: FunctionValues? = nil,
    _ body: (FormulaInputs) -> Void
  ) {
    withInputs(
      parameters, at: solution,
      field: { j, values in
        var random = CounterRandom(
          seed: operatorInputs.fields.contains(j) ? seed : other ?? seed,
          index: index, stream: .field(j))
        bases[j].draw(&random, into: values)
      }, body)
  }

  /// Makes the fields, and hands out what formulas are functions of at the points.
  func withInputs(
    _ parameters: [Double], at solution: FunctionValues? = nil,
    field: (Int, UnsafeMutablePointer<Double>) -> Void,
    _ body: (FormulaInputs) -> Void
  ) {
    let n = nodes.count
    withUnsafeTemporaryAllocation(of: Double.self, capacity: max(1, rows * n)) {
      guard let fields = $0.baseAddress else { return }
      for j in bases.indices { field(j, fields + firstRows[j] * n) }
      nodes.withUnsafeBufferPointer { x in
        var inputs = FormulaInputs(
          parameters: parameters, x: x, fields: fields, firstRows: firstRows)
        guard let solution else { return body(inputs) }
        solution.u.withUnsafeBufferPointer { u in
          solution.du.withUnsafeBufferPointer { du in
            inputs.u = u.baseAddress
            inputs.du = du.baseAddress
            body(inputs)
          }
        }
      }
    }
  }

  /// The values at the nodes of q, v and w where they are the same in every
  /// sample; nil where there is no such term, or where its formula has a
  /// parameter or a field that is random.
  public var sharedCoefficients: (q: [Double]?, v: [Double]?, w: [Double]?) {
    let values = zip(fixed, equation.parameters).map { fixed, parameter in
      fixed ?? parameter.law.onlyValue
    }
    let random = Set(values.indices.filter { values[$0] == nil })
    func shared(_ expression: Expression?) -> [Double]? {
      guard let expression, !expression.depends(onParameters: random) else {
        return nil
      }
      // What is random stands nowhere in the formula.
      return nodes.withUnsafeBufferPointer {
        FormulaInputs(parameters: values.map { $0 ?? .nan }, x: $0)
          .values(expression)
      }
    }
    let coefficients = equation.coefficients
    // q and w of a nonlinear equation's steps depend on where these start.
    return (
      equation.isNonlinear ? nil : shared(coefficients.q),
      shared(coefficients.v),
      equation.stepsHaveDrift && equation.isNonlinear
        ? nil : shared(coefficients.w)
    )
  }

  // MARK: Checks

  private func boundary(
    _ parameters: [Double], _ index: Int
  ) throws(EquationError) -> (
    left: BoundaryCondition, right: BoundaryCondition
  ) {
    do {
      return try equation.boundary(parameters: parameters)
    } catch {
      throw EquationError(
        file: error.file, key: error.key, sample: index,
        message: "\(error.message) (sample \(index))")
    }
  }

  func check(_ problem: BoundaryValueProblem) throws(EquationError) {
    for (name, values) in problem.coefficients {
      if let j = values.firstIndex(where: { !$0.isFinite }) {
        throw wrong(name, values[j], j, problem.index, "it must be finite")
      }
    }
    if let j = problem.K.firstIndex(where: { $0 <= 0 }) {
      throw wrong("K", problem.K[j], j, problem.index, "it must be positive")
    }
  }

  private func wrong(
    _ name: String, _ value: Double, _ node: Int, _ index: Int, _ rule: String
  ) -> EquationError {
    let detailed = NumberFormat.detailed.text
    return EquationError(
      file: equation.path, sample: index,
      message: "\(name) is \(detailed(value)) at x = \(detailed(nodes[node])) "
        + "in sample \(index); \(rule)")
  }
}
