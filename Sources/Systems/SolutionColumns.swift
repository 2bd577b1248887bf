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

  /// The functions as a table.
  ///
  /// - Parameters:
  ///   - points: how many evenly spaced points to resample on, through the
  ///     Chebyshev series of each function; nil takes the nodes.
  ///   - sample: a number that stands before every row; nil is none.
  /// - Returns: `sample`, `x`, and a column for each function.
  public func table(points: Int?, sample: Int? = nil) -> ResultTable {
    let (x, values) = points.map(resampled) ?? atNodes
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

  private func resampled(_ points: Int) -> (x: [Double], values: [[Double]]) {
    let width = domain.upperBound - domain.lowerBound
    let x = (0..<points).map { (index: Int) -> Double in
      index == points - 1
        ? domain.upperBound
        : domain.lowerBound + width * Double(index) / Double(points - 1)
    }
    let values = functions.map { function in
      let series = ChebyshevSeries(values: function.values, on: domain)
      return x.map { series($0) }
    }
    return (x, values)
  }
}
