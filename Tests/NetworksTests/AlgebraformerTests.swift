import Networks
import TestSupport
import Testing

@Suite(.serialized)
struct AlgebraformerTests {
  @Test func parameterCountsAreThePapers() throws {
    let paper = try AlgebraformerConfiguration(
      n: 64, width: 256, depth: 12, heads: 8)
    #expect(paper.layout.parameterCount == 9_511_169)
    let compact = try AlgebraformerConfiguration()
    #expect(compact.layout.parameterCount == 1_206_657)
  }

  @Test(arguments: [
    (n: 3, width: 6, heads: 3), (n: 17, width: 20, heads: 1),
    (n: 33, width: 64, heads: 4),
  ])
  func gradientsAreDerivativesAtAnyShape(_ n: Int, _ width: Int, _ heads: Int)
    throws
  {
    let engine = try ComputeEngine(threads: 2)
    let shape = try AlgebraformerConfiguration(
      n: n, width: width, depth: 1, heads: heads)
    let network = try Network(
      .algebraformer(shape), engine: engine, capacity: 2, isTraining: true)
    try network.initialize(seed: 5)
    let tokens = network.patternedTokens()
    let targets = (0..<(2 * n)).map { Float($0 % 5) - 2 }
    _ = try network.trainingPass(tokens, targets: targets, samples: 2)
    let gradients = Array(network.gradients.elements)
    // The derivative along the gradient's sign in each tensor, by central
    // differences.
    for tensor in network.layout.tensors {
      let step: Float = 2e-3
      let start = Array(network.parameters.elements[tensor.range])
      let signs = gradients[tensor.range].map { Float($0 < 0 ? -1 : 1) }
      func loss(_ sign: Float) throws -> Double {
        for index in 0..<tensor.count {
          network.parameters.pointer[tensor.offset + index] =
            start[index] + sign * step * signs[index]
        }
        try network.parametersChanged()
        return try network.trainingPass(tokens, targets: targets, samples: 2)
      }
      let measured = (try loss(1) - loss(-1)) / Double(2 * step)
      _ = try loss(0)
      let expected = gradients[tensor.range].reduce(0.0) {
        $0 + Double(abs($1))
      }
      #expect(
        abs(measured - expected) < 0.03 * expected + 1e-4, "\(tensor.name)")
    }
  }

  @Test(
    arguments: [(3, 6, 3), (17, 20, 1), (33, 64, 4), (64, 96, 2), (40, 72, 2)],
    [false, true])
  func bf16AgreesWithFloat32AtAnyShape(
    _ shape: (n: Int, width: Int, heads: Int), _ causal: Bool
  ) throws {
    let engine = try ComputeEngine(threads: 2)
    let configuration = try AlgebraformerConfiguration(
      n: shape.n, width: shape.width, depth: 1, heads: shape.heads,
      causal: causal)
    let samples = 3
    let targets = (0..<(samples * shape.n)).map { Float($0 % 5) - 2 }
    let networks = try Precision.allCases.map {
      let network = try Network(
        .algebraformer(configuration), engine: engine, precision: $0,
        capacity: samples,
        isTraining: true)
      try network.initialize(seed: 5)
      _ = try network.trainingPass(
        network.patternedTokens(), targets: targets, samples: samples)
      return network
    }
    for tensor in networks[0].layout.tensors {
      // The key's bias has no gradient but rounding.
      guard !tensor.name.hasSuffix("qkv.bias") else { continue }
      let difference = relativeDifference(
        networks[1].gradients.elements[tensor.range],
        networks[0].gradients.elements[tensor.range])
      #expect(difference < 5e-2, "\(tensor.name)")
    }
  }

  @Test func shapesThatCannotBeAreRefused() {
    #expect(throws: NetworkError.self) {
      try AlgebraformerConfiguration(width: 100, heads: 3)
    }
    #expect(throws: NetworkError.self) { try AlgebraformerConfiguration(n: 0) }
    #expect(throws: NetworkError.self) {
      try AlgebraformerConfiguration(depth: -1)
    }
  }
}
