import Foundation
import Networks
import TensorFiles
import Testing

/// Values that PyTorch computed in float64; `Golden/make_golden.py` made them.
struct GoldenFile {
  let file: SafetensorsFile
  let configuration: NetworkConfiguration

  init(_ name: String) throws {
    let url = try #require(
      Bundle.module.url(
        forResource: name, withExtension: "safetensors",
        subdirectory: "Golden"))
    let file = try SafetensorsFile(path: url.path)
    self.file = file
    func integer(_ key: String) throws -> Int {
      try #require(file.metadata[key].flatMap(Int.init))
    }
    let model = try #require(
      file.metadata["model"].flatMap(NetworkConfiguration.Model.init))
    configuration = try NetworkConfiguration(
      model, n: integer("n"), width: integer("width"), depth: integer("depth"),
      heads: model == .algebraformer ? integer("heads") : 1,
      causal: file.metadata["causal"] == "true")
  }

  var samples: Int { file["tokens"]?.shape[0] ?? 0 }

  /// A network with the golden weights and tokens.
  func network(
    engine: ComputeEngine, precision: Precision = .f32, isTraining: Bool = true
  ) throws -> any Network {
    let network = try configuration.makeNetwork(
      engine: engine, precision: precision, capacity: samples,
      isTraining: isTraining)
    for tensor in network.layout.tensors {
      let values = try file.floats("weights." + tensor.name)
      for (index, value) in values.enumerated() {
        network.parameters.pointer[tensor.offset + index] = value
      }
    }
    network.parametersChanged()
    for (index, value) in try file.floats("tokens").enumerated() {
      network.tokens.pointer[index] = value
    }
    return network
  }
}

/// ‖a − b‖ / ‖b‖.
func relativeDifference(
  _ a: some Collection<Float>, _ b: some Collection<Float>
)
  -> Double
{
  var difference = 0.0
  var norm = 0.0
  for (x, y) in zip(a, b) {
    difference += Double(x - y) * Double(x - y)
    norm += Double(y) * Double(y)
  }
  return (difference / norm).squareRoot()
}
