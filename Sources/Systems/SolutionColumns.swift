import Chebyshev
import Equations
import Solutions
import Tables

/// The functions of a sample as columns over ascending x.
public struct SolutionColumns {
  /// The coefficients of a sample at points of its domain, from their formulas.
  public typealias Coefficients = ([Double]) throws -> BoundaryValueProblem

  private struct Function {
    let name: String
    /// At the nodes, in ascending x.
    let values: [Double]
    /// At any points.
    let resampled: ([Double]) throws -> [Double]
  }

  private let domain: ClosedRange<Double>
  private let nodes: [Double]
  private let coefficients: [Function]
  private let formulas: Coefficients?
  private var functions: [Function] = []

  /// Takes coefficients and solution at the nodes, from the right end to the
  /// left.
  ///
  /// - Parameters:
  ///   - problem: the coefficients.
  ///   - u: the solution.
  ///   - domain: the interval.
  ///   - formulas: the coefficients elsewhere; without them they are the
  ///     polynomials through their values at the nodes.
  public init(
    _ problem: BoundaryValueProblem, u: [Double],
    on domain: ClosedRange<Double>, formulas: Coefficients? = nil
  ) {
    self.domain = domain
    self.formulas = formulas
    nodes = chebpts(u.count, on: domain).reversed()
    coefficients = problem.coefficients.map {
      Self.polynomial($0.name, $0.values, on: domain)
    }
    add("u", u)
  }

  /// Takes a solution in pieces and the coefficients' formulas.
  ///
  /// - Throws: what the formulas throw.
  public init(
    _ u: PiecewiseSolution, on domain: ClosedRange<Double>,
    formulas: @escaping Coefficients
  ) throws {
    self.domain = domain
    self.formulas = formulas
    // What two pieces share is a row once.
    nodes = u.pieces.enumerated().flatMap { index, piece in
      chebpts(piece.values.count, on: piece.domain).reversed()
        .dropFirst(index == 0 ? 0 : 1)
    }
    coefficients = try formulas(nodes).coefficients.map { name, values in
      Function(name: name, values: values) { _ in [] }
    }
    functions = [
      Function(name: "u", values: u(nodes)) { u($0) }
    ]
  }

  /// Adds a function given at the nodes, from the right end to the left.
  public mutating func add(_ name: String, _ values: [Double]) {
    functions.append(Self.polynomial(name, values, on: domain))
  }

  private static func polynomial(
    _ name: String, _ values: [Double], on domain: ClosedRange<Double>
  ) -> Function {
    Function(name: name, values: values.reversed()) { points in
      let series = try ChebyshevSeries(values: values, on: domain)
      return points.map { series($0) }
    }
  }

  /// Hands out the functions as a table, a block of rows at a time.
  ///
  /// - Parameters:
  ///   - points: as in ``table(points:sample:)``.
  ///   - sample: as there.
  ///   - body: receives each block, with the columns of all.
  /// - Throws: `TransformFailure`, what `body` throws.
  public func forEachBlock(
    points: Int?, sample: Int? = nil, _ body: (ResultTable) throws -> Void
  ) throws {
    guard let points else {
      return try body(table(points: nil, sample: sample))
    }
    for first in stride(from: 0, to: points, by: Self.block) {
      let rows = first..<min(first + Self.block, points)
      try body(table(resampled(points, rows), sample: sample))
    }
  }

  /// Rows in memory at a time.
  private static let block = 4096

  /// The functions as a table.
  ///
  /// - Parameters:
  ///   - points: how many evenly spaced points to resample on; nil takes the
  ///     nodes.
  ///   - sample: a number that stands before every row; nil is none.
  /// - Returns: `sample`, `x`, and a column for each function.
  /// - Throws: `TransformFailure`.
  public func table(points: Int?, sample: Int? = nil) throws -> ResultTable {
    guard let points else {
      return table(
        (nodes, (coefficients + functions).map(\.values)), sample: sample)
    }
    return table(try resampled(points, 0..<points), sample: sample)
  }

  private func table(
    _ content: (x: [Double], values: [[Double]]), sample: Int?
  ) -> ResultTable {
    let (x, values) = content
    let names = ["x"] + (coefficients + functions).map(\.name)
    var table = ResultTable(
      columns: (sample.map { _ in [ResultColumn("sample")] } ?? [])
        + names.map { ResultColumn($0, format: .exact) })
    for row in x.indices {
      table.add(
        (sample.map { [Cell.integer($0)] } ?? []) + [.number(x[row])]
          + values.map { .number($0[row]) })
    }
    return table
  }

  /// Some of so many evenly spaced points, and the functions there.
  private func resampled(
    _ points: Int, _ rows: Range<Int>
  ) throws -> (x: [Double], values: [[Double]]) {
    let width = domain.upperBound - domain.lowerBound
    let x = rows.map { (index: Int) -> Double in
      index == points - 1
        ? domain.upperBound
        : domain.lowerBound + width * Double(index) / Double(points - 1)
    }
    let own =
      try formulas.map { try $0(x).coefficients.map(\.values) }
      ?? coefficients.map { try $0.resampled(x) }
    return (x, own + (try functions.map { try $0.resampled(x) }))
  }
}
