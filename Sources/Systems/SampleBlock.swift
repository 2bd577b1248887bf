import Chebyshev
import DenseSolvers
import Equations
import Solutions
import TensorFiles

/// Consecutive samples on their way to a file.
final class SampleBlock {
  private let layout: DatasetLayout
  /// Their rows in the file.
  private let rows: Range<Int>
  /// The index of the file's first sample.
  private let first: Int
  private let source: EquationSource
  private let labels: DatasetLabels
  /// The tensors of the file that have a row a sample, by name.
  private let columns: [String: Rows]
  private let residuals: Rows

  /// Room for the samples in some rows of a file that holds `all`.
  init(
    layout: DatasetLayout, samples rows: Range<Int>, of all: Range<Int>,
    source: EquationSource, labels: DatasetLabels
  ) {
    self.layout = layout
    self.rows = rows
    first = all.lowerBound
    self.source = source
    self.labels = labels
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
  func fill() throws {
    let workspace = SystemWorkspace()
    var system = SolvedSystem(n: layout.n)
    for (row, index) in rows.enumerated() {
      try source.load(first + index, into: &system, workspace: workspace)
      if labels == .resolved {
        system.u = try resolvedSolution(
          layout.equation, seed: source.seed, index: first + index,
          tolerance: 1e-10)(chebpts(layout.n, on: layout.equation.domain))
      }
      let residual = relativeResidual(
        A: system.A, b: system.b, x: system.u, n: layout.n)
      guard residual.isFinite else {
        throw SystemError.sample(
          name: layout.equation.name, index: first + index,
          reason: "its residual is not finite")
      }
      residuals.start[row] = residual
      store(workspace.problem, system, row)
    }
  }

  private func store(
    _ problem: BoundaryValueProblem, _ system: SolvedSystem, _ row: Int
  ) {
    columns["parameters"]?.set(row, problem.parameters)
    for (name, values) in problem.coefficients {
      columns[name]?.set(row, values)
    }
    columns["u"]?.set(row, system.u)
    columns["b"]?.set(row, system.b)
    columns["A"]?.setTransposed(row, system.A, n: layout.n)
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
