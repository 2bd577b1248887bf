import DenseSolvers
import Equations
import Foundation
import Systems
import TestSupport
import Testing

@testable import Experiments

/// What anyone could reach, and who reaches it.
struct MaximumAPosterioriTests {
  private func noise(
    _ model: Noise.Model, _ target: Noise.Target, _ level: Double
  ) -> Noise { Noise(model: model, target: target, level: level, seed: 5) }

  /// The errors of map and the bounds of samples.
  private func compare(
    _ name: String, _ noise: Noise, count: Int, nodes: Int = 32
  ) throws -> (map: Double, bound: Double) {
    let equation = try Equation.load(name)
    let source = try EquationSource(
      equation, nodes: nodes, seed: 77, count: count)
    let map = try MaximumAPosteriori(equation, nodes: nodes)
    let bound = try ErrorBound(equation, nodes: nodes, seed: 77)
    let workspace = SystemWorkspace()
    var (errors, bounds) = (0.0, 0.0)
    for index in 0..<count {
      let clean = try source.system(index)
      var noisy = clean
      noise.apply(to: &noisy, sample: index)
      let u = try map.solve(
        noisy, noise: NoiseKnowledge(noise: noise), workspace: workspace)
      errors += try #require(SquaredError(u, clean.u).relative)
      bounds += try #require(
        try bound.relativeMSE(
          of: clean, sample: index, under: noise, workspace: workspace))
    }
    return (errors / Double(count), bounds / Double(count))
  }

  /// Where the posterior is nearly normal the error of its mode is the bound's.
  @Test(arguments: ["diffusion", "advection-diffusion"])
  func mapReachesTheBound(_ name: String) throws {
    for (noise, count) in [
      (noise(.rms, .A, 1e-3), 40), (noise(.absolute, .A, 1e-2), 40),
      (noise(.rms, .b, 1e-2), 20), (noise(.rms, .both, 1e-3), 8),
    ] {
      let (map, bound) = try compare(name, noise, count: count)
      #expect((0.4...1.7).contains(map / bound), "\(noise): \(map), \(bound)")
    }
  }

  /// The search finds a mode at least as probable as the truth.
  @Test func theModeIsAsProbableAsTheTruth() throws {
    let equation = try Equation.load("diffusion")
    let nodes = 32
    let source = try EquationSource(equation, nodes: nodes, seed: 78, count: 24)
    let models = try LatentModel.models(equation, nodes: nodes, seed: 78)
    for noise in [noise(.rms, .A, 1e-2), noise(.rms, .A, 1e-1)] {
      let model = try #require(models[.A])
      var missed = 0
      for index in 0..<24 {
        var system = try source.system(index)
        noise.apply(to: &system, sample: index)
        let (_, point) = try MaximumAPosteriori.fit(
          system, model, noise, Workspace())
        let fit = LatentFit(model, system, noise: noise)
        let truth = try fit.objective(model.point(ofSample: index))
        if fit.objective(point) > truth + 0.5 { missed += 1 }
      }
      #expect(missed <= 1, "\(noise): \(missed) of 24")
    }
  }

  /// The posterior of two parameters over all of their box, by brute force.
  @Test func thePosteriorIsThatOfAGrid() throws {
    let text = equationText(
      domain: "[0, 1]",
      parameters: ["alpha: {uniform: [0, 2]}", "c: {uniform: [0, 20]}"],
      coefficients: ["K: 1 + alpha * x", "f: 1", "q: c"])
    let equation = try Equation(yaml: text, path: "two")
    let n = 10
    let system = try EquationSource(equation, nodes: n, seed: 4, count: 3)
      .system(2)
    var noisy = system
    let noise = noise(.absolute, .A, 3)
    noise.apply(to: &noisy, sample: 2)
    let map = try MaximumAPosteriori(equation, nodes: n)
    let found = try map.posterior(
      of: noisy, noise: noise, workspace: SystemWorkspace())

    // Weights exp(−Φ) over the box, Φ from the entries alone.
    let collocation = Collocation(nodes: n, on: 0...1)
    let x = try EquationSampler(equation, nodes: n, seed: 4).nodes
    var (values, answers): ([Double], [[Double]]) = ([], [])
    let steps = 80
    for i in 0...steps {
      for j in 0...steps {
        let alpha = 2 * Double(i) / Double(steps)
        let c = 20 * Double(j) / Double(steps)
        let own = collocation.assemble(
          BoundaryValueProblem(
            K: x.map { 1 + alpha * $0 }, f: x.map { _ in 1 },
            q: x.map { _ in c }))
        var half = 0.0
        for entry in own.A.indices {
          let difference = (noisy.A[entry] - own.A[entry]) / noise.level
          half += 0.5 * difference * difference
        }
        values.append(half)
        answers.append(try DenseSolver.lu.solve(A: own.A, b: own.b, n: n))
      }
    }
    let least = try #require(values.min())
    let weights = values.map { exp(least - $0) }
    let sum = weights.reduce(0, +)
    for node in 1..<n - 1 {
      var (mean, square) = (0.0, 0.0)
      for (weight, u) in zip(weights, answers) {
        mean += weight / sum * u[node]
        square += weight / sum * u[node] * u[node]
      }
      let deviation = (square - mean * mean).squareRoot()
      #expect(abs(found.u[node] - mean) < 0.25 * deviation)
      #expect(abs(found.deviations[node] / deviation - 1) < 0.15)
    }
  }

  /// Any number of choices: one after another is found, and none is counted.
  @Test func manyChoicesAreSearched() throws {
    let names = (1...64).map { "p\($0)" }
    let terms = names.enumerated().map { "\($1) * x^\($0 % 3)" }
    let text = equationText(
      domain: "[0, 1]", parameters: names.map { "\($0): {choice: [1, 2]}" },
      coefficients: ["K: " + terms.joined(separator: " + "), "f: 1"])
    let equation = try Equation(yaml: text, path: "choices")
    let source = try EquationSource(equation, nodes: 12, seed: 4, count: 6)
    let map = try MaximumAPosteriori(equation, nodes: 12)
    let noise = noise(.relative, .A, 1e-3)
    var found = 0
    for index in 0..<6 {
      let clean = try source.system(index)
      var noisy = clean
      noise.apply(to: &noisy, sample: index)
      // What is not found is no answer.
      let u = try? map.solve(
        noisy, noise: NoiseKnowledge(noise: noise),
        workspace: SystemWorkspace())
      guard let u else { continue }
      found += 1
      #expect(try #require(SquaredError(u, clean.u).relative) < 1e-6)
    }
    #expect(found > 0)
  }

  /// Data that no parameters explain have no answer.
  @Test func whatIsNotExplainedIsAFailure() throws {
    let equation = try Equation.load("diffusion")
    let map = try MaximumAPosteriori(equation, nodes: 16)
    var system = try EquationSource(equation, nodes: 16, seed: 1, count: 1)
      .system(0)
    for j in 0..<16 { system.A[j * 16 + 7] *= 1.5 }
    #expect(throws: SolveFailure.notFitted) {
      try map.solve(
        system, noise: NoiseKnowledge(noise: noise(.relative, .A, 1e-6)),
        workspace: SystemWorkspace())
    }
  }
}
