import DenseSolvers
import Foundation
import Systems
import Testing

/// A system whose entries are far from one another in size.
private func example(n: Int = 40) -> SolvedSystem {
  var system = SolvedSystem(n: n)
  for j in 0..<n {
    for i in 0..<n {
      system.A[j * n + i] = exp(sin(Double(7 * i + 13 * j)) * 3)
    }
    system.b[j] = 1 + Double(j)
    system.u[j] = Double(-j)
  }
  return system
}

/// Mean and variance.
private func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
  let mean = values.reduce(0, +) / Double(values.count)
  let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
  return (mean, squares / Double(values.count))
}

struct NoiseTests {
  @Test(arguments: Noise.Model.allCases, Noise.Target.allCases)
  func itPerturbsTheInteriorRowsOfItsTargetOnly(
    _ model: Noise.Model, _ target: Noise.Target
  ) {
    let clean = example()
    let n = clean.n
    var noisy = clean
    Noise(model: model, target: target, level: 1e-2, seed: 3)
      .apply(to: &noisy, sample: 7)
    #expect(noisy.u == clean.u)
    for i in 0..<n {
      let isInterior = i > 0 && i < n - 1
      for j in 0..<n {
        let isChanged = noisy.A[j * n + i] != clean.A[j * n + i]
        #expect(isChanged == (isInterior && target != .b))
      }
      #expect((noisy.b[i] != clean.b[i]) == (isInterior && target != .A))
    }
  }

  /// ξ of any law has zero mean and unit variance, and the law's fourth moment.
  @Test(arguments: [
    (Noise.Law.gaussian, 3.0), (.uniform, 1.8), (.laplace, 6),
  ])
  func itsLawHasUnitVariance(_ law: Noise.Law, _ kurtosis: Double) {
    let clean = example()
    let n = clean.n
    var xi: [Double] = []
    for sample in 0..<20 {
      var noisy = clean
      Noise(model: .absolute, target: .A, level: 1e-3, seed: 1, law: law)
        .apply(to: &noisy, sample: sample)
      for j in 0..<n {
        for i in 1..<(n - 1) {
          xi.append((noisy.A[j * n + i] - clean.A[j * n + i]) / 1e-3)
        }
      }
    }
    let (mean, variance) = moments(xi)
    #expect(abs(mean) < 0.02 && abs(variance - 1) < 0.03)
    let fourth = xi.reduce(0) { $0 + $1 * $1 * $1 * $1 } / Double(xi.count)
    #expect(abs(fourth - kurtosis) < 0.05 * kurtosis)
  }

  /// A share of the entries is replaced, those of a lower level among them.
  @Test func outliersReplaceAShare() {
    let clean = example()
    let n = clean.n
    func changed(_ level: Double) -> Set<Int> {
      var noisy = clean
      let noise = Noise(
        model: .rms, target: .A, level: level, seed: 1, law: .outliers)
      noise.apply(to: &noisy, sample: 3)
      return Set(
        noisy.A.indices.filter { noisy.A[$0] != clean.A[$0] })
    }
    let (few, many) = (changed(0.05), changed(0.3))
    let entries = Double(n * (n - 2))
    #expect(abs(Double(few.count) / entries - 0.05) < 0.02)
    #expect(abs(Double(many.count) / entries - 0.3) < 0.05)
    #expect(few.isSubset(of: many))
  }

  @Test(arguments: Noise.Model.allCases)
  func itsSizeIsThatOfTheModel(_ model: Noise.Model) {
    let clean = example()
    let n = clean.n
    var sum = 0.0
    for j in 0..<n {
      for i in 1..<(n - 1) { sum += clean.A[j * n + i] * clean.A[j * n + i] }
    }
    let rms = (sum / Double(n * (n - 2))).squareRoot()
    var xi: [Double] = []
    for sample in 0..<20 {
      var noisy = clean
      Noise(model: model, target: .A, level: 1e-3, seed: 1)
        .apply(to: &noisy, sample: sample)
      for j in 0..<n {
        for i in 1..<(n - 1) {
          let entry = clean.A[j * n + i]
          let scale =
            switch model {
            case .relative: entry
            case .absolute: 1.0
            case .rms: rms
            }
          xi.append((noisy.A[j * n + i] - entry) / (1e-3 * scale))
        }
      }
    }
    // 30 400 standard normal numbers: five standard errors.
    let (mean, variance) = moments(xi)
    #expect(abs(mean) < 0.03 && abs(variance - 1) < 0.05)
  }

  @Test func itDependsOnSeedAndSampleAndScalesWithTheLevel() {
    func entry(level: Double, seed: UInt64 = 1, sample: Int = 0) -> Double {
      var system = example()
      Noise(model: .absolute, target: .A, level: level, seed: seed)
        .apply(to: &system, sample: sample)
      return system.A[41] - example().A[41]
    }
    #expect(entry(level: 0) == 0)
    #expect(entry(level: 1) == entry(level: 1))
    #expect(abs(entry(level: 2) - 2 * entry(level: 1)) < 1e-12)
    #expect(entry(level: 1) != entry(level: 1, seed: 2))
    #expect(entry(level: 1) != entry(level: 1, sample: 1))
  }

  @Test(arguments: Noise.Model.allCases, Noise.Target.allCases)
  func theUncertaintyIsTheExpectedResidual(
    _ model: Noise.Model, _ target: Noise.Target
  ) {
    let clean = example()
    let n = clean.n
    let noise = Noise(model: model, target: target, level: 1e-2, seed: 5)
    let x = (0..<n).map { cos(Double($0)) }
    var mean = 0.0
    let trials = 400
    for sample in 0..<trials {
      var noisy = clean
      noise.apply(to: &noisy, sample: sample)
      for i in 0..<n {
        var residual = clean.b[i] - noisy.b[i]
        for j in 0..<n {
          residual += (noisy.A[j * n + i] - clean.A[j * n + i]) * x[j]
        }
        mean += residual * residual / Double(trials)
      }
    }
    let uncertainty = noise.uncertainty(of: clean)
    let expected = zip(uncertainty.columns, x).reduce(uncertainty.right) {
      $0 + $1.0 * $1.1 * $1.1
    }
    #expect(abs(mean / expected - 1) < 0.1)
  }

  /// Levels are log-uniform over so many decades, and weights go with them.
  @Test func trainingNoiseIsBalanced() {
    let clean = example()
    let n = clean.n
    var levels: [Double] = []
    for visit in 0..<400 {
      var system = clean
      let noise = TrainingNoise(
        model: .absolute, target: .A, level: 0.1, decades: 5, balanced: true)
      let weight = noise.apply(to: &system, visit: visit, seed: 2)
      var square = 0.0
      for j in 0..<n {
        for i in 1..<n - 1 {
          let change = system.A[j * n + i] - clean.A[j * n + i]
          square += change * change
        }
      }
      let level = (square / Double(n * (n - 2))).squareRoot()
      levels.append(log10(level))
      let expected = 0.1 * 1e-3 / (level * level + 1e-6)
      #expect(abs(weight / expected - 1) < 0.2)
      let plain = TrainingNoise(model: .absolute, target: .A, level: 0.1)
      #expect(plain.apply(to: &system, visit: visit, seed: 2) == 1)
    }
    let mean = levels.reduce(0, +) / 400
    #expect(abs(mean + 3.5) < 0.25)
    #expect((levels.min() ?? 0) < -5.8 && (levels.max() ?? 0) > -1.2)
  }
}
