import TensorFiles

/// A network on disk: safetensors with the tensors a PyTorch module of the
/// same shape would have, and metadata that say how to feed it.
public struct Checkpoint: Sendable {
  /// The value of the metadata key `format`.
  public static let format = "bvp-checkpoint/1"

  public var configuration: NetworkConfiguration
  public var encoding: Encoding
  /// The parameters, flat, in the order of the configuration's layout.
  public var parameters: [Float]
  /// Everything else that was said of it: recipe, data, test metrics.
  public var notes: [String: String]

  public init(
    configuration: NetworkConfiguration, encoding: Encoding,
    parameters: [Float], notes: [String: String] = [:]
  ) {
    self.configuration = configuration
    self.encoding = encoding
    self.parameters = parameters
    self.notes = notes
  }

  /// Takes a network's current parameters.
  public init(
    _ network: any Network, encoding: Encoding, notes: [String: String] = [:]
  ) {
    self.init(
      configuration: network.configuration, encoding: encoding,
      parameters: Array(network.parameters.elements), notes: notes)
  }

  // MARK: Reading

  /// Reads a checkpoint, F32 or BF16.
  ///
  /// - Throws: ``NetworkError/checkpoint(path:reason:)`` if the metadata do
  ///   not describe a network, or a tensor is missing, unexpected, of another
  ///   shape or not finite; `SafetensorsError` if the file is damaged.
  public init(path: String) throws {
    let file = try SafetensorsFile(path: path)
    let metadata = CheckpointMetadata(path: path, values: file.metadata)
    try metadata.expect("format", Self.format)
    do {
      let model = try metadata.model()
      configuration = try NetworkConfiguration(
        model, n: metadata.integer("n"), features: metadata.integer("features"),
        width: metadata.integer("width"), depth: metadata.integer("depth"),
        heads: model == .algebraformer ? metadata.integer("heads") : 1,
        causal: file.metadata["causal"] == "true")
    } catch NetworkError.configuration(let reason) {
      throw metadata.error(reason)
    }
    encoding = try metadata.encoding()
    guard configuration.features == encoding.features(configuration.n) else {
      throw metadata.error(
        "'features' is \(configuration.features), which the encoding "
          + "'\(encoding.kind.rawValue)' does not make")
    }
    let layout = configuration.layout
    try metadata.compare(file.tensors, with: layout)
    parameters = Array(repeating: 0, count: layout.length)
    for tensor in layout.tensors {
      let values = try file.floats(tensor.name)
      guard values.allSatisfy(\.isFinite) else {
        throw metadata.error(
          "tensor '\(tensor.name)' has entries that are not finite")
      }
      parameters.replaceSubrange(tensor.range, with: values)
    }
    notes = file.metadata.filter {
      !CheckpointMetadata.ownKeys.contains($0.key)
    }
  }

  // MARK: Writing

  /// Writes the checkpoint, replacing a file at `path` in one stroke.
  ///
  /// - Parameters:
  ///   - path: the file.
  ///   - storage: `bf16` halves the file and rounds the weights.
  /// - Throws: `SafetensorsError` if the file cannot be written.
  public func write(to path: String, storage: Precision = .f32) throws {
    let layout = configuration.layout
    var metadata = notes
    metadata["format"] = Self.format
    metadata["model"] = configuration.model.rawValue
    metadata["n"] = "\(configuration.n)"
    metadata["features"] = "\(configuration.features)"
    metadata["width"] = "\(configuration.width)"
    metadata["depth"] = "\(configuration.depth)"
    if configuration.model == .algebraformer {
      metadata["heads"] = "\(configuration.heads)"
      metadata["causal"] = "\(configuration.isCausal)"
    }
    metadata.merge(encoding.metadata) { _, new in new }
    let type: DType = storage == .bf16 ? .BF16 : .F32
    let writer = try SafetensorsWriter(
      path: path,
      tensors: layout.tensors.map { ($0.name, type, $0.shape) },
      metadata: metadata)
    for tensor in layout.tensors {
      try writer.write(tensor.name, floats: parameters[tensor.range])
    }
    try writer.finish()
  }

  // MARK: Use

  /// A network with these parameters.
  public func makeNetwork(
    engine: ComputeEngine, precision: Precision, capacity: Int,
    isTraining: Bool = false
  ) throws -> any Network {
    let network = try configuration.makeNetwork(
      engine: engine, precision: precision, capacity: capacity,
      isTraining: isTraining)
    _ = network.parameters.elements.update(fromContentsOf: parameters)
    network.parametersChanged()
    return network
  }
}

/// The metadata of a checkpoint, read with errors that name file and key.
struct CheckpointMetadata {
  /// The keys that describe the network itself.
  static let ownKeys: Set<String> =
    ([
      "format", "model", "n", "features", "width", "depth", "heads", "causal",
    ] as Set).union(Encoding.metadataKeys)

  let path: String
  let values: [String: String]

  func error(_ reason: String) -> NetworkError {
    .checkpoint(path: path, reason: reason)
  }

  func value(_ key: String) throws -> String {
    guard let value = values[key] else {
      throw error("metadata have no '\(key)'; is this a checkpoint?")
    }
    return value
  }

  func expect(_ key: String, _ expected: String) throws {
    let found = try value(key)
    guard found == expected else {
      throw error("'\(key)' is '\(found)', expected '\(expected)'")
    }
  }

  func integer(_ key: String) throws -> Int {
    let text = try value(key)
    guard let number = Int(text) else {
      throw error("'\(key)' is '\(text)', expected a whole number")
    }
    return number
  }

  func model() throws -> NetworkConfiguration.Model {
    let name = try value("model")
    guard let model = NetworkConfiguration.Model(rawValue: name) else {
      let known = NetworkConfiguration.Model.allCases.map(\.rawValue)
      throw error(
        "unknown model '\(name)'; known are \(known.joined(separator: ", "))")
    }
    return model
  }

  func encoding() throws -> Encoding {
    do {
      return try Encoding(metadata: values)
    } catch {
      throw self.error("\(error)")
    }
  }

  /// Checks that the file's tensors are the layout's, in name and shape.
  func compare(_ tensors: [TensorInfo], with layout: ParameterLayout) throws {
    let found = Dictionary(
      tensors.map { ($0.name, $0.shape) },
      uniquingKeysWith: { first, _ in first })
    for tensor in layout.tensors {
      guard let shape = found[tensor.name] else {
        throw error("tensor '\(tensor.name)' is missing")
      }
      guard shape == tensor.shape else {
        throw error(
          "tensor '\(tensor.name)' has shape \(shape), expected \(tensor.shape)"
        )
      }
    }
    let expected = Set(layout.tensors.map(\.name))
    if let stranger = tensors.first(where: { !expected.contains($0.name) }) {
      throw error("tensor '\(stranger.name)' belongs to no such network")
    }
  }
}
