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
    try write(
      try contents.source(equation, nodes: nodes, seed: seed), to: path,
      replaces: replaces, cancellation: cancellation, progress: progress)
  }

  /// Writes the rows that a source makes.
  func write(
    _ source: any RowSource, to path: String, replaces: Bool = true,
    cancellation: Cancellation = .never, progress: (Int) -> Void = { _ in }
  ) throws -> Summary {
    let ranks = Ranks.all
    try ranks.agree(on: [("equation", equation.source)])
    let labelErrors = try labelSamples.flatMap {
      try LabelErrors.estimate(
        equation, nodes: nodes, seed: seed, samples: $0, contents,
        threads: threads, cancellation: cancellation)
    }
    let spool = try spool(source, beside: path, cancellation, progress)
    let plan =
      try spool.map {
        RowPlan(samples, counts: try ranks.join($0.rowCounts))
      } ?? RowPlan(samples)
    try refuseNothing(plan)
    let layout = layout(rows: plan.count)
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
    let residuals = WorkerStates(threads: workers) { _ in Largest() }
    try forEachPart(workers, block, cancellation) { part, worker in
      let rows = plan.rows(of: part)
      let block = SampleBlock(layout, rows: rows.count)
      if let spool {
        try spool.read(part, into: block)
      } else {
        var next = 0
        try SampleBlock.forEachRow(
          of: part, source, leavesOut: false, SystemWorkspace()
        ) { row in
          block.store(row, next)
          next += 1
        }
      }
      try block.write(writer, at: rows.lowerBound)
      try residuals(worker).note(block.largestResidual)
    } progress: {
      if spool == nil { progress($0) }
    }
    let values = try (0..<workers).map { try residuals($0).value }
    let largest = try ranks.gather(values).max() ?? 0
    try writer.finish(metadata: metadata(largest))
    return Summary(
      samples: samples.count, rows: plan.count, leftOut: plan.leftOut,
      largestResidual: largest, labelErrors: labelErrors)
  }

  private func layout(rows: Int) -> DatasetLayout {
    DatasetLayout(
      equation: equation, n: nodes, rows: rows, withSystems: withSystems,
      contents: contents)
  }

  /// Goes through the samples of this process, a few at a time on each worker.
  private func forEachPart(
    _ workers: Int, _ block: Int, _ cancellation: Cancellation,
    _ body: @Sendable (Range<Int>, Int) throws -> Void,
    progress: (Int) -> Void
  ) throws {
    let ranks = Ranks.all
    let own = ranks.part(of: samples.count)
    let stretch = 4 * workers * block
    for start in stride(from: own.lowerBound, to: own.upperBound, by: stretch) {
      if cancellation.isRequested { break }
      let last = min(start + stretch, own.upperBound)
      try parallelTasks((last - start + block - 1) / block, threads: workers) {
        part, worker in
        let first = samples.lowerBound + start + part * block
        try body(
          first..<min(first + block, samples.lowerBound + last), worker)
      }
      // The others are about as far.
      progress(min(samples.count, (last - own.lowerBound) * ranks.size))
    }
    if try ranks.any(cancellation.isRequested) { throw Cancelled() }
  }

  /// Makes the rows first, where it has to be found out how many there are; nil where
  /// every sample has one.
  private func spool(
    _ source: any RowSource, beside path: String,
    _ cancellation: Cancellation, _ progress: (Int) -> Void
  ) throws -> RowSpool? {
    guard !contents.hasRowForEachSample else { return nil }
    try Memory.require(
      32 * Double(samples.count),
      for: "counting the rows of \(samples.count) samples")
    let own = Ranks.all.part(of: samples.count)
    let start = samples.lowerBound
    let spool = try RowSpool(
      start + own.lowerBound..<start + own.upperBound, beside: path)
    let layout = layout(rows: 0)
    try forEachPart(
      parallelWorkers(count: own.count, threads: threads), 8, cancellation
    ) { part, _ in
      try spool.fill(
        part, from: source, layout, leavesOut: contents.leavesOut)
    } progress: {
      progress($0)
    }
    return spool
  }

  /// Refuses to write a dataset of which no sample is left; a part of one may be
  /// joined with others.
  private func refuseNothing(_ plan: RowPlan) throws {
    guard plan.count == 0, !samples.isEmpty,
      labelSamples.map({ $0 == samples }) ?? true
    else { return }
    throw SystemError.file(
      path: equation.path,
      reason:
        "none of its \(samples.count) samples has a unique solution that is "
        + "found, and nothing is written")
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
