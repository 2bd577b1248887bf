import CKernels

/// The element-wise kernels at one precision: activations are untyped memory,
/// Float32 or bfloat16; everything else is Float32.
struct ElementKernels {
  let precision: Precision

  private typealias Half = UInt16

  /// Float32 numbers as activations.
  func narrow(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutableRawPointer, count: Int
  ) {
    switch precision {
    case .f32:
      y.copyMemory(from: x, byteCount: count * MemoryLayout<Float>.stride)
    case .bf16:
      ck_bf16_from_f32(x, y.assumingMemoryBound(to: Half.self), count)
    }
  }

  func layerNormForward(
    _ x: UnsafePointer<Float>, weight: UnsafePointer<Float>,
    bias: UnsafePointer<Float>, _ y: UnsafeMutableRawPointer,
    mean: UnsafeMutablePointer<Float>, rstd: UnsafeMutablePointer<Float>,
    rows: Int, width: Int
  ) {
    switch precision {
    case .f32:
      ck_layer_norm_forward_f32(
        x, weight, bias, y.assumingMemoryBound(to: Float.self), mean, rstd,
        rows, width)
    case .bf16:
      ck_layer_norm_forward_bf16(
        x, weight, bias, y.assumingMemoryBound(to: Half.self), mean, rstd,
        rows, width)
    }
  }

  /// Adds the gradient by x to dx and, at bf16, copies the sum to dxCopy.
  func layerNormBackward(
    _ dy: UnsafeRawPointer, _ x: UnsafePointer<Float>,
    weight: UnsafePointer<Float>, mean: UnsafePointer<Float>,
    rstd: UnsafePointer<Float>, dx: UnsafeMutablePointer<Float>,
    dxCopy: UnsafeMutableRawPointer, dweight: UnsafeMutablePointer<Float>,
    dbias: UnsafeMutablePointer<Float>, rows: Int, width: Int
  ) {
    switch precision {
    case .f32:
      ck_layer_norm_backward_f32(
        dy.assumingMemoryBound(to: Float.self), x, weight, mean, rstd, dx, nil,
        dweight, dbias, rows, width)
    case .bf16:
      ck_layer_norm_backward_bf16(
        dy.assumingMemoryBound(to: Half.self), x, weight, mean, rstd, dx,
        dxCopy.assumingMemoryBound(to: Half.self), dweight, dbias, rows, width)
    }
  }

  /// y = GELU(x); x becomes the derivative.
  func geluForward(
    _ x: UnsafeMutableRawPointer, _ y: UnsafeMutableRawPointer, count: Int
  ) {
    switch precision {
    case .f32:
      ck_gelu_forward_f32(
        x.assumingMemoryBound(to: Float.self),
        y.assumingMemoryBound(to: Float.self), count)
    case .bf16:
      ck_gelu_forward_bf16(
        x.assumingMemoryBound(to: Half.self),
        y.assumingMemoryBound(to: Half.self), count)
    }
  }

  /// dy *= derivative; sum[j] = Σᵢ dy[i][j] after that.
  func geluBackward(
    _ dy: UnsafeMutableRawPointer, _ derivative: UnsafeRawPointer,
    sum: UnsafeMutablePointer<Float>, rows: Int, width: Int
  ) {
    switch precision {
    case .f32:
      ck_gelu_backward_f32(
        dy.assumingMemoryBound(to: Float.self),
        derivative.assumingMemoryBound(to: Float.self), sum, rows, width)
    case .bf16:
      ck_gelu_backward_bf16(
        dy.assumingMemoryBound(to: Half.self),
        derivative.assumingMemoryBound(to: Half.self), sum, rows, width)
    }
  }

  /// sum[j] = Σᵢ x[i][j].
  func columnSum(
    _ x: UnsafeRawPointer, _ sum: UnsafeMutablePointer<Float>, rows: Int,
    width: Int
  ) {
    switch precision {
    case .f32:
      ck_column_sum_f32(
        x.assumingMemoryBound(to: Float.self), sum, rows, width)
    case .bf16:
      ck_column_sum_bf16(
        x.assumingMemoryBound(to: Half.self), sum, rows, width)
    }
  }

  func decodeForward(
    _ h: UnsafeRawPointer, weight: UnsafePointer<Float>,
    bias: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, rows: Int,
    width: Int, fields: Int = 1, tokens n: Int = 1
  ) {
    switch precision {
    case .f32:
      ck_decode_forward_f32(
        h.assumingMemoryBound(to: Float.self), weight, bias, y, rows, width,
        fields, n)
    case .bf16:
      ck_decode_forward_bf16(
        h.assumingMemoryBound(to: Half.self), weight, bias, y, rows, width,
        fields, n)
    }
  }

  func decodeBackward(
    _ h: UnsafeRawPointer, weight: UnsafePointer<Float>,
    dy: UnsafePointer<Float>, _ dh: UnsafeMutableRawPointer,
    dweight: UnsafeMutablePointer<Float>, dbias: UnsafeMutablePointer<Float>,
    rows: Int, width: Int, fields: Int = 1, tokens n: Int = 1
  ) {
    switch precision {
    case .f32:
      ck_decode_backward_f32(
        h.assumingMemoryBound(to: Float.self), weight, dy,
        dh.assumingMemoryBound(to: Float.self), dweight, dbias, rows, width,
        fields, n)
    case .bf16:
      ck_decode_backward_bf16(
        h.assumingMemoryBound(to: Half.self), weight, dy,
        dh.assumingMemoryBound(to: Half.self), dweight, dbias, rows, width,
        fields, n)
    }
  }

  func attentionForward(
    _ qkv: UnsafeRawPointer, _ out: UnsafeMutableRawPointer,
    lse: UnsafeMutablePointer<Float>?, scratch: UnsafeMutablePointer<Float>,
    samples: Int, queries: Range<Int>? = nil, shape: AlgebraformerConfiguration
  ) {
    let queries = queries ?? 0..<shape.n
    let causal: Int32 = shape.causal ? 1 : 0
    switch precision {
    case .f32:
      ck_attention_forward_f32(
        qkv.assumingMemoryBound(to: Float.self),
        out.assumingMemoryBound(to: Float.self), lse, scratch, samples,
        shape.n, shape.width, shape.heads, queries.lowerBound, queries.count,
        causal)
    case .bf16:
      ck_attention_forward_bf16(
        qkv.assumingMemoryBound(to: Half.self),
        out.assumingMemoryBound(to: Half.self), lse, scratch, samples,
        shape.n, shape.width, shape.heads, queries.lowerBound, queries.count,
        causal)
    }
  }

  func attentionBackward(
    _ qkv: UnsafeRawPointer, lse: UnsafePointer<Float>,
    dout: UnsafeRawPointer, _ dqkv: UnsafeMutableRawPointer,
    scratch: UnsafeMutablePointer<Float>, samples: Int,
    shape: AlgebraformerConfiguration
  ) {
    let causal: Int32 = shape.causal ? 1 : 0
    switch precision {
    case .f32:
      ck_attention_backward_f32(
        qkv.assumingMemoryBound(to: Float.self), lse,
        dout.assumingMemoryBound(to: Float.self),
        dqkv.assumingMemoryBound(to: Float.self), scratch, samples, shape.n,
        shape.width, shape.heads, causal)
    case .bf16:
      ck_attention_backward_bf16(
        qkv.assumingMemoryBound(to: Half.self), lse,
        dout.assumingMemoryBound(to: Half.self),
        dqkv.assumingMemoryBound(to: Half.self), scratch, samples, shape.n,
        shape.width, shape.heads, causal)
    }
  }

  /// Tokens in order of time, forward and backward.
  func timeMajor(
    _ tokens: UnsafeRawPointer, _ forward: UnsafeMutableRawPointer,
    _ backward: UnsafeMutableRawPointer, samples: Int,
    shape: RecurrentConfiguration
  ) {
    switch precision {
    case .f32:
      ck_time_major_f32(
        tokens.assumingMemoryBound(to: Float.self),
        forward.assumingMemoryBound(to: Float.self),
        backward.assumingMemoryBound(to: Float.self), samples, shape.n,
        shape.features)
    case .bf16:
      ck_time_major_bf16(
        tokens.assumingMemoryBound(to: Half.self),
        forward.assumingMemoryBound(to: Half.self),
        backward.assumingMemoryBound(to: Half.self), samples, shape.n,
        shape.features)
    }
  }

  func recurrentForward(
    _ cell: RecurrentConfiguration.Cell, _ step: ck_recurrent_step
  ) {
    withUnsafePointer(to: step) {
      switch (cell, precision) {
      case (.lstm, .f32): ck_lstm_forward_f32($0)
      case (.lstm, .bf16): ck_lstm_forward_bf16($0)
      case (.gru, .f32): ck_gru_forward_f32($0)
      case (.gru, .bf16): ck_gru_forward_bf16($0)
      }
    }
  }

  func recurrentBackward(
    _ cell: RecurrentConfiguration.Cell, _ step: ck_recurrent_step
  ) {
    withUnsafePointer(to: step) {
      switch (cell, precision) {
      case (.lstm, .f32): ck_lstm_backward_f32($0)
      case (.lstm, .bf16): ck_lstm_backward_bf16($0)
      case (.gru, .f32): ck_gru_backward_f32($0)
      case (.gru, .bf16): ck_gru_backward_bf16($0)
      }
    }
  }
}
