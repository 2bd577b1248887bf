import Chebyshev
import Equations
import Parallel
import TensorFiles

/// Samples an equation, solves every sample by LU and writes the dataset.
///
/// Sample i is a pure function of (seed, i), and blocks are written as they are
/// done: the file's bytes do not depend on the number of threads or the size of
/// blocks, and the memory used does not depend on the number of samples.
public struct DatasetGenerator: Sendable {
  /// What was written.
  public struct Summary: Sendable, Equatable {
    public let samples: Int
    /// The largest ‖Au − b‖/(‖A‖‖u‖ + ‖b‖) of all samples.
    public let largestResidual: Double
  }

  public let equation: Equation
  public let nodes: Int
  public let seed: UInt64
  /// The indices of the samples.
  public let samples: Range<Int>
  public let threads: Int
  public let withSystems: Bool

  /// The most samples that are in memory at a time.
  private static let block = 256

  public init(
    _ equation: Equation, nodes: Int = 64, seed: UInt64 = 0,
    samples: Range<Int>, threads: Int = 1, withSystems: Bool = false
  ) {
    self.equation = equation
    self.nodes = nodes
    self.seed = seed
    self.samples = samples
    self.threads = threads
    self.withSystems = withSystems
  }

  /// The indices of shard `shard` of `shards` (from 1) of a dataset of `count`
  /// samples; the shards are contiguous and as equal as they can be.
  public static func shard(_ shard: Int, of shards: Int, count: Int)
    -> Range<Int>
  {
    // Products of this size do not overflow for any dataset that fits a disk.
    (count * (shard - 1) / shards)..<(count * shard / shards)
  }

  /// Writes the dataset, which gets its name in one stroke at the end.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - replaces: whether a file at `path` is replaced.
  ///   - cancellation: asked before every block.
  ///   - progress: receives the number of samples done so far.
  /// - Returns: what was written.
  /// - Throws: `MemoryShortage`; ``SystemError`` for a sample that cannot be made
  ///   or solved; `Cancelled`, and then nothing is written; `SafetensorsError` for
  ///   the file.
  @discardableResult
  public func write(
    to path: String, replaces: Bool = true,
    cancellation: Cancellation = .never,
    progress: (Int) -> Void = { _ in }
  ) throws -> Summary {
    let layout = DatasetLayout(
      equation: equation, n: nodes, samples: samples.count,
      withSystems: withSystems)
    func metadata(_ residual: Double) -> [String: String] {
      layout.metadata(
        seed: seed, firstSample: samples.lowerBound, solver: "lu",
        largestResidual: residual)
    }
    let memory = SystemMemory(order: nodes, threads: threads)
    let numbers = layout.tensors.reduce(0.0) {
      $0 + $1.2.dropFirst().reduce(1.0) { $0 * Double($1) }
    }
    let rows = min(
      max(1, samples.count), memory.rows(most: Self.block, bytes: 8 * numbers))
    try memory.require(
      rows: rows, matrices: withSystems ? 1 : 0, for: equation.path)
    let source = try EquationSource(
      equation, nodes: nodes, seed: seed, count: nil)
    let writer = try SafetensorsWriter(
      path: path, tensors: layout.tensors, metadata: metadata(0),
      replaces: replaces)
    try writer.write("x", doubles: chebpts(nodes, on: equation.domain))
    var largest = 0.0
    var first = samples.lowerBound
    while first < samples.upperBound {
      try cancellation.check()
      let last = min(first + rows, samples.upperBound)
      let block = SampleBlock(
        layout: layout, range: first..<last, source: source)
      try block.fill(threads: threads)
      try block.write(writer, row: first - samples.lowerBound)
      largest = max(largest, block.largestResidual)
      progress(last - samples.lowerBound)
      first = last
    }
    try cancellation.check()
    try writer.finish(metadata: metadata(largest))
    return Summary(samples: samples.count, largestResidual: largest)
  }
}
