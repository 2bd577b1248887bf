/// A number for each part of a job, each written by whoever does the part.
final class WorkerResults: @unchecked Sendable {
  private let start: UnsafeMutableBufferPointer<Double>

  init(count: Int) {
    start = .allocate(capacity: count)
    start.initialize(repeating: 0)
  }

  deinit { start.deallocate() }

  subscript(part: Int) -> Double {
    get { start[part] }
    set { start[part] = newValue }
  }

  var values: [Double] { Array(start) }
}
