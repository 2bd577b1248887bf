/// Where systems come from.
///
/// System i is a pure function of the source and i, so that the order in which
/// they are asked for, and the number of threads asking, change nothing.
public protocol SystemSource: Sendable {
  /// The order of the systems.
  var n: Int { get }
  /// How many there are; nil is without end.
  var count: Int? { get }
  /// What this is, for recipes and checkpoints.
  var identity: String { get }
  /// Which samples these are; nil where they are those of no equation file.
  var origin: SampleOrigin? { get }
  /// Tells the file that the systems are read from apart from others; empty
  /// where there is none.
  var digest: String { get }
  /// The same of the whole of the file, which takes longer; of a job with one
  /// process no more than ``digest``.
  var contentDigest: String { get }
  /// The number of a system in what it was sampled from, by which messages and
  /// tables call it: of a part of a dataset that in the whole.
  func sample(ofRow row: Int) throws -> Int
  /// The number by which a system's noise is drawn, another for each.
  func draw(ofRow row: Int) throws -> Int
  /// What the systems are; nil where they have no end.
  ///
  /// - Throws: as ``load(_:into:workspace:)`` does.
  func systemDigests(threads: Int) throws -> SystemDigests?
  /// Assembles system `index` and its solution.
  ///
  /// - Parameters:
  ///   - index: which.
  ///   - system: receives it; of the source's order.
  ///   - workspace: memory of the calling thread.
  /// - Throws: an error that names the system if it cannot be made or solved.
  func load(
    _ index: Int, into system: inout SolvedSystem, workspace: SystemWorkspace
  ) throws
  /// Another right-hand side for the matrix of system `index`, of the same law as
  /// its own.
  ///
  /// - Parameters:
  ///   - index: which system.
  ///   - draw: which right-hand side, from 1.
  ///   - workspace: memory of the calling thread.
  /// - Returns: n numbers; nil where nobody knows a law.
  /// - Throws: as ``load(_:into:workspace:)`` does.
  func rightHandSide(
    _ index: Int, draw: Int, workspace: SystemWorkspace
  ) throws -> [Double]?
}

extension SystemSource {
  public var origin: SampleOrigin? { nil }
  public var digest: String { "" }
  public var contentDigest: String { digest }
  public func systemDigests(threads: Int) throws -> SystemDigests? {
    try count.map { try SystemDigests(of: self, count: $0, threads: threads) }
  }
  public func sample(ofRow row: Int) throws -> Int { row }
  public func draw(ofRow row: Int) throws -> Int { try sample(ofRow: row) }
  public func rightHandSide(
    _ index: Int, draw: Int, workspace: SystemWorkspace
  ) throws -> [Double]? { nil }

  /// System `index` with its solution.
  public func system(_ index: Int) throws -> SolvedSystem {
    var system = SolvedSystem(n: n)
    try load(index, into: &system, workspace: SystemWorkspace())
    return system
  }
}
