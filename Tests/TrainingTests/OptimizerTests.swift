import Foundation
import Networks
import TensorFiles
import Testing
import Training

/// Ten steps against PyTorch's, from `NetworksTests/Golden/make_golden.py`.
@Suite(.serialized)
struct OptimizerTests {
  private func golden(_ name: String) throws -> SafetensorsFile {
    let path = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .appendingPathComponent("../NetworksTests/Golden/\(name).safetensors")
    return try SafetensorsFile(path: path.path)
  }

  private func integer(_ file: SafetensorsFile, _ key: String) throws -> Int {
    try #require(file.metadata[key].flatMap(Int.init))
  }

  private func number(_ file: SafetensorsFile, _ key: String) throws -> Double {
    try #require(file.metadata[key].flatMap(Double.init))
  }

  @Test(
    arguments: ["bidirectional", "causal", "lstm", "gru"],
    OptimizerKind.allCases)
  func tenStepsAgreeWithPyTorch(_ name: String, _ kind: OptimizerKind) throws {
    let file = try golden(name)
    let engine = try ComputeEngine(threads: 2)
    let model = try #require(
      file.metadata["model"].flatMap(NetworkConfiguration.Model.init))
    let shape = try NetworkConfiguration(
      model, n: integer(file, "n"), width: integer(file, "width"),
      depth: integer(file, "depth"),
      heads: model == .algebraformer ? integer(file, "heads") : 1,
      causal: file.metadata["causal"] == "true")
    let samples = try #require(file["tokens"]).shape[0]
    let network = try shape.makeNetwork(
      engine: engine, capacity: samples, isTraining: true)
    for tensor in network.layout.tensors {
      let values = try file.floats("weights." + tensor.name)
      for (index, value) in values.enumerated() {
        network.parameters.pointer[tensor.offset + index] = value
      }
    }
    for (index, value) in try file.floats("tokens").enumerated() {
      network.tokens.pointer[index] = value
    }
    let constants = AdamWConstants(
      weightDecay: try number(file, "weight_decay"))
    let optimizer: any Optimizer =
      kind == .muon
      ? try Muon(network, engine: engine, constants: constants)
      : AdamW(network, constants: constants)
    let targets = try file.floats("targets")
    for _ in 0..<10 {
      _ = try network.trainingPass(targets: targets, samples: samples)
      let norm = network.gradients.elements.reduce(0.0) {
        $0 + Double($1) * Double($1)
      }.squareRoot()
      let scale = min(1, try number(file, "clip") / (norm + 1e-6))
      try optimizer.step(
        learningRate: try number(file, "lr"), gradientScale: Float(scale))
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
