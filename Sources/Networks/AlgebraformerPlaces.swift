/// Offsets of one block's tensors in the flat buffer.
struct BlockPlaces {
  let norm1Weight: Int
  let norm1Bias: Int
  let qkvWeight: Int
  let qkvBias: Int
  let outputWeight: Int
  let outputBias: Int
  let norm2Weight: Int
  let norm2Bias: Int
  let upWeight: Int
  let upBias: Int
  let downWeight: Int
  let downBias: Int

  init(_ layout: ParameterLayout, block: Int) throws {
    func place(_ name: String) throws -> Int {
      try layout.offset("blocks.\(block).\(name)")
    }
    norm1Weight = try place("norm1.weight")
    norm1Bias = try place("norm1.bias")
    qkvWeight = try place("attention.qkv.weight")
    qkvBias = try place("attention.qkv.bias")
    outputWeight = try place("attention.output.weight")
    outputBias = try place("attention.output.bias")
    norm2Weight = try place("norm2.weight")
    norm2Bias = try place("norm2.bias")
    upWeight = try place("mlp.up.weight")
    upBias = try place("mlp.up.bias")
    downWeight = try place("mlp.down.weight")
    downBias = try place("mlp.down.bias")
  }
}

/// Offsets of the tensors before and after the blocks.
struct EndPlaces {
  let embedWeight: Int
  let embedBias: Int
  let position: Int
  let normWeight: Int
  let normBias: Int
  let decodeWeight: Int
  let decodeBias: Int

  init(_ layout: ParameterLayout) throws {
    embedWeight = try layout.offset("embed.weight")
    embedBias = try layout.offset("embed.bias")
    position = try layout.offset("position")
    normWeight = try layout.offset("norm.weight")
    normBias = try layout.offset("norm.bias")
    decodeWeight = try layout.offset("decode.weight")
    decodeBias = try layout.offset("decode.bias")
  }
}

extension ParameterLayout {
  /// The place of a tensor that the network cannot do without.
  func offset(_ name: String) throws -> Int {
    guard let tensor = self[name] else {
      throw NetworkError.configuration("the network has no tensor '\(name)'")
    }
    return tensor.offset
  }
}
