import Chebyshev
import Equations
import Tables

/// The functions of a sample as columns over ascending x.
public struct SolutionColumns: Sendable {
  private let domain: ClosedRange<Double>
  private var functions: [(name: String, values: [Double])]

  /// Takes coefficients and solution at the nodes, from the right end to the
  /// left.
  public init(
    _ problem: BoundaryValueProblem, u: [Double], on domain: ClosedRange<Double>
  ) {
    self.domain = domain
    functions = problem.coefficients + [("u", u)]
  }

  /// Adds a function given at the nodes.
  public mutating func add(_ name: String, _ values: [Double]) {
    functions.append((name, values))
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
    let series = try series()
    for first in stride(from: 0, to: points, by: Self.block) {
      let rows = first..<min(first + Self.block, points)
      try body(table(resampled(series, points, rows), sample: sample))
    }
  }

  /// Rows in memory at a time.
  private static let block = 4096

  /// The functions as a table.
  ///
  /// - Parameters:
  ///   - points: how many evenly spaced points to resample on, through the
  ///     Chebyshev series of each function; nil takes the nodes.
  ///   - sample: a number that stands before every row; nil is none.
  /// - Returns: `sample`, `x`, and a column for each function.
  /// - Throws: `TransformFailure`.
  public func table(points: Int?, sample: Int? = nil) throws -> ResultTable {
    guard let points else { return table(atNodes, sample: sample) }
    return table(
      resampled(try series(), points, 0..<points), sample: sample)
  }

  private func table(
    _ content: (x: [Double], values: [[Double]]), sample: Int?
  ) -> ResultTable {
    let (x, values) = content
    let names = ["x"] + functions.map(\.name)
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

  private var atNodes: (x: [Double], values: [[Double]]) {
    let n = functions[0].values.count
    return (
      chebpts(n, on: domain).reversed(), functions.map { $0.values.reversed() }
    )
  }

  private func series() throws -> [ChebyshevSeries] {
    try functions.map { try ChebyshevSeries(values: $0.values, on: domain) }
  }

  /// Some of so many evenly spaced points, and the functions there.
  private func resampled(
    _ series: [ChebyshevSeries], _ points: Int, _ rows: Range<Int>
  ) -> (x: [Double], values: [[Double]]) {
    let width = domain.upperBound - domain.lowerBound
    let x = rows.map { (index: Int) -> Double in
      index == points - 1
        ? domain.upperBound
        : domain.lowerBound + width * Double(index) / Double(points - 1)
    }
    return (x, series.map { series in x.map { series($0) } })
  }
}
