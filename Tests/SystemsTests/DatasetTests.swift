import DenseSolvers
import Equations
import Foundation
import Parallel
import Systems
import TensorFiles
import TestSupport
import Testing

struct DatasetTests {
  private let temporary: TemporaryFolder
  private var folder: String { temporary.path }

  init() throws { temporary = try TemporaryFolder() }

  private func bytes(_ name: String) throws -> Data {
    try temporary.bytes(name)
  }

  private func generate(
    _ name: String, _ equation: String = "advection-reaction-diffusion",
    samples: Range<Int> = 0..<600, threads: Int = 1, nodes: Int = 16,
    withSystems: Bool = false
  ) throws -> String {
    let path = folder + "/" + name
    try DatasetGenerator(
      try Equation.load(equation), nodes: nodes, seed: 11, samples: samples,
      threads: threads, withSystems: withSystems
    ).write(to: path)
    return path
  }

  @Test func theNumberOfThreadsDoesNotChangeAByte() throws {
    for withSystems in [false, true] {
      _ = try generate("one", threads: 1, withSystems: withSystems)
      for threads in [2, 3] {
        _ = try generate("many", threads: threads, withSystems: withSystems)
        #expect(try bytes("one") == bytes("many"))
      }
    }
  }

  @Test func fiveShardsInAnyOrderJoinToTheWhole() throws {
    let count = 603
    _ = try generate("whole", samples: 0..<count, withSystems: true)
    let shards = try (1...5).map { shard in
      try generate(
        "shard\(shard)",
        samples: DatasetGenerator.shard(shard, of: 5, count: count),
        withSystems: true)
    }
    try joinDatasets(shards.reversed(), to: folder + "/joined")
    #expect(try bytes("whole") == bytes("joined"))
  }

  @Test func shardsThatDoNotFitAreRefused() throws {
    let first = try generate("a", samples: 0..<10)
    let third = try generate("b", samples: 20..<30)
    let other = try generate("c", "diffusion", samples: 10..<20)
    let output = folder + "/joined"
    for paths in [[first, third], [first, first], [first, other], []] {
      #expect(throws: SystemError.self) { try joinDatasets(paths, to: output) }
    }
    #expect(!FileManager.default.fileExists(atPath: output))
  }

  @Test func samplesAreThoseOfTheSamplerAndSolveTheirSystems() throws {
    let n = 32
    let path = try generate("d", samples: 5..<45, nodes: n, withSystems: true)
    let reader = try DatasetReader(path: path)
    #expect(
      reader.count == 40 && reader.n == n && reader.samples.lowerBound == 5)
    #expect(reader.largestResidual > 0 && reader.largestResidual < 1e-15)
    let sampler = try EquationSampler(
      try Equation.load("advection-reaction-diffusion"), nodes: n, seed: 11)
    let collocation = Collocation(nodes: n, on: reader.equation.domain)
    let file = try SafetensorsFile(path: path)
    for row in [0, 17, 39] {
      let problem = try reader.problem(row)
      let drawn = try sampler.sample(5 + row)
      #expect(problem.parameters == drawn.parameters)
      #expect(problem.K == drawn.K && problem.f == drawn.f)
      #expect(problem.q == drawn.q && problem.v == drawn.v)
      #expect(problem.left == drawn.left && problem.right == drawn.right)
      var A = [Double](repeating: 0, count: n * n)
      var b = [Double](repeating: 0, count: n)
      collocation.assemble(problem, A: &A, b: &b)
      let stored = try file.doubles("A", (row * n * n)..<((row + 1) * n * n))
      for i in 0..<n {
        for j in 0..<n { #expect(stored[i * n + j] == A[j * n + i]) }
      }
      #expect(try file.doubles("b", (row * n)..<((row + 1) * n)) == b)
      let u = try reader.solution(row)
      #expect(try DenseSolver.lu.solve(A: A, b: b, n: n) == u)
    }
    #expect(throws: SystemError.self) { try reader.problem(40) }
  }

  @Test func aCancelledGenerationLeavesNothing() throws {
    let generator = DatasetGenerator(
      try Equation.load("diffusion"), nodes: 8, samples: 0..<2000)
    var calls = 0
    #expect(throws: Cancelled()) {
      try generator.write(
        to: folder + "/x", cancellation: Cancellation { calls > 2 },
        progress: { _ in calls += 1 })
    }
    #expect(try temporary.content.isEmpty)
  }

  @Test func aSampleOutsideTheEquationsReachIsNamed() throws {
    let text = try Equation.load("diffusion").source.replacing(
      "1 + alpha * cos", with: "0.5 + alpha * cos")
    let equation = try Equation(yaml: text, path: "mine.yaml")
    let generator = DatasetGenerator(equation, samples: 0..<200)
    #expect {
      try generator.write(to: folder + "/x")
    } throws: { error in
      "\(error)".contains("sample ") && "\(error)".contains("mine.yaml")
    }
    #expect(try temporary.content.isEmpty)
  }
}

// MARK: Damage

struct DamagedDatasetTests {
  /// A dataset of three samples, rewritten with changes.
  private func complaint(
    metadata change: (inout [String: String]) -> Void = { _ in },
    tensors: (inout [(String, DType, [Int])]) -> Void = { _ in },
    values: (String, inout [Double]) -> Void = { _, _ in }
  ) throws -> String {
    let folder = try TemporaryFolder()
    let path = folder.path("damaged")
    try DatasetGenerator(
      try Equation.load("diffusion"), nodes: 8, samples: 0..<3
    ).write(to: path)
    let file = try SafetensorsFile(path: path)
    var metadata = file.metadata
    change(&metadata)
    var layout = file.tensors.map { ($0.name, $0.dtype, $0.shape) }
    tensors(&layout)
    let writer = try SafetensorsWriter(
      path: path, tensors: layout, metadata: metadata)
    for (name, dtype, shape) in layout where dtype == .F64 {
      var data = (try? file.doubles(name)) ?? []
      values(name, &data)
      try writer.write(name, doubles: data.prefix(shape.reduce(1, *)))
    }
    try writer.finish()
    do {
      let reader = try DatasetReader(path: path)
      for row in 0..<reader.count {
        _ = try reader.problem(row)
        _ = try reader.solution(row)
      }
      return "none"
    } catch {
      return "\(error)".replacing(path, with: "FILE")
    }
  }

  @Test func whatIsWrongIsSaid() throws {
    #expect(try complaint() == "none")
    #expect(
      try complaint(metadata: { $0["format"] = nil })
        == "FILE: metadata have no 'format'; is this a dataset?")
    #expect(
      try complaint(metadata: { $0["format"] = "bvp-dataset/2" })
        == "FILE: 'format' is 'bvp-dataset/2', expected 'bvp-dataset/1'")
    #expect(
      try complaint(metadata: { $0["seed"] = "-1" })
        == "FILE: 'seed' is '-1', expected a whole number")
    for first in ["-1", "9223372036854775805"] {
      #expect(
        try complaint(metadata: { $0["first_sample"] = first })
          == "FILE: 'first_sample' is \(first), must lie between 0 and "
          + "9223372036854775804")
    }
    #expect(
      try complaint(metadata: { $0["equation"] = "name: x" })
        .hasPrefix("FILE: equation: "))
    #expect(
      try complaint(tensors: { $0.removeAll { $0.0 == "u" } })
        == "FILE: tensor 'u' of shape [samples, n] is missing")
    #expect(
      try complaint(tensors: { $0.removeAll { $0.0 == "f" } })
        == "FILE: tensor 'f' is missing")
    #expect(
      try complaint(tensors: { layout in
        for index in layout.indices where layout[index].0 == "K" {
          layout[index].2 = [2, 8]
        }
      }) == "FILE: tensor 'K' is F64 [2, 8], expected F64 [3, 8]")
    #expect(
      try complaint(values: { if $0 == "x" { $1[3] += 0.1 } })
        == "FILE: 'x' does not hold the 8 Chebyshev nodes of the domain")
    #expect(
      try complaint(values: { if $0 == "u" { $1[9] = .nan } })
        == "FILE: sample 1: 'u' is not finite")
  }
}
