import Foundation
import Randomness

/// Noise on the systems that a network is trained with, to make it robust; the
/// solutions stay the clean ones.
///
/// Every time a system is seen its noise is new: σ is log-uniform between a
/// thousandth of the level and the level.
public struct TrainingNoise: Sendable, Equatable, Codable {
  public var model: Noise.Model
  public var target: Noise.Target
  /// The largest σ.
  public var level: Double

  public init(model: Noise.Model, target: Noise.Target, level: Double) {
    self.model = model
    self.target = target
    self.level = level
  }

  public enum CodingKeys: String, CodingKey, CaseIterable {
    case model, target, level
  }

  /// Perturbs a system that is the `visit`-th the network sees.
  public func apply(to system: inout SolvedSystem, visit: Int, seed: UInt64) {
    var random = CounterRandom(
      seed: seed, index: visit, stream: .trainingNoiseLevel)
    let sigma = level * pow(10, -3 * random.nextUniform())
    Noise(
      model: model, target: target, level: sigma,
      seed: seed ^ RandomStream.trainingNoiseSalt
    ).apply(to: &system, sample: visit)
  }
}
