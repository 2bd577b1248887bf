import Foundation
import Networks
import TensorFiles
import TestSupport
import Testing
import Training

/// Ten steps against PyTorch's, from `TestSupport/Golden/make_golden.py`.
@Suite(.serialized)
struct OptimizerTests {
  @Test(arguments: GoldenNetwork.names, OptimizerKind.allCases)
  func tenStepsAgreeWithPyTorch(_ name: String, _ kind: OptimizerKind) throws {
    let golden = try GoldenNetwork(name)
    let file = golden.file
    let engine = try ComputeEngine(threads: 2)
    let network = try golden.network(engine: engine)
    let tokens = try golden.tokens(for: network)
    let optimizer = try kind.makeOptimizer(
      network, engine: engine,
      constants: AdamWConstants(weightDecay: golden.number("weight_decay")))
    let targets = try file.floats("targets")
    for _ in 0..<10 {
      _ = try network.trainingPass(
        tokens, targets: targets, samples: golden.samples)
      let norm = network.gradients.elements.reduce(0.0) {
        $0 + Double($1) * Double($1)
      }.squareRoot()
      let scale = min(1, golden.number("clip") / (norm + 1e-6))
      try optimizer.step(
        learningRate: golden.number("lr"), gradientScale: Float(scale))
      network.parametersChanged()
    }
    for tensor in network.layout.tensors {
      let start = try file.floats("weights." + tensor.name)
      let expected = try file.floats("\(kind.rawValue).\(tensor.name)")
      let found = Array(network.parameters.elements[tensor.range])
      var error = 0.0
      var moved = 0.0
      for index in found.indices {
        error +=
          Double(found[index] - expected[index])
          * Double(
            found[index] - expected[index])
        moved +=
          Double(expected[index] - start[index])
          * Double(
            expected[index] - start[index])
      }
      // Relative to how far PyTorch moved the tensor. AdamW divides by the
      // root of squared gradients, so gradients that vanish but for rounding
      // (the key's bias) move freely: a third of qkv.bias.
      let tolerance = tensor.name.hasSuffix("qkv.bias") ? 0.9 : 2e-3
      #expect(
        (error / moved).squareRoot() < tolerance,
        "\(tensor.name): \((error / moved).squareRoot())")
    }
  }

  @Test(arguments: Precision.allCases)
  func newtonSchulzBringsSingularValuesNearOne(_ precision: Precision) throws {
    let engine = try ComputeEngine(threads: 2)
    for (rows, columns) in [(4, 9), (9, 4), (6, 6)] {
      let iteration = try NewtonSchulz(
        engine, precision: precision, count: 2, rows: rows, columns: columns)
      for index in 0..<iteration.matrices.count {
        iteration.matrices.pointer[index] = Float((index * 37) % 11) - 5
      }
      try iteration.orthogonalize()
      // ‖X‖²_F is the sum of min(rows, columns) squared singular values.
      for index in 0..<2 {
        let size = rows * columns
        let sum = iteration.matrices.elements[
          (index * size)..<((index + 1) * size)
        ]
        .reduce(0.0) { $0 + Double($1) * Double($1) }
        let mean = sum / Double(min(rows, columns))
        #expect((0.3...1.5).contains(mean), "\(rows) × \(columns): \(mean)")
      }
    }
  }
}
