import Foundation

/// How long a training is, and how the learning rate moves through it.
public struct Schedule: Codable, Sendable, Equatable {
  /// The shape after the warm-up.
  public enum Kind: String, CaseIterable, Sendable {
    /// Half a cosine from 1 down to the floor.
    case cosine
    /// 1 throughout.
    case constant
  }

  @Choice public var kind = Kind.cosine
  /// Steps of linear growth from 0 to 1 at the start.
  public var warmup = 200
  /// What is left at the end of a cosine, as a share of the peak.
  public var floor = 0.05
  /// Samples in a step.
  public var batch = 32
  /// Samples that a worker takes at a time, whose gradients are added in order:
  /// the weights depend on it, and on no number of threads.
  public var chunk: Int {
    get { givenChunk ?? Self.defaultChunk }
    set { givenChunk = newValue }
  }
  /// Whether the recipe is from before there were chunks.
  public var isFromBeforeChunks: Bool { givenChunk == nil }
  /// Nil in such recipes.
  var givenChunk: Int? = defaultChunk
  public static let defaultChunk = 8
  public var epochs = 4
  /// The number of steps; nil is `epochs` epochs.
  public var steps: Int?
  /// Steps between two evaluations; nil is once an epoch.
  public var evaluateEvery: Int?
  /// The steps that the run had in all before it was extended, ascending.
  ///
  /// Up to each the schedule was that of a run of this length. Nil if the run was
  /// never extended.
  public var earlierEnds: [Int]?

  public init() {}

  public init(kind: Kind, warmup: Int = 0, floor: Double = 0) {
    self.kind = kind
    self.warmup = warmup
    self.floor = floor
  }

  enum CodingKeys: String, CodingKey, CaseIterable {
    case kind, warmup, floor, batch
    case givenChunk = "chunk"
    case epochs, steps
    case evaluateEvery = "evaluate_every"
    case earlierEnds = "earlier_ends"
  }

  /// The length of the run that step `step` belongs to: `total`, or what it was
  /// before the run was extended.
  func end(of step: Int, total: Int) -> Int {
    earlierEnds?.first { step < $0 } ?? total
  }

  /// The factor of the learning rate at step `step` (from 0) of `total`.
  public func factor(step: Int, total: Int) -> Double {
    if step < warmup { return Double(step + 1) / Double(warmup) }
    switch kind {
    case .constant: return 1
    case .cosine:
      let length = max(1, total - warmup - 1)
      let progress = min(1, Double(step - warmup) / Double(length))
      return floor + (1 - floor) * 0.5 * (1 + cos(.pi * progress))
    }
  }
}
