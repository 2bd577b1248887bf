import Chebyshev
import Foundation

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

  private static let parameterStream: UInt32 = 0
  private static let fieldStream: UInt32 = 0x2000_0000

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
    guard index >= 0 else {
      throw EquationError(
        file: equation.path, sample: index,
        message: "a sample's index must not be negative: \(index)")
    }
    let parameters = drawParameters(index)
    let fields = drawFields(index)
    func values(_ expression: Expression) -> [Double] {
      [Double](unsafeUninitializedCapacity: nodes.count) { values, count in
        guard let values = values.baseAddress else { return }
        expression.evaluate(
          parameters: parameters, x: nodes, fields: fields,
          count: nodes.count, into: values)
        count = nodes.count
      }
    }
    let coefficients = equation.coefficients
    let boundary = try boundary(parameters, index)
    let problem = BoundaryValueProblem(
      index: index, parameters: parameters, K: values(coefficients.K),
      f: values(coefficients.f), q: coefficients.q.map(values),
      v: coefficients.v.map(values), left: boundary.left,
      right: boundary.right)
    try check(problem)
    return problem
  }

  private func drawParameters(_ index: Int) -> [Double] {
    equation.parameters.indices.map { j in
      if let value = fixed[j] { return value }
      var random = CounterRandom(
        seed: seed, index: UInt64(index),
        stream: Self.parameterStream + UInt32(j))
      return equation.parameters[j].law.draw(&random)
    }
  }

  /// Returns the fields' values at the nodes, [fields, n].
  private func drawFields(_ index: Int) -> [Double] {
    let n = nodes.count
    return [Double](unsafeUninitializedCapacity: bases.count * n) {
      values, count in
      guard let values = values.baseAddress else { return }
      for (j, basis) in bases.enumerated() {
        var random = CounterRandom(
          seed: seed, index: UInt64(index),
          stream: Self.fieldStream + UInt32(j))
        basis.draw(&random, into: values + j * n)
      }
      count = bases.count * n
    }
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
    let coefficients = [
      ("K", problem.K), ("f", problem.f), ("q", problem.q ?? []),
      ("v", problem.v ?? []),
    ]
    for (name, values) in coefficients {
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
    EquationError(
      file: equation.path, sample: index,
      message: "\(name) is \(rounded(value)) at x = \(rounded(nodes[node])) in "
        + "sample \(index); \(rule)")
  }
}

/// Returns `value` to six digits, for messages.
func rounded(_ value: Double) -> String {
  // C prints the sign of a NaN, which means nothing to a reader.
  value.isNaN ? "nan" : String(format: "%.6g", value)
}
