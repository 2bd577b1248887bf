import DenseSolvers
import Equations
import Training

/// A perturbation of the data of linear systems.
///
/// ξ is standard normal, drawn for each entry from (seed, sample) alone: every
/// solver sees the same noisy system, and a sample's noise at two levels
/// differs by a factor. The two boundary rows stay clean, since boundary
/// conditions are prescribed and not measured.
public struct Noise: Sendable, Equatable {
  /// What a perturbation is proportional to.
  public enum Model: String, CaseIterable, Sendable {
    /// Each entry times 1 + σξ.
    case relative
    /// Each entry plus σξ.
    case absolute
    /// Each entry plus σξ times the root mean square of all of them.
    case rms
  }

  /// What is perturbed.
  public enum Target: String, CaseIterable, Sendable {
    case A
    case b
    case both
  }

  public var model: Model
  public var target: Target
  /// σ.
  public var level: Double
  public var seed: UInt64

  public init(model: Model, target: Target, level: Double, seed: UInt64) {
    self.model = model
    self.target = target
    self.level = level
    self.seed = seed
  }

  /// Perturbs the system of sample `index`; its solution stays the clean one.
  public func apply(to system: inout SolvedSystem, sample index: Int) {
    guard level != 0 else { return }
    let n = system.n
    if target != .b {
      var random = CounterRandom(
        seed: seed, index: UInt64(index), stream: 0x4000_0003)
      var scale = level
      if model == .rms { scale *= interiorRMS(system.A, n: n) }
      for j in 0..<n {
        for i in 1..<(n - 1) {
          system.A[j * n + i] = perturbed(
            system.A[j * n + i], by: random.nextNormal(), scale: scale)
        }
      }
    }
    if target != .A {
      var random = CounterRandom(
        seed: seed, index: UInt64(index), stream: 0x4000_0004)
      var scale = level
      if model == .rms {
        let sum = system.b[1..<(n - 1)].reduce(0) { $0 + $1 * $1 }
        scale *= (sum / Double(n - 2)).squareRoot()
      }
      for i in 1..<(n - 1) {
        system.b[i] = perturbed(
          system.b[i], by: random.nextNormal(), scale: scale)
      }
    }
  }

  /// What a solver that knows the model and the level knows of a system.
  func uncertainty(of system: SolvedSystem) -> DataUncertainty {
    let n = system.n
    let rows = 1..<(n - 1)
    let variance = level * level
    func sum(_ values: (Int) -> Double) -> Double {
      switch model {
      case .relative: variance * rows.reduce(0) { $0 + values($1) * values($1) }
      case .absolute: variance * Double(rows.count)
      case .rms: 0
      }
    }
    var columns = [Double](repeating: 0, count: n)
    if target != .b {
      for j in 0..<n { columns[j] = sum { system.A[j * n + $0] } }
      if model == .rms {
        let rms = interiorRMS(system.A, n: n)
        columns = columns.map { _ in variance * rms * rms * Double(rows.count) }
      }
    }
    guard target != .A else {
      return DataUncertainty(columns: columns, right: 0)
    }
    let right =
      model == .rms
      ? variance * rows.reduce(0) { $0 + system.b[$1] * system.b[$1] }
      : sum { system.b[$0] }
    return DataUncertainty(columns: columns, right: right)
  }

  private func perturbed(_ value: Double, by xi: Double, scale: Double)
    -> Double
  {
    model == .relative ? value * (1 + scale * xi) : value + scale * xi
  }

  /// The root mean square of A's entries, boundary rows left out.
  private func interiorRMS(_ A: [Double], n: Int) -> Double {
    var sum = 0.0
    for j in 0..<n {
      for i in 1..<(n - 1) { sum += A[j * n + i] * A[j * n + i] }
    }
    return (sum / Double(n * (n - 2))).squareRoot()
  }
}
