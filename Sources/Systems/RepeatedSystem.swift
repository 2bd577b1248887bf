/// One system many times over, for draws of noise that differ: its rows are the
/// draws, and are numbered as such.
public struct RepeatedSystem: SystemSource {
  private let system: SolvedSystem
  /// How many times.
  public let draws: Int
  public let identity: String
  public let origin: SampleOrigin?

  public var n: Int { system.n }
  public var count: Int? { draws }

  /// Repeats a system that is from nowhere that anybody knows.
  ///
  /// - Parameters:
  ///   - system: the system.
  ///   - count: how many times.
  public init(_ system: SolvedSystem, count: Int) {
    self.system = system
    draws = count
    identity = "a system"
    origin = nil
  }

  /// Repeats a system of a source.
  ///
  /// - Parameters:
  ///   - row: which of the source's it is.
  ///   - source: where it is from.
  ///   - count: how many times.
  /// - Throws: what the source throws.
  public init(row: Int, of source: any SystemSource, count: Int) throws {
    system = try source.system(row)
    draws = count
    let sample = try source.sample(ofRow: row)
    identity = "system \(sample) of \(source.identity)"
    origin = source.origin.map {
      SampleOrigin(law: $0.law, seed: $0.seed, first: sample, count: 1)
    }
  }

  public func systemDigests(threads: Int) throws -> SystemDigests? {
    SystemDigests([SystemDigests.digest(of: system)])
  }

  public func load(
    _ index: Int, into system: inout SolvedSystem, workspace: SystemWorkspace
  ) throws { system = self.system }
}
