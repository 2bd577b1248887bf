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
    /// How many samples were looked at.
    public let samples: Int
    /// How many rows the file has.
    public let rows: Int
    /// How many samples have none.
    public let leftOut: Int
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
  public let contents: DatasetContents
  /// The samples among which the labels' error is estimated: those of all
  /// shards, so that these agree; nil leaves it open.
  public let labelSamples: Range<Int>?

  /// The most samples that a worker has in memory at a time.
  private static let block = 64

  public init(
    _ equation: Equation, nodes: Int = 64, seed: UInt64 = 0,
    samples: Range<Int>, threads: Int = 1, withSystems: Bool = false,
    contents: DatasetContents = DatasetContents(),
    labelSamples: Range<Int>? = nil
  ) {
    self.equation = equation
    self.nodes = nodes
    self.seed = seed
    self.samples = samples
    self.threads = threads
    self.withSystems = withSystems
    self.contents = contents
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
    let source = try contents.source(equation, nodes: nodes, seed: seed)
    let ranks = Ranks.all
    try ranks.agree(on: [("equation", equation.source)])
    let labelErrors = try labelSamples.flatMap {
      try LabelErrors.estimate(
        equation, nodes: nodes, seed: seed, samples: $0, contents,
        threads: threads, cancellation: cancellation)
    }
    let plan = try plan(source, cancellation, progress)
    let layout = DatasetLayout(
      equation: equation, n: nodes, rows: plan.count,
      withSystems: withSystems, contents: contents)
    let workers = parallelWorkers(count: samples.count, threads: threads)
    let block = try samplesOfBlock(layout, plan, workers: workers)
    func metadata(_ residual: Double) -> [String: String] {
      layout.metadata(
        seed: seed, samples: samples, leftOut: plan.leftOut,
        largestResidual: residual, labelErrors: labelErrors)
    }
    let writer = try SafetensorsWriter(
      path: path, tensors: layout.tensors, metadata: metadata(0),
      replaces: replaces)
    try writer.write("x", doubles: chebpts(nodes, on: equation.domain))
    try writer.share()
    let own = ranks.part(of: samples.count)
    let residuals = WorkerStates(threads: workers) { _ in Largest() }
    let stretch = 4 * workers * block
    for start in stride(from: own.lowerBound, to: own.upperBound, by: stretch) {
      if cancellation.isRequested { break }
      let last = min(start + stretch, own.upperBound)
      try parallelTasks((last - start + block - 1) / block, threads: workers) {
        part, worker in
        let first = samples.lowerBound + start + part * block
        let block = SampleBlock(
          layout: layout,
          samples: first..<min(first + block, samples.lowerBound + last),
          of: plan, source: source)
        try block.fill(leavesOut: contents.leavesOut)
        try block.write(writer)
        try residuals(worker).note(block.largestResidual)
      }
      // The others are about as far.
      let done = min(samples.count, (last - own.lowerBound) * ranks.size)
      progress(plan.isCounted ? (samples.count + done) / 2 : done)
    }
    if try ranks.any(cancellation.isRequested) { throw Cancelled() }
    let values = try (0..<workers).map { try residuals($0).value }
    let largest = try ranks.gather(values).max() ?? 0
    try writer.finish(metadata: metadata(largest))
    return Summary(
      samples: samples.count, rows: plan.count, leftOut: plan.leftOut,
      largestResidual: largest, labelErrors: labelErrors)
  }

  /// Finds which rows each sample has, where that has to be found.
  private func plan(
    _ source: any RowSource, _ cancellation: Cancellation,
    _ progress: (Int) -> Void
  ) throws -> RowPlan {
    guard !contents.hasRowForEachSample else { return RowPlan(samples) }
    try Memory.require(
      24 * Double(samples.count),
      for: "counting the rows of \(samples.count) samples")
    let ranks = Ranks.all
    let own = ranks.part(of: samples.count)
    let counts = WorkerResults(count: own.count)
    let workers = parallelWorkers(count: own.count, threads: threads)
    let stretch = 4 * workers * Self.block
    for start in stride(from: 0, to: own.count, by: stretch) {
      if cancellation.isRequested { break }
      let last = min(start + stretch, own.count)
      try parallelChunks(count: last - start, threads: workers) { part, _ in
        let workspace = SystemWorkspace()
        for place in part {
          var count = 0.0
          try source.rows(
            of: samples.lowerBound + own.lowerBound + start + place,
            workspace: workspace, leavesOut: contents.leavesOut
          ) { _ in count += 1 }
          counts[start + place] = count
        }
      }
      progress(min(samples.count, last * ranks.size) / 2)
    }
    if try ranks.any(cancellation.isRequested) { throw Cancelled() }
    return RowPlan(samples, counts: try ranks.join(counts.values))
  }

  /// The samples that a worker has in memory at a time.
  ///
  /// - Throws: `MemoryShortage` if there is no room for one.
  private func samplesOfBlock(
    _ layout: DatasetLayout, _ plan: RowPlan, workers: Int
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
    return max(1, rows / max(1, plan.mostRows))
  }

  /// The largest number that was noted.
  private final class Largest {
    private(set) var value = 0.0
    func note(_ other: Double) { value = max(value, other) }
  }
}
