import Chebyshev
import Equations
import Foundation
import Solutions
import Tables

/// Solves an equation whose solution is known, and compares.
public struct EquationTest: Sendable {
  public let equation: Equation
  public let tolerance: Double

  public init(_ equation: Equation, tolerance: Double) {
    self.equation = equation
    self.tolerance = tolerance
  }

  /// What a solution turned out to be.
  public enum Verdict: String, Sendable {
    /// Within the tolerance, as it was said.
    case right
    /// Not within the tolerance, as it was said.
    case warned
    /// Refused, with a reason.
    case refused
    /// Not within the tolerance, without a word.
    case wrong
  }

  /// A row of the table.
  public struct Row: ResultRow, Sendable {
    public var problem = ""
    /// The values of parameters, such as `eps = 0.01`.
    public var values = ""
    public var nodes: Int?
    /// The largest error over the largest |u|.
    public var error: Double?
    /// What the solver says of it.
    public var estimate: Double?
    public var verdict = ""
    public var milliseconds = 0.0

    public init() {}

    public static var fields: [ResultField<Row>] {
      [
        .column("problem", \.problem), .column("values", \.values),
        .column("nodes", \.nodes), .column("error", \.error),
        .column("estimate", \.estimate), .column("verdict", \.verdict),
        .column("milliseconds", \.milliseconds, heading: "ms"),
      ]
    }
  }

  /// Solves for every combination of the parameters' values.
  ///
  /// - Parameter report: receives each row as it is done.
  /// - Throws: `EquationError` for an equation without a known solution.
  public func run(_ report: (Row) throws -> Void) throws {
    guard let check = equation.check else {
      throw EquationError(
        file: equation.path, key: "check",
        message: "the key is missing: the file does not say what the solution "
          + "is")
    }
    var cases: [[String: Double]] = [[:]]
    for (name, values) in check.values {
      cases = cases.flatMap { old in
        values.map { old.merging([name: $0]) { $1 } }
      }
    }
    for values in cases { try report(try row(values, check)) }
  }

  private func row(
    _ values: [String: Double], _ check: EquationCheck
  ) throws -> Row {
    var row = Row()
    row.problem = equation.name
    row.values = values.sorted { $0.key < $1.key }
      .map { "\($0.key) = \(NumberFormat.detailed.text($0.value))" }
      .joined(separator: ", ")
    let begin = Date()
    let answer: AdaptiveSolver.Answer
    do {
      answer = try solve(values, check)
    } catch let error where error is SingularProblem || error is NewtonFailure {
      row.verdict = Verdict.refused.rawValue
      return row
    }
    row.milliseconds = 1e3 * Date().timeIntervalSince(begin)
    let error = try self.error(of: answer.u, values, check)
    row.nodes = answer.u.nodes
    row.error = error
    row.estimate = answer.error
    let isRight = error <= max(tolerance, check.hasFormula ? 0 : 1e-9)
    row.verdict =
      (isRight ? Verdict.right : answer.isResolved ? .wrong : .warned).rawValue
    return row
  }

  private func solve(
    _ values: [String: Double], _ check: EquationCheck
  ) throws -> AdaptiveSolver.Answer {
    guard equation.isNonlinear else {
      return try AdaptiveSolver(tolerance: tolerance).solve(
        ContinuousProblem(equation, seed: 0, index: 0, overrides: values))
    }
    let solver = NonlinearSolver(
      equation, seed: 0, index: 0, overrides: values, tolerance: tolerance)
    return try solver.solve(from: solver.start(check.initial ?? "0")) { _ in }
      .answer
  }

  /// The largest error over the largest |u|, between the solution's nodes and at
  /// a thousand points of the domain.
  private func error(
    of u: PiecewiseSolution, _ values: [String: Double], _ check: EquationCheck
  ) throws -> Double {
    let domain = equation.domain
    let width = domain.upperBound - domain.lowerBound
    // None of these is a breakpoint.
    var x = (0..<1000).map { (index: Int) -> Double in
      domain.lowerBound + width * (Double(index) + 0.5) / 1000
    }
    for piece in u.pieces {
      let nodes = chebpts(piece.values.count, on: piece.domain)
      for (a, b) in zip(nodes, nodes.dropFirst()) { x.append(0.5 * (a + b)) }
    }
    let parameters = try EquationSampler(
      equation, points: [], seed: 0, overrides: values
    ).parameters(0)
    var largest = 0.0
    if let known = try equation.knownSolution(at: x, parameters: parameters) {
      for (a, b) in zip(u(x), known) {
        largest = max(largest, Swift.abs(a - b))
      }
    }
    for (x, value) in check.points {
      largest = max(largest, Swift.abs(u([x])[0] - value))
    }
    var slopes = 0.0
    for (x, value) in check.slopes {
      slopes = max(slopes, Swift.abs(u.derivative([x])[0] / value - 1))
    }
    return max(u.scale > 0 ? largest / u.scale : largest, slopes)
  }
}
