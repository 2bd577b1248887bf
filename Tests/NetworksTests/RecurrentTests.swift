import Networks
import TestSupport
import Testing

struct RecurrentTests {
  @Test func parameterCountsAreThePapers() throws {
    let lstm = try RecurrentConfiguration(.lstm)
    #expect(lstm.layout.parameterCount == 12_021_505)
    let gru = try RecurrentConfiguration(.gru)
    #expect(gru.layout.parameterCount == 9_016_321)
  }

  @Test(arguments: RecurrentConfiguration.Cell.allCases)
  func inferenceAndTrainingAgreeAtOneLayerAndManySamples(
    _ cell: RecurrentConfiguration.Cell
  ) throws {
    let engine = try ComputeEngine(threads: 2)
    let shape = try RecurrentConfiguration(cell, n: 5, hidden: 7, depth: 1)
    let networks = try [true, false].map {
      try Network(
        .recurrent(shape), engine: engine, capacity: 33, isTraining: $0)
    }
    for network in networks { try network.initialize(seed: 3) }
    let tokens = networks[0].patternedTokens()
    let targets = [Float](repeating: 0.5, count: 33 * 5)
    _ = try networks[0].trainingPass(
      tokens, targets: targets, samples: 33)
    try networks[1].forward(tokens, samples: 33)
    #expect(
      Array(networks[0].outputs.elements) == Array(networks[1].outputs.elements)
    )
  }

  @Test func shapesThatCannotBeAreRefused() {
    #expect(throws: NetworkError.self) {
      try RecurrentConfiguration(.lstm, hidden: 0)
    }
    #expect(throws: NetworkError.self) {
      try RecurrentConfiguration(.gru, n: -3)
    }
  }
}
