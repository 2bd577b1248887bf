/// One system many times over, for draws of noise that differ.
public struct RepeatedSystem: SystemSource {
  private let system: SolvedSystem
  /// How many times.
  public let draws: Int
  public let identity: String
  public let origin: SampleOrigin?

  public var n: Int { system.n }
  public var count: Int? { draws }

  /// Repeats a system with its solution.
  ///
  /// - Parameters:
  ///   - system: the system.
  ///   - count: how many times.
  ///   - source: where it is from; nil is nowhere that anybody knows.
  ///   - index: which of the source's it is.
  public init(
    _ system: SolvedSystem, count: Int, from source: (any SystemSource)? = nil,
    _ index: Int = 0
  ) {
    self.system = system
    draws = count
    identity = source.map { "system \(index) of \($0.identity)" } ?? "a system"
    origin = source?.origin
  }

  public func load(
    _ index: Int, into system: inout SolvedSystem, workspace: SystemWorkspace
  ) throws { system = self.system }
}
