import CKernels

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

/// The activations of one block that its backward pass reads.
struct BlockActivations {
  /// h₁ = norm₁(x), [T, d].
  let normed1: AlignedBuffer<UInt8>
  /// [T, 3d].
  let qkv: AlignedBuffer<UInt8>
  /// The heads' outputs side by side, [T, d].
  let attended: AlignedBuffer<UInt8>
  /// h₂ = norm₂(x̂), [T, d].
  let normed2: AlignedBuffer<UInt8>
  /// The MLP's pre-activation, then the derivative of GELU there, [T, 4d].
  let derivative: AlignedBuffer<UInt8>
  /// GELU of the pre-activation, [T, 4d].
  let hidden: AlignedBuffer<UInt8>
  /// x̂, the residual stream between attention and MLP, Float32 [T, d].
  let middle: AlignedBuffer<Float>
  /// The logarithms of the softmax sums, [samples, heads, n].
  let lse: AlignedBuffer<Float>
  /// Mean and reciprocal deviation of each token, for both norms, [4, T].
  let statistics: AlignedBuffer<Float>
}

/// All activations of a network.
struct Activations {
  /// The residual stream before each block and after the last, [T, d] each.
  let streams: [AlignedBuffer<Float>]
  let blocks: [BlockActivations]
  /// The tokens at the network's precision, [T, features].
  let tokens: AlignedBuffer<UInt8>
  /// The final norm's output, [T, d], and statistics, [2, T].
  let normed: AlignedBuffer<UInt8>
  let statistics: AlignedBuffer<Float>
  let attentionScratch: AlignedBuffer<Float>

  // Backward only.
  let doutputs: AlignedBuffer<Float>
  /// The gradient of the residual stream, Float32 [T, d].
  let dstream: AlignedBuffer<Float>
  /// The same at the network's precision; at f32 it is not used.
  let dstreamCopy: AlignedBuffer<UInt8>
  /// Gradients inside a block, [T, 4d] and [T, d].
  let dwide: AlignedBuffer<UInt8>
  let dnarrow: AlignedBuffer<UInt8>
  /// Partial sums of each thread.
  let partial: AlignedBuffer<Float>

  init(
    _ shape: AlgebraformerConfiguration, precision: Precision, capacity: Int,
    isTraining: Bool, threads: Int
  ) {
    let T = capacity * shape.n
    let d = shape.width
    func elements(_ columns: Int) -> AlignedBuffer<UInt8> {
      AlignedBuffer(count: T * columns * precision.stride)
    }
    func block() -> BlockActivations {
      let hidden = elements(4 * d)
      return BlockActivations(
        normed1: elements(d), qkv: elements(3 * d), attended: elements(d),
        normed2: elements(d), derivative: isTraining ? elements(4 * d) : hidden,
        hidden: hidden, middle: AlignedBuffer(count: T * d),
        lse: AlignedBuffer(count: T * shape.heads),
        statistics: AlignedBuffer(count: 4 * T))
    }
    if isTraining {
      blocks = (0..<shape.depth).map { _ in block() }
      streams = (0...shape.depth).map { _ in AlignedBuffer(count: T * d) }
    } else {
      let shared = block()
      blocks = Array(repeating: shared, count: shape.depth)
      let stream = AlignedBuffer<Float>(count: T * d)
      streams = Array(repeating: stream, count: shape.depth + 1)
    }
    tokens = elements(shape.features)
    normed = elements(d)
    statistics = AlignedBuffer(count: 2 * T)
    attentionScratch = AlignedBuffer(
      count: ck_attention_scratch(shape.n, d, shape.heads))
    let backward = isTraining ? 1 : 0
    doutputs = AlignedBuffer(count: backward * T)
    dstream = AlignedBuffer(count: backward * T * d)
    dstreamCopy = AlignedBuffer(
      count: precision == .bf16 ? backward * T * d * 2 : 0)
    dwide = AlignedBuffer(count: backward * T * 4 * d * precision.stride)
    dnarrow = AlignedBuffer(count: backward * T * d * precision.stride)
    partial = AlignedBuffer(count: backward * threads * (4 * d + 16))
  }
}

/// The layers of one batch size.
final class Layers {
  struct Block {
    let qkv: Linear
    let output: Linear
    let up: Linear
    let down: Linear
  }

  let samples: Int
  let rows: Int
  let embed: Linear
  let blocks: [Block]
  /// The version of the parameters that the layers have packed.
  private var version = -1

  init(_ network: Algebraformer, samples: Int) throws {
    let shape = network.shape
    let T = samples * shape.n
    let d = shape.width
    let p = network.precision
    func products(
      _ inputs: Int, _ outputs: Int, to result: Precision,
      residual: Bool = false, gelu: Bool = false,
      gradients: LinearProducts.Gradients = .all
    ) throws -> LinearProducts {
      try LinearProducts(
        network.engine, precision: p, rows: T, inputs: inputs,
        outputs: outputs, result: result, residual: residual, gelu: gelu,
        gradients: network.isTraining ? gradients : [])
    }
    func layer(_ products: LinearProducts, _ weights: Int, _ bias: Int)
      -> Linear
    {
      Linear(
        products, weights: network.weights(weights),
        bias: network.parameter(bias))
    }
    self.samples = samples
    rows = T
    embed = layer(
      try products(shape.features, d, to: .f32, gradients: .weight),
      network.ends.embedWeight, network.ends.embedBias)
    let qkv = try products(d, 3 * d, to: p)
    let output = try products(d, d, to: .f32, residual: true)
    // Training needs GELU's derivative too.
    let up = try products(d, 4 * d, to: p, gelu: !network.isTraining)
    let down = try products(4 * d, d, to: .f32, residual: true)
    blocks = network.places.map { place in
      Block(
        qkv: layer(qkv, place.qkvWeight, place.qkvBias),
        output: layer(output, place.outputWeight, place.outputBias),
        up: layer(up, place.upWeight, place.upBias),
        down: layer(down, place.downWeight, place.downBias))
    }
  }

  /// Packs the weights unless they are those of `version` already.
  func update(to version: Int) throws {
    guard version != self.version else { return }
    try embed.update()
    for block in blocks {
      for layer in [block.qkv, block.output, block.up, block.down] {
        try layer.update()
      }
    }
    self.version = version
  }
}
