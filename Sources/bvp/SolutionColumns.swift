import Chebyshev
import Equations

/// The functions of a sample as columns over ascending x.
struct SolutionColumns {
  private let domain: ClosedRange<Double>
  private var columns: [(name: String, values: [Double])]

  /// Takes coefficients and solution at the nodes, from the right end to the
  /// left.
  init(
    _ problem: BoundaryValueProblem, u: [Double], on domain: ClosedRange<Double>
  ) {
    self.domain = domain
    columns = [("K", problem.K), ("f", problem.f)]
    if let q = problem.q { columns.append(("q", q)) }
    if let v = problem.v { columns.append(("v", v)) }
    columns.append(("u", u))
  }

  /// Adds a function given at the nodes.
  mutating func add(_ name: String, _ values: [Double]) {
    columns.append((name, values))
  }

  /// `x` and the functions' names.
  var header: String { "x," + columns.map(\.name).joined(separator: ",") }

  /// The rows as CSV: at the nodes, or at `points` evenly spaced points
  /// through the Chebyshev series of each function.
  func rows(points: Int?) -> [String] {
    let n = columns[0].values.count
    let x: [Double]
    let values: [[Double]]
    if let points {
      let width = domain.upperBound - domain.lowerBound
      x = (0..<points).map { index in
        index == points - 1
          ? domain.upperBound
          : domain.lowerBound + width * Double(index) / Double(points - 1)
      }
      values = columns.map { column in
        let series = ChebyshevSeries(values: column.values, on: domain)
        return x.map { series($0) }
      }
    } else {
      x = chebpts(n, on: domain).reversed()
      values = columns.map { $0.values.reversed() }
    }
    return x.indices.map { row in
      ([x[row]] + values.map { $0[row] }).map(csvNumber).joined(separator: ",")
    }
  }
}
