import DenseSolvers
import Equations
import Parallel
import TensorFiles

/// Consecutive samples on their way to a file.
///
/// Workers fill disjoint rows, each its own; nobody reads before all are done.
final class SampleBlock: @unchecked Sendable {
  private let layout: DatasetLayout
  private let range: Range<Int>
  private let sampler: EquationSampler
  private let collocation: Collocation
  private let parameters: Rows
  private let K: Rows
  private let f: Rows
  private let q: Rows
  private let v: Rows
  private let u: Rows
  private let A: Rows
  private let b: Rows
  private let residuals: Rows

  init(
    layout: DatasetLayout, range: Range<Int>, sampler: EquationSampler,
    collocation: Collocation
  ) {
    self.layout = layout
    self.range = range
    self.sampler = sampler
    self.collocation = collocation
    let n = layout.n
    func rows(_ width: Int, _ isPresent: Bool = true) -> Rows {
      Rows(count: isPresent ? range.count : 0, width: width)
    }
    parameters = rows(layout.equation.parameters.count)
    K = rows(n)
    f = rows(n)
    q = rows(n, layout.equation.hasReaction)
    v = rows(n, layout.equation.hasAdvection)
    u = rows(n)
    A = rows(n * n, layout.withSystems)
    b = rows(n, layout.withSystems)
    residuals = rows(1)
  }

  /// The largest relative residual of the block.
  var largestResidual: Double { residuals.all.max() ?? 0 }

  /// Samples, assembles and solves every row.
  func fill(threads: Int) throws {
    try parallelChunks(count: range.count, threads: threads) { rows, _ in
      let workspace = Workspace()
      let n = layout.n
      let matrix = Rows(count: 1, width: n * n)
      let flux = Rows(count: 1, width: n * n)
      let right = Rows(count: 1, width: n)
      var problem = BoundaryValueProblem(K: [], f: [])
      for row in rows {
        let index = range.lowerBound + row
        try sampler.sample(index, into: &problem)
        collocation.assemble(
          problem, A: matrix.start, b: right.start, flux: flux.start)
        do {
          try DenseSolver.lu.solve(
            A: matrix.start, b: right.start, n: n, x: u.start + row * n,
            workspace: workspace)
        } catch {
          throw SystemError.sample(
            name: layout.equation.name, index: index, reason: "\(error)")
        }
        residuals.start[row] = relativeResidual(
          A: matrix.start, b: right.start, x: u.start + row * n, n: n)
        store(problem, matrix, right, row)
      }
    }
  }

  private func store(
    _ problem: BoundaryValueProblem, _ matrix: Rows, _ right: Rows, _ row: Int
  ) {
    let n = layout.n
    parameters.set(row, problem.parameters)
    K.set(row, problem.K)
    f.set(row, problem.f)
    if let values = problem.q, q.count > 0 { q.set(row, values) }
    if let values = problem.v, v.count > 0 { v.set(row, values) }
    guard layout.withSystems else { return }
    b.start.advanced(by: row * n).update(from: right.start, count: n)
    // Files are row-major, solvers column-major.
    let target = A.start + row * n * n
    for i in 0..<n {
      for j in 0..<n { target[i * n + j] = matrix.start[j * n + i] }
    }
  }

  /// Writes the rows behind the first `row` rows of the file.
  func write(_ writer: SafetensorsWriter, row: Int) throws {
    let named = [
      ("parameters", parameters), ("K", K), ("f", f), ("q", q), ("v", v),
      ("u", u), ("A", A), ("b", b),
    ]
    for (name, rows) in named where rows.count > 0 {
      try writer.write(
        name, at: row * rows.width, bytes: UnsafeRawBufferPointer(rows.all))
    }
  }
}

/// A block of equally long rows of numbers.
private final class Rows {
  let count: Int
  let width: Int
  let start: UnsafeMutablePointer<Double>

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
}
