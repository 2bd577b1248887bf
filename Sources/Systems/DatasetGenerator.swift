import Chebyshev
import Equations
import Parallel
import Ranks
import TensorFiles

/// Samples an equation, solves every sample by LU and writes the dataset.
///
/// Sample i is a pure function of (seed, i), and blocks are written as they are
/// done: the file's bytes do not depend on the number of threads or processes, or
/// the size of blocks, and the memory used not on the number of samples.
public struct DatasetGenerator: Sendable {
  /// What was written.
  public struct Summary: Sendable, Equatable {
    public let samples: Int
    /// The largest ‖Au − b‖/(‖A‖‖u‖ + ‖b‖) of all samples.
    public let largestResidual: Double
    /// How far the solutions are from the equation's own; nil where that was not
    /// asked.
    public let labelErrors: LabelErrors?
  }

  public let equation: Equation
  public let nodes: Int
  public let seed: UInt64
  /// The indices of the samples.
  public let samples: Range<Int>
  public let threads: Int
  public let withSystems: Bool
  public let labels: DatasetLabels
  /// The samples among which the labels' error is estimated: those of all
  /// shards, so that these agree; nil leaves it open.
  public let labelSamples: Range<Int>?

  /// The most samples that a worker has in memory at a time.
  private static let block = 64

  public init(
    _ equation: Equation, nodes: Int = 64, seed: UInt64 = 0,
    samples: Range<Int>, threads: Int = 1, withSystems: Bool = false,
    labels: DatasetLabels = .grid, labelSamples: Range<Int>? = nil
  ) {
    self.equation = equation
    self.nodes = nodes
    self.seed = seed
    self.samples = samples
    self.threads = threads
    self.withSystems = withSystems
    self.labels = labels
    self.labelSamples = labelSamples
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
    let workers = parallelWorkers(count: samples.count, threads: threads)
    let rows = try rowsOfBlock(layout, workers: workers)
    let source = try EquationSource(
      equation, nodes: nodes, seed: seed, count: nil)
    let ranks = Ranks.all
    try ranks.agree(on: [("equation", equation.source)])
    let labelErrors = try labelSamples.flatMap {
      try LabelErrors.estimate(
        equation, nodes: nodes, seed: seed, samples: $0, threads: threads,
        cancellation: cancellation)
    }
    func metadata(_ residual: Double) -> [String: String] {
      layout.metadata(
        seed: seed, firstSample: samples.lowerBound, labels: labels,
        largestResidual: residual, labelErrors: labelErrors)
    }
    let writer = try SafetensorsWriter(
      path: path, tensors: layout.tensors, metadata: metadata(0),
      replaces: replaces)
    try writer.write("x", doubles: chebpts(nodes, on: equation.domain))
    try writer.share()
    let own = ranks.part(of: samples.count)
    let residuals = WorkerStates(threads: workers) { _ in Largest() }
    let stretch = 4 * workers * rows
    for start in stride(from: own.lowerBound, to: own.upperBound, by: stretch) {
      if cancellation.isRequested { break }
      let last = min(start + stretch, own.upperBound)
      try parallelTasks((last - start + rows - 1) / rows, threads: workers) {
        part, worker in
        let first = start + part * rows
        let block = SampleBlock(
          layout: layout, samples: first..<min(first + rows, last),
          of: self.samples, source: source, labels: labels)
        try block.fill()
        try block.write(writer)
        try residuals(worker).note(block.largestResidual)
      }
      // The others are about as far.
      progress(min(samples.count, (last - own.lowerBound) * ranks.size))
    }
    if try ranks.any(cancellation.isRequested) { throw Cancelled() }
    let values = try (0..<workers).map { try residuals($0).value }
    let largest = try ranks.gather(values).max() ?? 0
    try writer.finish(metadata: metadata(largest))
    return Summary(
      samples: samples.count, largestResidual: largest,
      labelErrors: labelErrors)
  }

  /// The samples that a worker has in memory at a time.
  ///
  /// - Throws: `MemoryShortage` if there is no room for one.
  private func rowsOfBlock(
    _ layout: DatasetLayout, workers: Int
  ) throws -> Int {
    let memory = SystemMemory(order: nodes, threads: threads)
    let numbers = layout.tensors.reduce(0.0) {
      $0 + $1.2.dropFirst().reduce(1.0) { $0 * Double($1) }
    }
    let affordable = memory.rows(most: Self.block * workers, bytes: 8 * numbers)
    let rows = min(max(1, samples.count), max(1, affordable / workers))
    try memory.require(
      rows: rows * workers, matrices: withSystems ? 1 : 0, for: equation.path)
    try Memory.requireBLASBuffers(threads: workers)
    return rows
  }

  /// The largest number that was noted.
  private final class Largest {
    private(set) var value = 0.0
    func note(_ other: Double) { value = max(value, other) }
  }
}
