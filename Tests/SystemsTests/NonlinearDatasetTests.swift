import Chebyshev
import Equations
import Foundation
import Systems
import TestSupport
import Testing

/// Datasets of nonlinear equations, and of those whose samples are not all
/// solvable.
struct NonlinearDatasetTests {
  private let temporary: TemporaryFolder

  init() throws { temporary = try TemporaryFolder() }

  /// −u″ = λ eᵘ + u′²/10.
  private static let gelfand = equationText(
    parameters: ["lambda: {uniform: [0.2, 2]}"],
    coefficients: ["K: 1", "f: lambda * exp(u) + du^2 / 10"])

  private func generate(
    _ name: String, _ text: String, _ contents: DatasetContents,
    samples: Range<Int> = 0..<23, threads: Int = 1, nodes: Int = 24
  ) throws -> DatasetGenerator.Summary {
    try DatasetGenerator(
      Equation(yaml: text, path: "mine.yaml"), nodes: nodes, seed: 3,
      samples: samples, threads: threads, contents: contents,
      labelSamples: samples
    ).write(to: temporary.path + "/" + name)
  }

  private func read(_ name: String) throws -> DatasetReader {
    try DatasetReader(path: temporary.path + "/" + name)
  }

  /// −u″ − λ eᵘ − u′²/10 at the inner nodes.
  private func residual(_ u: [Double], _ lambda: Double) -> [Double] {
    let n = u.count
    let D = diffmat(n, on: 0...1)
    func derivative(_ v: [Double]) -> [Double] {
      (0..<n).map { i in
        (0..<n).reduce(0.0) { $0 + D[i * n + $1] * v[$1] }
      }
    }
    let du = derivative(u)
    let ddu = derivative(du)
    return (1..<n - 1).map { i -> Double in
      let source = lambda * exp(u[i]) + du[i] * du[i] / 10
      return -ddu[i] - source
    }
  }

  @Test func labelsSolveTheNonlinearEquation() throws {
    let contents = DatasetContents(
      newton: NewtonSystems(initial: "0", isEveryStep: false))
    let summary = try generate("d", Self.gelfand, contents)
    #expect(summary.rows == 23 && summary.leftOut == 0)
    #expect(try #require(summary.labelErrors).p90 < 1e-16)
    let reader = try read("d")
    #expect(reader.contents == contents)
    for row in [0, 11, 22] {
      let problem = try reader.problem(row)
      let lambda = problem.parameters[0]
      let u = try reader.solution(row)
      #expect(residual(u, lambda).allSatisfy { abs($0) < 1e-8 })
      #expect(abs(u[0]) + abs(u[23]) < 1e-12)
      // Linearised at 0: q = −λ, w = 0, f = λ.
      let q = try #require(problem.q)
      let w = try #require(problem.w)
      #expect(q.allSatisfy { abs($0 + lambda) < 1e-13 })
      #expect(problem.f.allSatisfy { abs($0 - lambda) < 1e-13 })
      #expect(w.allSatisfy { $0 == 0 })
    }
  }

  @Test func everyStepIsALinearSystemWhoseSolutionIsTheFullStep() throws {
    let contents = DatasetContents(
      newton: NewtonSystems(initial: "x * (1 - x)", isEveryStep: true))
    let summary = try generate("d", Self.gelfand, contents)
    #expect(summary.labelErrors == nil)
    let reader = try read("d")
    #expect(reader.count == summary.rows && reader.count > 3 * 23)
    #expect(reader.samples == 0..<23)
    let source = try DatasetSource(reader)
    var steps: [Int: Int] = [:]
    for row in 0..<reader.count {
      let system = try source.system(row)
      let start = try #require(try reader.start(row))
      let index = try reader.index(row)
      let lambda = try reader.problem(row).parameters[0]
      // A u₀ − b is the equation's residual at u₀.
      let n = system.n
      let F = residual(start, lambda)
      for i in 1..<n - 1 {
        let product = (0..<n).reduce(0.0) {
          $0 + system.A[$1 * n + i] * start[$1]
        }
        #expect(abs(product - system.b[i] - F[i - 1]) < 1e-8)
      }
      if steps[index] == nil {
        let x = reader.nodes
        #expect(start == x.map { $0 * (1 - $0) })
      }
      steps[index, default: 0] += 1
      if try row + 1 == reader.count || reader.index(row + 1) != index {
        #expect(residual(system.u, lambda).allSatisfy { abs($0) < 1e-8 })
      }
    }
    #expect(steps.count == 23)
    #expect(source.origin?.first == 0 && source.origin?.count == 23)
    #expect(try DatasetSource(reader, limit: 2).origin?.count == 1)
  }

  @Test func shardsAndThreadsMakeTheSameBytes() throws {
    let resonant = equationText(
      parameters: ["m: {choice: [1, 1.5]}"],
      coefficients: ["K: 1", "f: 1", "q: -(m * pi)^2"])
    let steps = DatasetContents(
      newton: NewtonSystems(initial: "0", isEveryStep: true))
    for (text, contents) in [
      (Self.gelfand, steps), (resonant, DatasetContents(leavesOut: true)),
    ] {
      let whole = try generate("whole", text, contents)
      _ = try generate("many", text, contents, threads: 3)
      #expect(
        try temporary.bytes("whole") == temporary.bytes("many"))
      var rows = 0
      for shard in 1...3 {
        rows += try DatasetGenerator(
          Equation(yaml: text, path: "mine.yaml"), nodes: 24, seed: 3,
          samples: DatasetGenerator.shard(shard, of: 3, count: 23),
          contents: contents, labelSamples: 0..<23
        ).write(to: temporary.path + "/\(shard)").rows
      }
      #expect(rows == whole.rows)
      try joinDatasets(
        [2, 1, 3].map { temporary.path + "/\($0)" },
        to: temporary.path + "/joined")
      #expect(
        try temporary.bytes("whole") == temporary.bytes("joined"))
    }
  }

  @Test func unsolvableSamplesAreLeftOutAndCounted() throws {
    let text = equationText(
      parameters: ["m: {choice: [1, 1.5]}"],
      coefficients: ["K: 1", "f: 1", "q: -(m * pi)^2"])
    let summary = try generate("d", text, DatasetContents(leavesOut: true))
    let reader = try read("d")
    let sampler = try EquationSampler(
      Equation(yaml: text, path: "mine.yaml"), points: [], seed: 3)
    let solvable = try (0..<23).filter { try sampler.parameters($0) == [1.5] }
    #expect(try (0..<reader.count).map(reader.index) == solvable)
    #expect(reader.leftOut == 23 - solvable.count && reader.leftOut > 0)
    #expect(summary.leftOut == reader.leftOut && summary.samples == 23)
    // Newton's method that finds nothing: beyond the fold at λ = 3.51.
    let folded = equationText(
      parameters: ["lambda: {choice: [1, 5]}"],
      coefficients: ["K: 1", "f: lambda * exp(u)"])
    for isEveryStep in [false, true] {
      let newton = NewtonSystems(initial: "0", isEveryStep: isEveryStep)
      #expect {
        try generate("e", folded, DatasetContents(newton: newton))
      } throws: {
        "\($0)".contains("sample ") && "\($0)".contains("Newton's method")
      }
      _ = try generate(
        "e", folded, DatasetContents(newton: newton, leavesOut: true))
      let reader = try read("e")
      for row in 0..<reader.count {
        #expect(try reader.problem(row).parameters == [1])
      }
      #expect(reader.count > 0 && reader.leftOut > 0)
    }
    // A fault of the law is none of the sample.
    let faulty = equationText(
      parameters: ["k: {choice: [-1, 1]}"], coefficients: ["K: k", "f: 1"])
    #expect {
      try generate("f", faulty, DatasetContents(leavesOut: true))
    } throws: {
      "\($0)".contains("it must be positive")
    }
  }

  @Test func lawsOfNonlinearEquationsAreToldApart() throws {
    func equation(_ f: String) throws -> Equation {
      try Equation(
        yaml: equationText(coefficients: ["K: 1", "f: \(f)"]), path: "mine.yaml"
      )
    }
    let bratu = try equation("exp(u)")
    #expect(try bratu.hasLaw(of: equation("exp(u) + 0 * x")))
    #expect(try !bratu.hasLaw(of: equation("exp(u) + 0.1 * du")))
    #expect(try !bratu.hasLaw(of: equation("exp(-u)")))
  }
}
