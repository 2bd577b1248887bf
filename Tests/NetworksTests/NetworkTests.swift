import TensorFiles
import TestSupport
import Testing

@testable import Networks

/// What every network must do, against PyTorch in float64.
@Suite(.serialized)
struct NetworkTests {
  @Test(arguments: GoldenNetwork.names, [1, 2])
  func forwardAgreesWithPyTorch(_ name: String, _ threads: Int) throws {
    let golden = try GoldenNetwork(name)
    let expected = try golden.file.floats("outputs")
    let engine = try ComputeEngine(threads: threads)
    for isTraining in [true, false] {
      let network = try golden.network(engine: engine, isTraining: isTraining)
      try network.forward(
        golden.tokens(for: network), samples: golden.samples)
      #expect(relativeDifference(network.outputs.elements, expected) < 1e-6)
    }
  }

  @Test(arguments: GoldenNetwork.names, [1, 2, 8])
  func gradientsAgreeWithPyTorch(_ name: String, _ chunk: Int) throws {
    let golden = try GoldenNetwork(name)
    let engine = try ComputeEngine(threads: 2)
    let network = try golden.network(engine: engine, chunk: chunk)
    let targets = try golden.file.floats("targets")
    let loss = try network.trainingPass(
      golden.tokens(for: network), targets: targets,
      rightHandSides: golden.rightHandSides, samples: golden.samples)
    let expected = try golden.file.doubles("loss")[0]
    #expect(abs(loss - expected) < 1e-6 * expected)
    for tensor in network.layout.tensors {
      let gradient = try golden.file.floats("gradients." + tensor.name)
      // The key's bias shifts every score of a row alike: its gradient is
      // zero, and rounding is all that is left of it in `qkv.bias`.
      let difference = relativeDifference(
        network.gradients.elements[tensor.range], gradient)
      #expect(difference < 1e-5, "\(tensor.name)")
    }
  }

  @Test(arguments: ["bidirectional", "lstm", "gru"])
  func aSmallerBatchGivesTheSameAnswers(_ name: String) throws {
    let golden = try GoldenNetwork(name)
    let engine = try ComputeEngine(threads: 2)
    let network = try golden.network(engine: engine)
    let tokens = try golden.tokens(for: network)
    try network.forward(tokens, samples: golden.samples)
    let all = Array(network.outputs.elements)
    try network.forward(tokens, samples: 2)
    let n = golden.configuration.n
    #expect(
      relativeDifference(network.outputs.elements[..<(2 * n)], all[..<(2 * n)])
        < 1e-6)
  }

  /// The pass that workers share, on any number of them.
  @Test(arguments: GoldenNetwork.names, Precision.allCases)
  func aSampleAloneGivesTheSameAnswer(_ name: String, _ precision: Precision)
    throws
  {
    let golden = try GoldenNetwork(name)
    let n = golden.configuration.n
    var alone: [[Float]] = []
    for threads in [1, 2, 3] {
      let network = try golden.network(
        engine: ComputeEngine(threads: threads), precision: precision,
        isTraining: false)
      let tokens = try golden.tokens(for: network)
      try network.forward(tokens, samples: golden.samples)
      let all = Array(network.outputs.elements)
      for _ in 0..<3 {
        try network.forward(tokens, samples: 1)
        alone.append(Array(network.outputs.elements[..<n]))
      }
      #expect(
        relativeDifference(alone[0], all[..<n])
          < (precision == .f32 ? 1e-6 : 2e-2))
    }
    #expect(alone.allSatisfy { $0 == alone[0] })
  }

  /// Parts of the chunks, computed one after another and exchanged as processes
  /// exchange them, are those of all chunks together.
  @Test(arguments: [1, 2, 3, 5, 7, 8, 13], [1, 2, 3, 5])
  func subtreesCoverTheChunks(_ count: Int, _ parts: Int) {
    var covered: [Int] = []
    for part in 0..<parts {
      let own = (count * part / parts)..<(count * (part + 1) / parts)
      for range in GradientTree.sums(of: own, count: count) {
        covered += range
        // A node: of a power of two, or the last ones there are.
        let size = range.count
        #expect(
          range.lowerBound.isMultiple(
            of: 1 << (Int.bitWidth - 1 - size.leadingZeroBitCount))
            && (size & (size - 1) == 0 || range.upperBound == count))
      }
    }
    #expect(covered == Array(0..<count))
  }

  @Test(arguments: ["bidirectional", "lstm", "gru"])
  func passesAreDeterministic(_ name: String) throws {
    let golden = try GoldenNetwork(name)
    let engine = try ComputeEngine(threads: 2)
    let targets = try golden.file.floats("targets")
    let network = try golden.network(engine: engine)
    let tokens = try golden.tokens(for: network)
    _ = try network.trainingPass(
      tokens, targets: targets, samples: golden.samples)
    let first = Array(network.gradients.elements)
    for _ in 0..<5 {
      _ = try network.trainingPass(
        tokens, targets: targets, samples: golden.samples)
      #expect(Array(network.gradients.elements) == first)
    }
  }

  @Test(arguments: ["bidirectional", "lstm", "gru"])
  func bf16IsAsExactAsItsOperands(_ name: String) throws {
    let golden = try GoldenNetwork(name)
    let engine = try ComputeEngine(threads: 2)
    let network = try golden.network(engine: engine, precision: .bf16)
    let targets = try golden.file.floats("targets")
    _ = try network.trainingPass(
      golden.tokens(for: network), targets: targets, samples: golden.samples)
    let outputs = try golden.file.floats("outputs")
    let difference = relativeDifference(network.outputs.elements, outputs)
    #expect(difference < 2e-2)
    #expect(difference > 1e-5, "bf16 must round")
    for tensor in network.layout.tensors {
      let gradient = try golden.file.floats("gradients." + tensor.name)
      let difference = relativeDifference(
        network.gradients.elements[tensor.range], gradient)
      #expect(difference < 5e-2, "\(tensor.name)")
    }
  }
}
