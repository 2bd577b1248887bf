import Equations
import TensorFiles

/// Consecutive samples on their way to a file.
final class SampleBlock {
  private let layout: DatasetLayout
  /// Their indices.
  private let samples: Range<Int>
  /// Their rows in the file.
  private let rows: Range<Int>
  private let source: any RowSource
  /// The tensors of the file that have a row a sample, by name.
  private let columns: [String: Rows]
  private let residuals: Rows

  /// Room for the rows of some samples of a plan.
  init(
    layout: DatasetLayout, samples: Range<Int>, of plan: RowPlan,
    source: any RowSource
  ) {
    self.layout = layout
    self.samples = samples
    rows = plan.rows(of: samples)
    self.source = source
    var columns: [String: Rows] = [:]
    for (name, _, shape) in layout.tensors where name != "x" {
      columns[name] = Rows(
        count: rows.count, width: shape.dropFirst().reduce(1, *))
    }
    self.columns = columns
    residuals = Rows(count: rows.count, width: 1)
  }

  /// The largest relative residual of the block.
  var largestResidual: Double { residuals.all.max() ?? 0 }

  /// Samples, assembles and solves every row.
  func fill(leavesOut: Bool) throws {
    let workspace = SystemWorkspace()
    var next = 0
    for index in samples {
      try source.rows(of: index, workspace: workspace, leavesOut: leavesOut) {
        row in
        guard row.residual.isFinite else {
          throw SystemError.sample(
            name: layout.equation.name, index: index,
            reason: "its residual is not finite")
        }
        residuals.start[next] = row.residual
        store(row, next)
        next += 1
      }
    }
  }

  private func store(_ row: DatasetRow, _ place: Int) {
    let (problem, system) = (row.problem, row.system)
    columns["parameters"]?.set(place, problem.parameters)
    columns["sample"]?.set(place, [Double(problem.index)])
    for (name, values) in problem.coefficients {
      columns[name]?.set(place, values)
    }
    columns["u"]?.set(place, system.u)
    if let start = row.start { columns["u_start"]?.set(place, start) }
    columns["b"]?.set(place, system.b)
    columns["A"]?.setTransposed(place, system.A, n: layout.n)
  }

  /// Writes the rows where they belong.
  func write(_ writer: SafetensorsWriter) throws {
    for (name, _, _) in layout.tensors {
      guard let column = columns[name] else { continue }
      try writer.write(
        name, at: rows.lowerBound * column.width,
        bytes: UnsafeRawBufferPointer(column.all))
    }
  }
}

/// A block of equally long rows of numbers.
private final class Rows {
  let width: Int
  let start: UnsafeMutablePointer<Double>
  private let count: Int

  init(count: Int, width: Int) {
    self.count = count
    self.width = width
    start = .allocate(capacity: max(1, count * width))
    start.initialize(repeating: 0, count: max(1, count * width))
  }

  deinit { start.deallocate() }

  var all: UnsafeMutableBufferPointer<Double> {
    UnsafeMutableBufferPointer(start: start, count: count * width)
  }

  func set(_ row: Int, _ values: [Double]) {
    (start + row * width).update(from: values, count: width)
  }

  /// Stores a column-major matrix row-major, as files have it.
  func setTransposed(_ row: Int, _ matrix: [Double], n: Int) {
    let target = start + row * width
    for i in 0..<n {
      for j in 0..<n { target[i * n + j] = matrix[j * n + i] }
    }
  }
}
