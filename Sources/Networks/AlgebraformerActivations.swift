import CKernels

/// The activations of one block that its backward pass reads.
struct BlockActivations {
  /// [T, 3d].
  let qkv: AlignedBuffer<UInt8>
  /// The heads' outputs side by side, [T, d].
  let attended: AlignedBuffer<UInt8>
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

/// All activations of a chunk.
struct Activations {
  /// The residual stream before each block and after the last, [T, d] each.
  let streams: [AlignedBuffer<Float>]
  let blocks: [BlockActivations]
  /// A norm's output, [T, d]: the backward pass computes it again.
  let normed: AlignedBuffer<UInt8>
  /// The final norm's statistics, [2, T].
  let statistics: AlignedBuffer<Float>
  let attentionScratch: AlignedBuffer<Float>

  // Backward only.
  /// The gradient of the residual stream, Float32 [T, d].
  let dstream: AlignedBuffer<Float>
  /// The same at the network's precision; at f32 it is not used.
  let dstreamCopy: AlignedBuffer<UInt8>
  /// Gradients inside a block, [T, 4d] and [T, d].
  let dwide: AlignedBuffer<UInt8>
  let dnarrow: AlignedBuffer<UInt8>

  init(
    _ shape: AlgebraformerConfiguration, precision: Precision, samples: Int,
    isTraining: Bool
  ) {
    let T = samples * shape.n
    let d = shape.width
    func elements(_ columns: Int) -> AlignedBuffer<UInt8> {
      AlignedBuffer(count: T * columns * precision.stride)
    }
    func block() -> BlockActivations {
      let hidden = elements(4 * d)
      return BlockActivations(
        qkv: elements(3 * d), attended: elements(d),
        derivative: isTraining ? elements(4 * d) : hidden,
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
    normed = elements(d)
    statistics = AlignedBuffer(count: 2 * T)
    attentionScratch = AlignedBuffer(
      count: ck_attention_scratch(shape.n, d, shape.heads))
    let backward = isTraining ? 1 : 0
    dstream = AlignedBuffer(count: backward * T * d)
    dstreamCopy = AlignedBuffer(
      count: precision == .bf16 ? backward * T * d * 2 : 0)
    dwide = AlignedBuffer(count: backward * T * 4 * d * precision.stride)
    dnarrow = AlignedBuffer(count: backward * T * d * precision.stride)
  }
}
