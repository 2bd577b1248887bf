import Foundation
import Networks
import TensorFiles

/// A network with weights, inputs and results that PyTorch computed in float64;
/// `Golden/make_golden.py` made them.
public struct GoldenNetwork {
  public let file: SafetensorsFile
  public let configuration: NetworkConfiguration

  /// The networks there are.
  public static let names = [
    "bidirectional", "causal", "polya", "greens", "lstm", "gru",
  ]

  /// Reads the golden values of a network.
  public init(_ name: String) throws {
    file = try SafetensorsFile(
      path: Repository.path("Tests/TestSupport/Golden/\(name).safetensors"))
    let metadata = file.metadata
    func integer(_ key: String) -> Int { metadata[key].flatMap(Int.init) ?? 0 }
    let model = metadata["model"].flatMap(NetworkConfiguration.Model.init)
    configuration = try NetworkConfiguration(
      model ?? .algebraformer, n: integer("n"),
      features: model?.encoding?.features(integer("n")),
      width: integer("width"),
      depth: integer("depth"), heads: max(1, integer("heads")),
      causal: metadata["causal"] == "true", rank: max(1, integer("rank")))
  }

  public var samples: Int { file["tokens"]?.shape[0] ?? 0 }

  /// A number of the metadata.
  public func number(_ key: String) -> Double {
    file.metadata[key].flatMap(Double.init) ?? .nan
  }

  /// A network with the golden weights.
  public func network(
    engine: ComputeEngine, precision: Precision = .f32, chunk: Int = 8,
    isTraining: Bool = true
  ) throws -> Network {
    let network = try Network(
      configuration, engine: engine, precision: precision, capacity: samples,
      chunk: chunk, rightHandSides: file["rhs"]?.shape[1] ?? 1,
      isTraining: isTraining)
    for tensor in network.layout.tensors {
      let values = try file.floats("weights." + tensor.name)
      for (index, value) in values.enumerated() {
        network.parameters.pointer[tensor.offset + index] = value
      }
    }
    try network.parametersChanged()
    return network
  }

  /// The right-hand sides that a matrix is multiplied by; nil where none is said.
  public var rightHandSides: [Float]? {
    get throws { file["rhs"] == nil ? nil : try file.floats("rhs") }
  }

  /// The golden tokens, where a network reads them.
  public func tokens(for network: Network) throws -> TokenBatch {
    let tokens = network.makeTokens()
    let values = try file.floats("tokens")
    for sample in 0..<samples {
      let own = (sample * tokens.count)..<((sample + 1) * tokens.count)
      tokens.write(sample, values[own])
    }
    return tokens
  }
}

extension Network {
  /// A batch of numbers between −1 and 1 that look like noise.
  public func patternedTokens() -> TokenBatch {
    let tokens = makeTokens()
    for sample in 0..<capacity {
      tokens.write(
        sample,
        (0..<tokenCount).map {
          Float((sample * tokenCount + $0) * 7919 % 97) / 48 - 1
        })
    }
    return tokens
  }
}
