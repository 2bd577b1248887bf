import Networks
import Parallel
import Systems
import TensorFiles
import TestSupport
import Testing

/// What a network reads, seen through a network that passes it on.
struct TokenBatchTests {
  /// Systems of order 3 that a formula gives.
  private struct Source: SystemSource {
    let n = 3
    let count: Int? = 5
    let identity = "five systems"

    func load(
      _ index: Int, into system: inout SolvedSystem, workspace: SystemWorkspace
    ) {
      for i in 0..<9 { system.A[i] = Double((i * 7 + index) % 5) + 1 }
      for i in 0..<3 {
        system.b[i] = Double(i + index)
        system.u[i] = Double(10 * index + i)
      }
    }
  }

  @Test(arguments: Precision.allCases)
  func aReaderWritesTheTokensOfTheEncodingAndTheAnswer(_ precision: Precision)
    throws
  {
    let encoding = SystemEncoding(
      kind: .equilibrated, matrixGain: 0.75, vectorGain: 3)
    let reader = try SystemExamples(Source()).makeReader(.system(encoding))
    let shape = try AlgebraformerConfiguration(
      n: 3, width: 4, depth: 1, heads: 1)
    let network = try Network(
      .algebraformer(shape), engine: ComputeEngine(threads: 1),
      precision: precision,
      capacity: 5, isTraining: false)
    try network.initialize(seed: 2)
    let read = network.makeTokens()
    let written = network.makeTokens()
    for index in 0..<5 {
      let answer = try reader.answer(
        index, into: read, sample: 4 - index, n: 3)
      #expect(answer == [0, 1, 2].map { Double(10 * index + $0) })
      let system = try Source().system(index)
      written.write(4 - index, encoding.tokens(A: system.A, b: system.b))
    }
    try network.forward(read, samples: 5)
    let outputs = Array(network.outputs.elements)
    try network.forward(written, samples: 5)
    #expect(outputs == Array(network.outputs.elements))
    #expect(Set(outputs).count == 15, "every sample has tokens of its own")
  }

  @Test func trainingNoiseIsNewAtEveryVisitAndLeavesTheAnswerClean() throws {
    let encoding = Encoding.system(
      SystemEncoding(kind: .raw, matrixGain: 1, vectorGain: 1))
    let noise = TrainingNoise(model: .absolute, target: .both, level: 0.5)
    let shape = try AlgebraformerConfiguration(
      n: 3, width: 4, depth: 1, heads: 1)
    let network = try Network(
      .algebraformer(shape), engine: ComputeEngine(threads: 1), capacity: 1,
      isTraining: false)
    try network.initialize(seed: 2)
    let tokens = network.makeTokens()
    func output(_ noise: TrainingNoise?, visit: Int, seed: UInt64 = 4) throws
      -> [Float]
    {
      let answer = try SystemExamples(Source(), noise: noise, seed: seed)
        .makeReader(encoding).answer(1, visit: visit, into: tokens, n: 3)
      #expect(answer == [10, 11, 12])
      try network.forward(tokens, samples: 1)
      return Array(network.outputs.elements)
    }
    #expect(try output(nil, visit: 0) == output(nil, visit: 1))
    #expect(try output(noise, visit: 0) == output(noise, visit: 0))
    #expect(try output(noise, visit: 0) != output(noise, visit: 1))
    #expect(try output(noise, visit: 0) != output(nil, visit: 0))
    #expect(
      try output(noise, visit: 0) != output(noise, visit: 0, seed: 5))
  }

  @Test func examplesOfAnotherKindOrOrderAreRefused() throws {
    let iterate = Encoding.iterate(
      IterateEncoding(iterateGain: 1, productGain: 1, targetGain: 1))
    #expect(throws: NetworkError.self) {
      try SystemExamples(Source()).makeReader(iterate)
    }
    #expect(throws: NetworkError.self) {
      try SystemExamples(Source()).calibrated(.iterate)
    }
    let network = try Network(
      .algebraformer(
        AlgebraformerConfiguration(n: 4, width: 4, depth: 1, heads: 1)),
      engine: ComputeEngine(threads: 1), capacity: 1, isTraining: false)
    let predictor = try Predictor(
      network,
      encoding: .system(
        SystemEncoding(kind: .raw, matrixGain: 1, vectorGain: 1)), n: 4)
    #expect {
      try predictor.evaluate(SystemExamples(Source()), count: 2)
    } throws: {
      "\($0)".contains("order 4, the data have order 3")
    }
  }

  @Test func predictionsComeBackFromTheirFile() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("predicted")
    let network = try Network(
      .algebraformer(
        AlgebraformerConfiguration(n: 3, width: 4, depth: 1, heads: 1)),
      engine: ComputeEngine(threads: 1), capacity: 2, isTraining: false)
    try network.initialize(seed: 3)
    let encoding = SystemEncoding(kind: .raw, matrixGain: 1, vectorGain: 1)
    let predictor = try Predictor(network, encoding: .system(encoding), n: 3)
    try PredictionFile.write(
      to: path, predictor, on: Source(), nodes: [2, 1, 0],
      notes: ["data": "five"], withTokens: true, cancellation: .never,
      progress: { _, _ in })
    let file = try PredictionFile(path: path)
    #expect(file.count == 5 && file.nodes == [2, 1, 0])
    let tensors = try SafetensorsFile(path: path)
    #expect(
      try FormatArticle.missing(
        tensors.metadata.keys + tensors.tensors.map(\.name)
      ).isEmpty)
    #expect(tensors.metadata["data"] == "five")
    for index in 0..<5 {
      let system = try Source().system(index)
      #expect(
        try file.solution(index)
          == predictor.predict(A: system.A, b: system.b))
      #expect(
        try tensors.floats("tokens", (index * 12)..<((index + 1) * 12))
          == encoding.tokens(A: system.A, b: system.b))
    }
  }
}
