import Foundation
import Networks
import Solutions
import TensorFiles
import TestSupport
import Testing

@Suite(.serialized)
struct CheckpointTests {
  private let folder: TemporaryFolder
  private var path: String { folder.path("checkpoint.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  private func checkpoint(_ name: String = "bidirectional") throws
    -> Checkpoint
  {
    let golden = try GoldenNetwork(name)
    let engine = try ComputeEngine(threads: 1)
    let factorization = PolyaFactorization(nodes: golden.configuration.n)
    let encoding: Encoding =
      switch name {
      case "polya":
        .factors(
          FactorEncoding(
            coefficientGains: [1, 2.0 / 3, 5], fieldGains: [0.1, 1, 7],
            factorization))
      case "greens":
        .coefficients(
          OperatorEncoding(
            coefficientGains: [1, 2.0 / 3, 5], solutionGain: 0.3, factorization)
        )
      default:
        .system(
          SystemEncoding(
            kind: .equilibrated, matrixGain: 4.0 / 3, vectorGain: 17.25))
      }
    return Checkpoint(
      try golden.network(engine: engine), encoding: encoding,
      notes: ["recipe": "two\nlines: \"quoted\""])
  }

  @Test(arguments: GoldenNetwork.names)
  func aCheckpointComesBackAsItWas(_ name: String) throws {
    let written = try checkpoint(name)
    try written.write(to: path)
    let read = try Checkpoint(path: path)
    #expect(read.configuration == written.configuration)
    #expect(read.encoding == written.encoding)
    #expect(read.parameters == written.parameters)
    #expect(read.notes == written.notes)
  }

  @Test func recurrentTensorsHavePyTorchsNames() throws {
    try checkpoint("gru").write(to: path)
    let file = try SafetensorsFile(path: path)
    #expect(file.metadata["model"] == "gru")
    #expect(
      file.tensors.prefix(9).map(\.name) == [
        "rnn.weight_ih_l0", "rnn.weight_hh_l0", "rnn.bias_ih_l0",
        "rnn.bias_hh_l0", "rnn.weight_ih_l0_reverse",
        "rnn.weight_hh_l0_reverse", "rnn.bias_ih_l0_reverse",
        "rnn.bias_hh_l0_reverse", "rnn.weight_ih_l1",
      ])
  }

  @Test func bf16StorageRounds() throws {
    let written = try checkpoint()
    try written.write(to: path, storage: .bf16)
    let read = try Checkpoint(path: path)
    for (a, b) in zip(read.parameters, written.parameters) {
      #expect(a == BFloat16.float(BFloat16.bits(b)))
    }
  }

  @Test func keysAndNamesArePinned() throws {
    try checkpoint().write(to: path)
    let file = try SafetensorsFile(path: path)
    #expect(try FormatArticle.missing(file.metadata.keys).isEmpty)
    #expect(
      try FormatArticle.missing(
        file.tensors.map(\.name).filter { !$0.hasPrefix("blocks.1") }
      ).isEmpty)
    #expect(
      file.metadata.keys.sorted() == [
        "causal", "depth", "encoding", "features", "format", "heads",
        "matrix_gain", "model", "n", "recipe", "vector_gain", "width",
      ])
    #expect(
      file.tensors.prefix(15).map(\.name) == [
        "embed.weight", "embed.bias", "position", "blocks.0.norm1.weight",
        "blocks.0.norm1.bias", "blocks.0.attention.qkv.weight",
        "blocks.0.attention.qkv.bias", "blocks.0.attention.output.weight",
        "blocks.0.attention.output.bias", "blocks.0.norm2.weight",
        "blocks.0.norm2.bias", "blocks.0.mlp.up.weight",
        "blocks.0.mlp.up.bias", "blocks.0.mlp.down.weight",
        "blocks.0.mlp.down.bias",
      ])
  }

  @Test(arguments: [
    ("format", "bvp-checkpoint/9"), ("n", "-3"), ("width", "1e3"),
    ("width", "48"), ("depth", "3"), ("heads", "5"), ("encoding", "magic"),
    ("matrix_gain", "nan"), ("model", "perceptron"),
  ])
  func aWrongKeyIsNamed(_ key: String, _ value: String) throws {
    let good = try checkpoint()
    try good.write(to: path)
    let file = try SafetensorsFile(path: path)
    var metadata = file.metadata
    metadata[key] = value
    let writer = try SafetensorsWriter(
      path: path, tensors: file.tensors.map { ($0.name, $0.dtype, $0.shape) },
      metadata: metadata)
    for tensor in file.tensors {
      try writer.write(tensor.name, floats: file.floats(tensor.name))
    }
    try writer.finish()
    let error = refusal(SafetensorsError.self) {
      try Checkpoint(path: path)
    }
    #expect(error.map { "\($0)".hasPrefix(path) } == true)
  }

  @Test func weightsThatAreNotNumbersAreRefused() throws {
    var bad = try checkpoint()
    bad.parameters[3] = .nan
    try bad.write(to: path)
    let error = refusal(SafetensorsError.self) {
      try Checkpoint(path: path)
    }
    #expect(error.map { "\($0)".contains("embed.weight") } == true)
  }
}
