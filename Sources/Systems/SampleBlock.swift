import Equations
import TensorFiles

/// Rows of samples on their way to a file: a column for each of its tensors that has
/// a row a sample.
final class SampleBlock {
  private let layout: DatasetLayout
  /// The tensors by name, in the order of the file.
  private let columns: [(name: String, rows: Rows)]
  private let residuals: Rows

  /// Room for so many rows.
  init(_ layout: DatasetLayout, rows count: Int) {
    self.layout = layout
    columns = layout.tensors.filter { $0.0 != "x" }.map { name, _, shape in
      (name, Rows(count: count, width: shape.dropFirst().reduce(1, *)))
    }
    residuals = Rows(count: count, width: 1)
  }

  /// The largest relative residual of the block.
  var largestResidual: Double { residuals.all.max() ?? 0 }

  /// The numbers of a row: its residual, and what the file has of it.
  var width: Int { columns.reduce(1) { $0 + $1.rows.width } }

  /// Samples, assembles and solves the rows of samples, and hands each out.
  ///
  /// - Parameters:
  ///   - indices: the samples.
  ///   - source: what makes their rows.
  ///   - leavesOut: whether those that nobody can solve have none.
  ///   - workspace: memory of the calling thread.
  ///   - body: receives each row.
  /// - Throws: what the source and `body` throw, ``SystemError``.
  static func forEachRow(
    of indices: Range<Int>, _ source: any RowSource, leavesOut: Bool,
    _ workspace: SystemWorkspace, _ body: (DatasetRow) throws -> Void
  ) throws {
    for index in indices {
      try source.rows(of: index, workspace: workspace, leavesOut: leavesOut) {
        row in
        guard row.residual.isFinite else {
          throw SystemError.sample(
            name: source.name, index: index,
            reason: "its residual is not finite")
        }
        try body(row)
      }
    }
  }

  /// Puts a row in its place.
  func store(_ row: DatasetRow, _ place: Int) {
    let (problem, system) = (row.problem, row.system)
    residuals.set(place, [row.residual])
    for (name, rows) in columns {
      switch name {
      case "parameters": rows.set(place, problem.parameters)
      case "sample": rows.set(place, [Double(problem.index)])
      case "u": rows.set(place, system.u)
      case "u_start": rows.set(place, row.start ?? [])
      case "b": rows.set(place, system.b)
      case "A": rows.setTransposed(place, system.A, n: layout.n)
      default:
        for (own, values) in problem.coefficients where own == name {
          rows.set(place, values)
        }
      }
    }
  }

  /// The numbers of a row, `width` of them.
  func record(_ place: Int) -> [Double] {
    residuals[place] + columns.flatMap { $0.rows[place] }
  }

  /// Takes a row from its numbers.
  func store(record: ArraySlice<Double>, _ place: Int) {
    var rest = record
    for rows in [residuals] + columns.map(\.rows) {
      rows.set(place, rest.prefix(rows.width))
      rest = rest.dropFirst(rows.width)
    }
  }

  /// Writes the rows where they belong.
  ///
  /// - Parameters:
  ///   - writer: of the file.
  ///   - first: the place of the first in it.
  /// - Throws: `SafetensorsError`.
  func write(_ writer: SafetensorsWriter, at first: Int) throws {
    for (name, rows) in columns {
      try writer.write(
        name, at: first * rows.width, bytes: UnsafeRawBufferPointer(rows.all))
    }
  }
}

/// A block of equally long rows of numbers.
private final class Rows {
  let width: Int
  private let start: UnsafeMutablePointer<Double>
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

  subscript(row: Int) -> [Double] {
    Array(all[(row * width)..<((row + 1) * width)])
  }

  func set(_ row: Int, _ values: some Collection<Double>) {
    for (column, value) in values.prefix(width).enumerated() {
      start[row * width + column] = value
    }
  }

  /// Stores a column-major matrix row-major, as files have it.
  func setTransposed(_ row: Int, _ matrix: [Double], n: Int) {
    let target = start + row * width
    for i in 0..<n {
      for j in 0..<n { target[i * n + j] = matrix[j * n + i] }
    }
  }
}
