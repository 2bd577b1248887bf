import DenseSolvers
import Foundation
import Randomness

/// A perturbation of the data of linear systems.
///
/// ξ has zero mean and unit variance, drawn for each entry from (seed, sample)
/// alone: every solver sees the same noisy system, and a sample's noise at two
/// levels differs by a factor, or replaces more entries. The two boundary rows stay
/// clean, since boundary conditions are prescribed and not measured.
public struct Noise: Sendable, Equatable {
  /// What a perturbation is proportional to.
  public enum Model: String, CaseIterable, Sendable, Codable {
    /// Each entry times 1 + σξ.
    case relative
    /// Each entry plus σξ.
    case absolute
    /// Each entry plus σξ times the root mean square of all of them.
    case rms

    /// Where nobody says which.
    public static let standard = Model.relative

    /// Whether the deviation of an entry is in proportion to the entry; else
    /// one deviation holds for all.
    public var scalesWithEntries: Bool {
      switch self {
      case .relative: true
      case .absolute, .rms: false
      }
    }
  }

  /// The distribution of ξ.
  public enum Law: String, CaseIterable, Sendable {
    case gaussian
    case uniform
    case laplace
    /// A share σ of the entries is replaced by normal numbers, as large as the
    /// entry itself, 1, or the root mean square of all entries.
    case outliers
  }

  /// What is perturbed.
  public enum Target: String, CaseIterable, Sendable, Codable {
    case A
    case b
    case both
  }

  /// The σ that there may be besides 0; squares of others are no numbers.
  public static let levels = 1e-30...1e30

  public var model: Model
  public var target: Target
  /// σ.
  public var level: Double
  public var seed: UInt64
  public var law: Law

  public init(
    model: Model, target: Target, level: Double, seed: UInt64,
    law: Law = .gaussian
  ) {
    self.law = law
    self.model = model
    self.target = target
    self.level = level
    self.seed = seed
  }

  /// What may be told of it: all but the draws.
  public var withoutSeed: Noise {
    Noise(model: model, target: target, level: level, seed: 0, law: law)
  }

  /// Perturbs the system of sample `index`; its solution stays the clean one.
  public func apply(to system: inout SolvedSystem, sample index: Int) {
    guard level != 0 else { return }
    if target != .b {
      perturb(&system.A, n: system.n, sample: index, stream: .matrixNoise)
    }
    if target != .A {
      perturb(&system.b, n: system.n, sample: index, stream: .vectorNoise)
    }
  }

  /// What a solver that knows the model and the level knows of a system.
  public func uncertainty(of system: SolvedSystem) -> DataUncertainty {
    let n = system.n
    return DataUncertainty(
      columns: target == .b
        ? Array(repeating: 0, count: n) : variances(system.A, n: n),
      right: target == .A ? 0 : variances(system.b, n: n)[0])
  }

  /// Perturbs columns of n entries, [columns, n].
  private func perturb(
    _ values: inout [Double], n: Int, sample: Int, stream: RandomStream
  ) {
    var random = CounterRandom(seed: seed, index: sample, stream: stream)
    let unit = unit(of: values, n: n)
    for start in stride(from: 0, to: values.count, by: n) {
      for i in (start + 1)..<(start + n - 1) {
        let own = model.scalesWithEntries ? values[i] : unit
        if law == .outliers {
          let isReplaced = random.nextUniform() < level
          let xi = random.nextNormal()
          if isReplaced { values[i] = own * xi }
        } else {
          values[i] += level * own * unitVariance(&random)
        }
      }
    }
  }

  /// A draw of ξ.
  private func unitVariance(_ random: inout CounterRandom) -> Double {
    switch law {
    case .gaussian, .outliers: return random.nextNormal()
    case .uniform: return 3.0.squareRoot() * (2 * random.nextUniform() - 1)
    case .laplace:
      let share = 2 * random.nextUniform() - 1
      let size = -log1p(-abs(share)) / 2.0.squareRoot()
      return share < 0 ? -size : size
    }
  }

  /// The standard deviation of each entry of columns of n, that of the ends' rows 0.
  ///
  /// - Parameters:
  ///   - values: [columns, n].
  ///   - n: the order.
  /// - Returns: as many.
  public func deviations(of values: [Double], n: Int) -> [Double] {
    let unit = unit(of: values, n: n)
    return values.indices.map { entry in
      let row = entry % n
      guard row > 0, row < n - 1 else { return 0 }
      return variance(of: values[entry], unit: unit).squareRoot()
    }
  }

  /// The variance of the noise on an entry.
  private func variance(of value: Double, unit: Double) -> Double {
    let own = model.scalesWithEntries ? value : unit
    return law == .outliers
      ? level * (value * value + own * own) : level * level * own * own
  }

  /// The sum of the entries' variances in each of the columns, [columns, n].
  private func variances(_ values: [Double], n: Int) -> [Double] {
    let unit = unit(of: values, n: n)
    return stride(from: 0, to: values.count, by: n).map { start in
      values[(start + 1)..<(start + n - 1)].reduce(0) {
        $0 + variance(of: $1, unit: unit)
      }
    }
  }

  /// What σ is a multiple of, besides the entry itself where the model has it.
  private func unit(of values: [Double], n: Int) -> Double {
    switch model {
    case .relative, .absolute: 1
    case .rms: interiorRMS(values, n: n)
    }
  }

  /// The root mean square of the entries of columns, boundary rows left out.
  private func interiorRMS(_ values: [Double], n: Int) -> Double {
    var sum = 0.0
    for start in stride(from: 0, to: values.count, by: n) {
      for i in (start + 1)..<(start + n - 1) { sum += values[i] * values[i] }
    }
    return (sum / Double(values.count / n * (n - 2))).squareRoot()
  }
}
