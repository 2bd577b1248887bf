import Foundation

/// How the learning rate moves through a training.
public struct Schedule: Sendable, Equatable {
  /// The shape after the warm-up.
  public enum Kind: String, CaseIterable, Sendable {
    /// Half a cosine from 1 down to the floor.
    case cosine
    /// 1 throughout.
    case constant
  }

  public var kind: Kind
  /// Steps of linear growth from 0 to 1 at the start.
  public var warmup: Int
  /// What is left at the end of a cosine, as a share of the peak.
  public var floor: Double

  public init(kind: Kind, warmup: Int = 0, floor: Double = 0) {
    self.kind = kind
    self.warmup = warmup
    self.floor = floor
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
