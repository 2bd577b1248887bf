import Chebyshev
import DenseSolvers
import Equations
import Experiments
import Foundation
import Networks
import Parallel
import Systems
import Tables
import TestSupport
import Testing

/// A noise for each level.
private func noises(
  _ model: Noise.Model, _ target: Noise.Target, _ levels: [Double],
  seed: UInt64
) -> [Noise] {
  levels.map { Noise(model: model, target: target, level: $0, seed: seed) }
}

struct RobustnessTests {
  private func source(_ count: Int) throws -> EquationSource {
    try EquationSource(
      try Equation.load("diffusion"), nodes: 16, seed: 4, count: count)
  }

  @Test func classicalErrorsGrowAsTheSquareOfTheNoise() throws {
    let experiment = Robustness(
      noises: noises(.relative, .A, [0, 1e-9, 1e-8], seed: 1),
      solvers: [
        DenseSystemSolver(.lu), DenseSystemSolver(.qr), DenseSystemSolver(.svd),
      ], threads: 2)
    let results = try experiment.run(on: source(300), count: 300)
    #expect(
      results.map(\.solver) == [
        "lu", "qr", "svd", "lu", "qr", "svd", "lu", "qr", "svd",
      ])
    #expect(results.allSatisfy { $0.samples == 300 && $0.failures == 0 })
    for result in results[0..<3] { #expect(result.relativeMSE.median < 1e-22) }
    for index in 3..<6 {
      let small = results[index].relativeMSE.median
      let large = results[index + 3].relativeMSE.median
      #expect(abs(large / small - 100) < 0.1)
      // The three are backward stable: the noise decides, not the method.
      #expect(abs(small / results[3].relativeMSE.median - 1) < 1e-3)
    }
  }

  @Test func theNumberOfThreadsDoesNotChangeTheErrors() throws {
    let medians = try [1, 2].map { threads in
      let experiment = Robustness(
        noises: noises(.rms, .both, [1e-6], seed: 1),
        solvers: [
          DenseSystemSolver(.lu), DenseSystemSolver(.tikhonov),
          DenseSystemSolver(.tsvd),
        ],
        threads: threads)
      return try experiment.run(on: source(150), count: 150)
        .map(\.relativeMSE)
    }
    #expect(medians[0] == medians[1])
  }

  @Test func aNetworkSeesTheSameNoisySystems() throws {
    let engine = try ComputeEngine(threads: 1)
    let network = try Network(
      .algebraformer(
        AlgebraformerConfiguration(n: 16, width: 8, depth: 1, heads: 2)),
      engine: engine, precision: .f32, capacity: 7, isTraining: false)
    try network.initialize(seed: 1)
    let predictor = try Predictor(
      network,
      encoding: .system(
        SystemEncoding(kind: .equilibrated, matrixGain: 1, vectorGain: 1)),
      n: 16)
    let source = try source(20)
    let noise = Noise(model: .relative, target: .b, level: 0.1, seed: 9)
    let experiment = Robustness(
      noises: noises(
        noise.model, noise.target, [noise.level], seed: noise.seed),
      solvers: [NetworkSolver("small", predictor)],
      threads: 1)
    let result = try #require(
      try experiment.run(on: source, count: 20).first)
    var errors: [Double] = []
    for index in 0..<20 {
      var system = try source.system(index)
      noise.apply(to: &system, sample: index)
      let prediction = try predictor.predict(A: system.A, b: system.b)
      errors.append(relativeSquaredError(prediction, system.u))
    }
    #expect(
      abs(result.relativeMSE.mean / Distribution(errors).mean - 1)
        < 1e-5)
    #expect(result.solver == "small" && result.samples == 20)
  }

  @Test func projectionRecoversTheOperatorWhereLUCannot() throws {
    let equation = try Equation.load("diffusion")
    let source = try EquationSource(equation, nodes: 32, seed: 4, count: 60)
    for model in Noise.Model.allCases {
      let experiment = Robustness(
        noises: noises(model, .A, [0, 1e-4], seed: 1),
        solvers: [
          DenseSystemSolver(.lu), try Projection(equation, nodes: 32),
        ],
        threads: 2)
      let results = try experiment.run(on: source, count: 60)
      // Clean data are fitted to rounding.
      #expect(results[1].relativeMSE.median < 1e-16)
      #expect(
        results[3].relativeMSE.median < 1e-3 * results[2].relativeMSE.median,
        "\(model)")
    }
  }

  @Test(arguments: ["reaction-diffusion", "advection-diffusion"])
  func projectionFitsReactionAndAdvection(_ name: String) throws {
    let equation = try Equation.load(name)
    let source = try EquationSource(equation, nodes: 24, seed: 2, count: 20)
    let experiment = Robustness(
      noises: noises(.relative, .A, [0, 1e-5], seed: 1),
      solvers: [DenseSystemSolver(.lu), try Projection(equation, nodes: 24)],
      threads: 2)
    let results = try experiment.run(on: source, count: 20)
    #expect(results[1].relativeMSE.median < 1e-14)
    #expect(
      results[3].relativeMSE.median < 0.1 * results[2].relativeMSE.median)
  }

  /// What is known comes from the formula: the first samples' q are alike by
  /// chance, as a law of few values has it.
  @Test func projectionTakesNoRandomCoefficientForKnown() throws {
    func equation(_ q: String) throws -> Equation {
      try Equation(
        yaml: """
          name: lottery
          domain: [0, 7.5]
          parameters:
            alpha: {uniform: [0.25, 0.75]}
            s: {choice: [0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 0.1, 3]}
            c: 0.5
          coefficients: {K: 1 + alpha * cos(x), f: 1, q: "\(q)"}
          boundary: {left: {dirichlet: 0}, right: {dirichlet: 0}}
          """, path: "lottery")
    }
    for q in ["s", "c * indicator(3, 4.5)"] {
      let equation = try equation(q)
      let source = try EquationSource(equation, nodes: 24, seed: 0, count: 60)
      let results = try Robustness(
        noises: noises(.relative, .A, [0], seed: 1),
        solvers: [try Projection(equation, nodes: 24)], threads: 2
      ).run(on: source, count: 60)
      #expect(results[0].relativeMSE.p90 < 1e-12, "\(q)")
      #expect(results[0].relativeMSE.mean < 1e-12, "\(q)")
    }
    let shared = try EquationSampler(equation("c * x"), nodes: 5, seed: 0)
    #expect(shared.sharedCoefficients.q == shared.nodes.map { 0.5 * $0 })
    #expect(shared.sharedCoefficients.v == nil)
    let random = try EquationSampler(equation("s"), nodes: 5, seed: 0)
    #expect(random.sharedCoefficients.q == nil)
    let fixed = try EquationSampler(
      equation("s"), nodes: 3, seed: 0, overrides: ["s": 2])
    #expect(fixed.sharedCoefficients.q == [2, 2, 2])
  }

  @Test func solutionsThatAreZeroAndFailuresAreCountedApart() throws {
    let equation = try Equation(
      yaml: """
        name: zero
        domain: [0, 1]
        parameters: {s: {choice: [0, 1]}}
        coefficients: {K: 1, f: s}
        boundary: {left: {dirichlet: 0}, right: {dirichlet: 0}}
        """, path: "zero")
    let source = try EquationSource(equation, nodes: 12, seed: 0, count: 40)
    let zeros = try (0..<40).count { index in
      try source.system(index).u.allSatisfy { $0 == 0 }
    }
    #expect((1..<40).contains(zeros))
    let row = try #require(
      try Robustness(
        noises: noises(.relative, .A, [1e-3], seed: 1),
        solvers: [DenseSystemSolver(.lu)], threads: 2
      ).run(on: source, count: 40).first)
    #expect(row.zeros == zeros && row.samples == 40 && row.failures == 0)
    for figure in [
      row.relativeMSE.mean, row.relativeMSE.p90, row.low, row.boundary,
    ] { #expect(figure.isFinite) }
  }

  @Test func theBandsAddUpToTheErrorInChebyshevCoefficients() throws {
    let experiment = Robustness(
      noises: noises(.relative, .A, [1e-3], seed: 1),
      solvers: [DenseSystemSolver(.lu)], threads: 1)
    let result = try #require(
      try experiment.run(on: source(1), count: 1).first)
    var system = try source(1).system(0)
    let u = system.u
    Noise(model: .relative, target: .A, level: 1e-3, seed: 1)
      .apply(to: &system, sample: 0)
    let x = try DenseSolver.lu.solve(A: system.A, b: system.b, n: 16)
    let error = try vals2coeffs(zip(x, u).map { $0 - $1 }).map { $0 * $0 }
    let whole = try vals2coeffs(u).reduce(0) { $0 + $1 * $1 }
    let sum = result.low + result.middle + result.high
    #expect(abs(sum - error.reduce(0, +) / whole) < 1e-12 * sum)
    #expect(abs(result.low - error[..<4].reduce(0, +) / whole) < 1e-12 * sum)
    // Backward stable: small residual whatever the error.
    #expect(result.residual < 1e-14)
    #expect(result.boundary < 1e-12)
    #expect(result.knows == "A, b")
  }

  @Test func aCancelledExperimentHasNoResult() throws {
    let experiment = Robustness(
      noises: noises(.relative, .A, [0], seed: 1),
      solvers: [DenseSystemSolver(.lu)], threads: 1)
    #expect(throws: Cancelled()) {
      try experiment.run(
        on: source(10), count: 10, cancellation: Cancellation { true })
    }
  }

  /// The noise of a sample is that of its number, in whatever part of a dataset.
  @Test func partsHaveTheNoiseOfTheWhole() throws {
    let folder = try TemporaryFolder()
    let noise = Noise(model: .rms, target: .both, level: 1e-6, seed: 3)
    func source(_ samples: Range<Int>) throws -> DatasetSource {
      let path = folder.path("d")
      try DatasetGenerator(
        Equation.load("diffusion"), nodes: 16, seed: 4, samples: samples
      ).write(to: path)
      return try DatasetSource(DatasetReader(path: path))
    }
    func median(_ samples: Range<Int>) throws -> Double {
      let found = try Robustness(
        noises: [noise], solvers: [DenseSystemSolver(.lu)], threads: 1
      ).run(on: source(samples), count: samples.count)
      return found[0].relativeMSE.median
    }
    let parts = try (0..<5).map { try median($0..<$0 + 1) }
    #expect(Set(parts).count == 5)
    #expect(try median(0..<5) == parts.sorted()[2])
    let repeated = try RepeatedSystem(row: 1, of: source(3..<5), count: 2)
    #expect(repeated.identity.hasPrefix("system 4 of diffusion"))
    #expect(repeated.origin?.first == 4 && repeated.origin?.count == 1)
  }
}
