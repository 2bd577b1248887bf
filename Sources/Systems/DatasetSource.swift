import Equations
import Parallel

/// The systems of a dataset file.
public struct DatasetSource: SystemSource {
  private let reader: DatasetReader
  private let collocation: Collocation
  /// Draws other right-hand sides; nil where the systems are those of steps.
  private let sampler: EquationSampler?
  public let identity: String
  /// The indices of the samples that are used, and of those left out among them.
  private let samples: Range<Int>
  /// How many of the file's samples are used, from the first.
  public let limit: Int

  public var n: Int { reader.n }
  public var digest: String { reader.digest }
  /// How far the solutions are from the equation's own, if the file says so.
  public var labelErrors: LabelErrors? { reader.labelErrors }
  public var contentDigest: String { reader.contentDigest }
  /// Whether the systems are those of the steps of Newton's method.
  public var isOfSteps: Bool { reader.contents.isOfSteps }
  public var origin: SampleOrigin? {
    SampleOrigin(
      law: reader.equation.source, seed: reader.seed,
      first: samples.lowerBound, count: samples.count)
  }
  public var count: Int? { limit }

  /// Takes the samples of a dataset.
  ///
  /// - Parameters:
  ///   - reader: the dataset.
  ///   - limit: how many samples to use, from the first; all of them unless
  ///     it is given.
  /// - Throws: `MemoryShortage` if there is no room for one system; what the
  ///   reader throws.
  public init(_ reader: DatasetReader, limit: Int? = nil) throws {
    try SystemMemory(order: reader.n, threads: 1).require(for: reader.path)
    self.reader = reader
    self.limit = min(limit ?? reader.count, reader.count)
    collocation = Collocation(nodes: reader.n, on: reader.equation.domain)
    sampler =
      reader.equation.isNonlinear
      ? nil
      : try EquationSampler(reader.equation, nodes: reader.n, seed: reader.seed)
    let first = reader.samples.lowerBound
    samples =
      self.limit == reader.count
      ? reader.samples
      : first..<(self.limit == 0
        ? first : try reader.index(self.limit - 1) + 1)
    identity =
      "\(reader.equation.name), seed \(reader.seed), "
      + (samples.isEmpty
        ? "no samples" : "samples \(first) to \(samples.upperBound - 1)")
  }

  public func load(
    _ index: Int, into system: inout SolvedSystem, workspace: SystemWorkspace
  ) throws {
    workspace.problem = try reader.problem(index)
    system.u = try reader.solution(index)
    workspace.assemble(workspace.problem, collocation, into: &system)
  }

  public func sample(ofRow row: Int) throws -> Int { try reader.index(row) }

  public func draw(ofRow row: Int) throws -> Int {
    let sample = try reader.index(row)
    guard isOfSteps else { return sample }
    // The steps of one sample are told apart by their number.
    var first = row
    while first > 0, try reader.index(first - 1) == sample { first -= 1 }
    return sample &+ (row - first) << 32
  }

  public func rightHandSide(
    _ index: Int, draw: Int, workspace: SystemWorkspace
  ) throws -> [Double]? {
    guard let sampler else { return nil }
    try sampler.sample(
      try reader.index(index), rightHandSide: draw, into: &workspace.problem)
    return collocation.rightHandSide(of: workspace.problem)
  }
}
