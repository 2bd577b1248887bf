import Foundation
import TensorFiles

/// A network on disk: safetensors with the tensors a PyTorch module of the
/// same shape would have, and metadata that say how to feed it.
public struct Checkpoint: Sendable {
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
    _ network: Network, encoding: Encoding, notes: [String: String] = [:]
  ) {
    self.init(
      configuration: network.configuration, encoding: encoding,
      parameters: Array(network.parameters.elements), notes: notes)
  }

  /// A value as the text of a note: JSON, the same bytes for the same value.
  public static func note(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  // MARK: Reading

  /// Reads a checkpoint, F32 or BF16.
  ///
  /// - Throws: `SafetensorsError` if the file is damaged, the metadata do not
  ///   describe a network, or a tensor is missing, unexpected, of another shape
  ///   or not finite.
  public init(path: String) throws {
    let file = try SafetensorsFile(path: path)
    let metadata = try Metadata(file, format: .checkpoint)
    configuration = try NetworkConfiguration(metadata)
    encoding = try Encoding(metadata)
    guard
      configuration.features == encoding.kind.features(configuration.n),
      configuration.outputs
        == configuration.n * encoding.kind.outputs(configuration.n)
    else {
      throw metadata.error(
        "'features' is \(configuration.features) and 'model' "
          + "'\(configuration.model.rawValue)', which do not go with the encoding "
          + "'\(encoding.kind.rawValue)'")
    }
    let layout = configuration.layout
    try Self.compare(file, with: layout, metadata)
    parameters = Array(repeating: 0, count: layout.length)
    for tensor in layout.tensors {
      let values = try file.floats(tensor.name)
      guard values.allSatisfy(\.isFinite) else {
        throw metadata.error(
          "tensor '\(tensor.name)' has entries that are not finite")
      }
      parameters.replaceSubrange(tensor.range, with: values)
    }
    notes = file.metadata.filter { !Self.ownKeys.contains($0.key) }
  }

  /// The keys that describe the network itself.
  private static let ownKeys = Set(
    ["format"] + NetworkConfiguration.metadataKeys + Encoding.metadataKeys)

  /// Checks that the file's tensors are the layout's, in name and shape.
  private static func compare(
    _ file: SafetensorsFile, with layout: ParameterLayout, _ metadata: Metadata
  ) throws {
    for tensor in layout.tensors {
      guard let found = file[tensor.name] else {
        throw metadata.error("tensor '\(tensor.name)' is missing")
      }
      guard found.shape == tensor.shape else {
        throw metadata.error(
          "tensor '\(tensor.name)' has shape \(found.shape), expected "
            + "\(tensor.shape)")
      }
    }
    let expected = Set(layout.tensors.map(\.name))
    if let stranger = file.tensors.first(where: { !expected.contains($0.name) })
    {
      throw metadata.error(
        "tensor '\(stranger.name)' belongs to no such network")
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
    try parameters.withUnsafeBufferPointer {
      try write($0, to: path, storage: storage)
    }
  }

  private func write(
    _ parameters: UnsafeBufferPointer<Float>, to path: String,
    storage: Precision
  ) throws {
    let layout = configuration.layout
    var metadata = notes
    metadata["format"] = FileFormat.checkpoint.rawValue
    metadata.merge(configuration.metadata) { _, new in new }
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

  /// Writes a network as it stands, without a copy of its parameters.
  ///
  /// - Parameters:
  ///   - network: the network.
  ///   - encoding: how it wants its tokens.
  ///   - notes: what there is to say of it.
  ///   - path: the file, which is replaced in one stroke.
  /// - Throws: `SafetensorsError` if the file cannot be written.
  public static func write(
    _ network: Network, encoding: Encoding, notes: [String: String],
    to path: String
  ) throws {
    let checkpoint = Checkpoint(
      configuration: network.configuration, encoding: encoding, parameters: [],
      notes: notes)
    try checkpoint.write(
      UnsafeBufferPointer(network.parameters.elements), to: path, storage: .f32)
  }

  // MARK: Use

  /// A network with these parameters.
  public func makeNetwork(
    engine: ComputeEngine, precision: Precision, capacity: Int,
    isTraining: Bool = false
  ) throws -> Network {
    let network = try Network(
      configuration, engine: engine, precision: precision, capacity: capacity,
      isTraining: isTraining)
    _ = network.parameters.elements.update(fromContentsOf: parameters)
    try network.parametersChanged()
    return network
  }
}
