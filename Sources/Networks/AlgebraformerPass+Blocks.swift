import CKernels

// MARK: Forward

extension AlgebraformerPass {
  /// x₀ = tokens Wᵀ + bias + position.
  func embed(_ tokens: UnsafeRawPointer, _ layers: Layers) throws {
    let stream = activations.streams[0].pointer
    try layers.embed.forward(tokens, stream)
    ck_add_position(
      stream, parameter(ends.position), layers.rows / shape.n, shape.n,
      shape.width)
  }

  /// norm₁ of the stream before a block.
  private func norm1(_ index: Int, _ T: Int) {
    let place = places[index]
    let statistics = activations.blocks[index].statistics.pointer
    kernels.layerNormForward(
      activations.streams[index].pointer,
      weight: parameter(place.norm1Weight),
      bias: parameter(place.norm1Bias), activations.normed.pointer,
      mean: statistics, rstd: statistics + T, rows: T, width: shape.width)
  }

  /// norm₂ of the stream within a block.
  private func norm2(_ index: Int, _ T: Int) {
    let place = places[index]
    let block = activations.blocks[index]
    let statistics = block.statistics.pointer + 2 * T
    kernels.layerNormForward(
      block.middle.pointer, weight: parameter(place.norm2Weight),
      bias: parameter(place.norm2Bias), activations.normed.pointer,
      mean: statistics, rstd: statistics + T, rows: T, width: shape.width)
  }

  /// x̂ = x + Attention(norm₁(x)), x′ = x̂ + MLP(norm₂(x̂)).
  func blockForward(_ index: Int, _ layers: Layers) throws {
    let layer = layers.blocks[index]
    let block = activations.blocks[index]
    let x = activations.streams[index].pointer
    let next = activations.streams[index + 1].pointer
    let T = layers.rows
    let d = shape.width
    let normed = activations.normed.pointer
    norm1(index, T)
    try layer.qkv.forward(normed, block.qkv.pointer)
    kernels.attentionForward(
      block.qkv.pointer, block.attended.pointer,
      lse: isTraining ? block.lse.pointer : nil,
      scratch: activations.attentionScratch.pointer,
      samples: T / shape.n, shape: shape)
    let middle = block.middle.pointer
    try layer.output.forward(block.attended.pointer, middle, residual: x)
    norm2(index, T)
    try layer.up.forward(normed, block.derivative.pointer)
    if isTraining {
      kernels.geluForward(
        block.derivative.pointer, block.hidden.pointer, count: T * 4 * d)
    }
    try layer.down.forward(block.hidden.pointer, next, residual: middle)
  }

  /// One number a token, or a few.
  func decode(_ layers: Layers, to outputs: UnsafeMutablePointer<Float>) {
    let T = layers.rows
    let d = shape.width
    let statistics = activations.statistics.pointer
    kernels.layerNormForward(
      activations.streams[shape.depth].pointer,
      weight: parameter(ends.normWeight), bias: parameter(ends.normBias),
      activations.normed.pointer, mean: statistics, rstd: statistics + T,
      rows: T, width: d)
    kernels.decodeForward(
      activations.normed.pointer, weight: parameter(ends.decodeWeight),
      bias: parameter(ends.decodeBias), outputs, rows: T, width: d,
      fields: shape.fields, tokens: shape.n)
  }
}

// MARK: Backward

extension AlgebraformerPass {
  /// The residual stream's gradient at the precision of the products.
  private var dstreamOperand: UnsafeMutableRawPointer {
    precision == .bf16
      ? UnsafeMutableRawPointer(activations.dstreamCopy.pointer)
      : UnsafeMutableRawPointer(activations.dstream.pointer)
  }

  func decodeBackward(
    _ layers: Layers, _ doutputs: UnsafePointer<Float>,
    _ gradient: SegmentGradients
  ) {
    let T = layers.rows
    let d = shape.width
    let statistics = activations.statistics.pointer
    kernels.decodeBackward(
      activations.normed.pointer, weight: parameter(ends.decodeWeight),
      dy: doutputs, activations.dnarrow.pointer,
      dweight: gradient(ends.decodeWeight),
      dbias: gradient(ends.decodeBias), rows: T, width: d,
      fields: shape.fields, tokens: shape.n)
    activations.dstream.pointer.update(repeating: 0, count: T * d)
    kernels.layerNormBackward(
      activations.dnarrow.pointer,
      activations.streams[shape.depth].pointer,
      weight: parameter(ends.normWeight), mean: statistics,
      rstd: statistics + T, dx: activations.dstream.pointer,
      dxCopy: dstreamOperand, dweight: gradient(ends.normWeight),
      dbias: gradient(ends.normBias), rows: T, width: d)
  }

  func mlpBackward(
    _ index: Int, _ layers: Layers, _ gradient: SegmentGradients
  ) throws {
    let place = places[index]
    let layer = layers.blocks[index]
    let block = activations.blocks[index]
    let T = layers.rows
    let d = shape.width
    let dstream = dstreamOperand
    let dhidden = activations.dwide.pointer
    let dnormed = activations.dnarrow.pointer
    let statistics = block.statistics.pointer + 2 * T
    kernels.columnSum(
      dstream, gradient(place.downBias), rows: T, width: d)
    try layer.down.weightGradient(
      dstream, block.hidden.pointer, gradient(place.downWeight))
    try layer.down.inputGradient(dstream, dhidden)
    kernels.geluBackward(
      dhidden, block.derivative.pointer, sum: gradient(place.upBias), rows: T,
      width: 4 * d)
    norm2(index, T)
    try layer.up.weightGradient(
      dhidden, activations.normed.pointer, gradient(place.upWeight))
    try layer.up.inputGradient(dhidden, dnormed)
    kernels.layerNormBackward(
      dnormed, block.middle.pointer, weight: parameter(place.norm2Weight),
      mean: statistics, rstd: statistics + T, dx: activations.dstream.pointer,
      dxCopy: dstream, dweight: gradient(place.norm2Weight),
      dbias: gradient(place.norm2Bias), rows: T, width: d)
  }

  func attentionBackward(
    _ index: Int, _ layers: Layers, _ gradient: SegmentGradients
  ) throws {
    let place = places[index]
    let layer = layers.blocks[index]
    let block = activations.blocks[index]
    let T = layers.rows
    let d = shape.width
    let dstream = dstreamOperand
    let dqkv = activations.dwide.pointer
    let dnarrow = activations.dnarrow.pointer
    let statistics = block.statistics.pointer
    kernels.columnSum(
      dstream, gradient(place.outputBias), rows: T, width: d)
    try layer.output.weightGradient(
      dstream, block.attended.pointer, gradient(place.outputWeight))
    try layer.output.inputGradient(dstream, dnarrow)
    kernels.attentionBackward(
      block.qkv.pointer, lse: block.lse.pointer, dout: dnarrow, dqkv,
      scratch: activations.attentionScratch.pointer,
      samples: T / shape.n, shape: shape)
    kernels.columnSum(
      dqkv, gradient(place.qkvBias), rows: T, width: 3 * d)
    norm1(index, T)
    try layer.qkv.weightGradient(
      dqkv, activations.normed.pointer, gradient(place.qkvWeight))
    try layer.qkv.inputGradient(dqkv, dnarrow)
    kernels.layerNormBackward(
      dnarrow, activations.streams[index].pointer,
      weight: parameter(place.norm1Weight), mean: statistics,
      rstd: statistics + T, dx: activations.dstream.pointer, dxCopy: dstream,
      dweight: gradient(place.norm1Weight), dbias: gradient(place.norm1Bias),
      rows: T, width: d)
  }

  func embedBackward(
    _ tokens: UnsafeRawPointer, _ layers: Layers,
    _ gradient: SegmentGradients
  ) throws {
    let dstream = dstreamOperand
    ck_position_gradient(
      activations.dstream.pointer, gradient(ends.position),
      layers.rows / shape.n, shape.n, shape.width)
    kernels.columnSum(
      dstream, gradient(ends.embedBias), rows: layers.rows,
      width: shape.width)
    try layers.embed.weightGradient(
      dstream, tokens, gradient(ends.embedWeight))
  }
}
