import Foundation
import Randomness

/// Noise on the systems that a network is trained with, to make it robust; the
/// solutions stay the clean ones.
///
/// Every time a system is seen its noise is new: σ is log-uniform between the level
/// and some powers of ten below it.
public struct TrainingNoise: Sendable, Equatable, Codable {
  public var model: Noise.Model
  public var target: Noise.Target
  /// The largest σ.
  public var level: Double
  /// How many powers of ten lie between the levels; nil is 3.
  public var decades: Double?
  /// What new runs have.
  public static let newDecades = 5.0
  /// Whether the squared errors of a system count by what is to be expected of its
  /// level, as 1/(σ² + σ₀²) with a σ₀ of a hundredth of the largest; nil is no.
  public var balanced: Bool?

  public init(
    model: Noise.Model, target: Noise.Target, level: Double,
    decades: Double? = nil, balanced: Bool? = nil
  ) {
    self.model = model
    self.target = target
    self.level = level
    self.decades = decades
    self.balanced = balanced
  }

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case model, target, level, decades, balanced
  }

  /// Perturbs a system that is the `visit`-th the network sees.
  ///
  /// - Returns: the weight of its squared errors.
  public func apply(
    to system: inout SolvedSystem, visit: Int, seed: UInt64
  ) -> Double {
    var random = CounterRandom(
      seed: seed, index: visit, stream: .trainingNoiseLevel)
    let sigma = level * pow(10, -(decades ?? 3) * random.nextUniform())
    Noise(
      model: model, target: target, level: sigma,
      seed: seed ^ RandomStream.trainingNoiseSalt
    ).apply(to: &system, sample: visit)
    guard balanced == true else { return 1 }
    let least = 1e-2 * level
    return level * least / (sigma * sigma + least * least)
  }
}
