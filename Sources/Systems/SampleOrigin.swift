import Equations

/// Which samples of a law some examples are, so that nobody is tested on what
/// they were trained on.
public struct SampleOrigin: Codable, Sendable, Equatable {
  /// The text of an equation file, or what else the samples are of.
  public let law: String
  public let seed: UInt64
  /// The index, in the seed's sequence, of the first sample.
  public let first: Int
  /// How many there are; nil is without end.
  public let count: Int?
  /// What they are, where somebody has looked: those of a file may lie in another.
  public var digests: SystemDigests?

  public init(law: String, seed: UInt64, first: Int = 0, count: Int?) {
    self.law = law
    self.seed = seed
    self.first = first
    self.count = count
  }

  /// Whether there is a sample that belongs to both.
  public func shares(with other: SampleOrigin) -> Bool {
    func end(_ origin: SampleOrigin) -> Int {
      origin.count.map { origin.first.addingReportingOverflow($0) }
        .map { $0.overflow ? .max : $0.partialValue } ?? .max
    }
    guard seed == other.seed,
      max(first, other.first) < min(end(self), end(other))
    else { return false }
    if law == other.law { return true }
    // What is the text of no equation is another law than any.
    guard let a = try? Equation(yaml: law, path: "law"),
      let b = try? Equation(yaml: other.law, path: "law")
    else { return false }
    return a.hasLaw(of: b)
  }
}
