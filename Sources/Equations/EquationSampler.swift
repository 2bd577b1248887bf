import Chebyshev
import Randomness
import Tables

/// Draws an equation's samples on a Chebyshev grid.
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

  /// The Chebyshev–Gauss–Lobatto nodes, descending from the right end, [n].
  public let nodes: [Double]

  /// The parameters' fixed values, nil where a parameter is drawn.
  private let fixed: [Double?]
  private let bases: [RandomFieldBasis]

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
    self.equation = equation
    self.seed = seed
    nodes = chebpts(n, on: equation.domain)
    fixed = try Self.fixedValues(equation, overrides)
    let nodes = nodes
    bases = equation.fields.map {
      RandomFieldBasis($0.law, nodes: nodes, on: equation.domain)
    }
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
    guard index >= 0 else {
      throw EquationError(
        file: equation.path, sample: index,
        message: "a sample's index must not be negative: \(index)")
    }
    problem.index = index
    drawParameters(index, into: &problem.parameters)
    let ends = try boundary(problem.parameters, index)
    problem.left = ends.left
    problem.right = ends.right
    evaluateCoefficients(of: &problem)
    try check(problem)
  }

  private func drawParameters(_ index: Int, into values: inout [Double]) {
    values.removeAll(keepingCapacity: true)
    for (j, parameter) in equation.parameters.enumerated() {
      if let value = fixed[j] {
        values.append(value)
        continue
      }
      var random = CounterRandom(
        seed: seed, index: index, stream: .parameter(j))
      values.append(parameter.law.draw(&random))
    }
  }

  /// Draws the fields and evaluates the formulas of K, f, q and v.
  private func evaluateCoefficients(of problem: inout BoundaryValueProblem) {
    let n = nodes.count
    withUnsafeTemporaryAllocation(
      of: Double.self, capacity: max(1, bases.count * n)
    ) { fields in
      guard let fields = fields.baseAddress else { return }
      for (j, basis) in bases.enumerated() {
        var random = CounterRandom(
          seed: seed, index: problem.index, stream: .field(j))
        basis.draw(&random, into: fields + j * n)
      }
      let parameters = problem.parameters
      func fill(_ values: inout [Double], _ expression: Expression) {
        if values.count != n { values = Array(repeating: 0, count: n) }
        values.withUnsafeMutableBufferPointer {
          guard let values = $0.baseAddress else { return }
          expression.evaluate(
            parameters: parameters, x: nodes, fields: fields, count: n,
            into: values)
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
      fill(&problem.K, equation.coefficients.K)
      fill(&problem.f, equation.coefficients.f)
      fill(&problem.q, equation.coefficients.q)
      fill(&problem.v, equation.coefficients.v)
    }
  }

  /// The values at the nodes of q and v where they are the same in every
  /// sample; nil where there is no such term, or where its formula has a
  /// parameter or a field that is random.
  public var sharedCoefficients: (q: [Double]?, v: [Double]?) {
    let values = zip(fixed, equation.parameters).map { fixed, parameter in
      fixed ?? parameter.law.onlyValue
    }
    let random = Set(values.indices.filter { values[$0] == nil })
    func shared(_ expression: Expression?) -> [Double]? {
      guard let expression, !expression.depends(onParameters: random) else {
        return nil
      }
      var result = [Double](repeating: 0, count: nodes.count)
      // What is random stands nowhere in the formula.
      expression.evaluate(
        parameters: values.map { $0 ?? .nan }, x: nodes, fields: nil,
        count: nodes.count, into: &result)
      return result
    }
    return (
      shared(equation.coefficients.q), shared(equation.coefficients.v)
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

  private func check(_ problem: BoundaryValueProblem) throws(EquationError) {
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
