import CKernels

// MARK: Forward

extension RecurrentPass {
  private func outputPlace(
    _ layer: Int, _ direction: Int, _ samples: Int, step: Int, order: Int
  ) -> UnsafeMutableRawPointer {
    memory.inputs(layer + 1, order, samples, step: step)
      + direction * shape.hidden * precision.stride
  }

  /// Brings tokens into order of time, forward and backward.
  func takeInputs(_ tokens: UnsafeRawPointer, _ samples: Int) {
    kernels.timeMajor(
      tokens, memory.inputs(0, 0, samples), memory.inputs(0, 1, samples),
      samples: samples, shape: shape)
  }

  /// Directions of a layer, from `inputs(layer)` to `inputs(layer + 1)`.
  func forward(
    _ layer: Int, _ layers: RecurrentLayers, directions: Range<Int>
  ) throws {
    let (N, T, H) = (layers.samples, shape.n, shape.hidden)
    let size = shape.gates * H
    let linear = layers.layers[layer]
    for direction in directions {
      try linear[direction].input.forward(
        memory.inputs(layer, direction, N), memory.gates(layer, direction, N))
    }
    for step in 0..<T {
      var fields = ck_recurrent_step()
      fields.first = directions.lowerBound
      fields.last = directions.upperBound
      fields.samples = N
      fields.hidden = H
      fields.pitch = 2 * H
      fields.zeros = UnsafePointer(memory.zeros.pointer)
      if step > 0 {
        for direction in directions {
          try linear[direction].hidden.forward(
            outputPlace(
              layer, direction, N, step: step - 1, order: direction),
            memory.product.pointer + direction * N * size)
        }
      }
      let products = memory.product.pointer
      let both = places[layer]
      fields.bias_input = pair { parameter(both[$0].inputBias) }
      fields.bias_hidden = pair { parameter(both[$0].hiddenBias) }
      fields.gates = pair { memory.gates(layer, $0, N, step: step) }
      fields.state = pair { memory.state(layer, $0, N, step: step) }
      if step > 0 {
        fields.product = pair { UnsafePointer(products + $0 * N * size) }
        fields.before = pair {
          UnsafePointer(memory.state(layer, $0, N, step: step - 1))
        }
      }
      // Step s of the backward direction is token T − 1 − s.
      fields.output = pair {
        outputPlace(layer, $0, N, step: step, order: $0)
      }
      fields.copy = pair {
        outputPlace(layer, $0, N, step: T - 1 - step, order: 1 - $0)
      }
      fields.candidate = pair { memory.candidate(layer, $0, N, step: step) }
      kernels.recurrentForward(shape.cell, fields)
    }
  }

  /// One number a token.
  func decode(_ samples: Int, to outputs: UnsafeMutablePointer<Float>) {
    kernels.decodeForward(
      memory.inputs(shape.depth, 0, samples), weight: parameter(decodeWeight),
      bias: parameter(decodeBias), memory.decoded.pointer,
      rows: shape.n * samples, width: 2 * shape.hidden)
    for sample in 0..<samples {
      for token in 0..<shape.n {
        outputs[sample * shape.n + token] =
          memory.decoded.pointer[token * samples + sample]
      }
    }
  }
}

// MARK: Backward

extension RecurrentPass {
  func decodeBackward(
    _ samples: Int, _ doutputs: UnsafePointer<Float>,
    _ gradient: SegmentGradients
  ) {
    let T = shape.n
    let width = 2 * shape.hidden
    for sample in 0..<samples {
      for token in 0..<T {
        memory.decoded.pointer[token * samples + sample] =
          doutputs[sample * T + token]
      }
    }
    kernels.decodeBackward(
      memory.inputs(shape.depth, 0, samples), weight: parameter(decodeWeight),
      dy: memory.decoded.pointer, memory.dinputs(0, samples),
      dweight: gradient(decodeWeight), dbias: gradient(decodeBias),
      rows: T * samples, width: width)
    memory.dinputs(1, samples).initializeMemory(
      as: UInt8.self, repeating: 0,
      count: T * samples * width * precision.stride)
  }

  /// From the gradient of `inputs(layer + 1)` to that of `inputs(layer)` and of
  /// the layer's parameters.
  func backward(
    _ layer: Int, _ layers: RecurrentLayers, _ gradient: SegmentGradients
  ) throws {
    let (N, T, H) = (layers.samples, shape.n, shape.hidden)
    let side = H * precision.stride
    memory.dstate.pointer.update(repeating: 0, count: 2 * N * H)
    for step in (0..<T).reversed() {
      var fields = ck_recurrent_step()
      fields.last = 2
      fields.samples = N
      fields.hidden = H
      fields.pitch = 2 * H
      fields.zeros = UnsafePointer(memory.zeros.pointer)
      let isLast = step == T - 1
      let products = memory.product.pointer
      let dstate = memory.dstate.pointer
      fields.gates = pair { memory.gates(layer, $0, N, step: step) }
      fields.state = pair { memory.state(layer, $0, N, step: step) }
      if step > 0 {
        fields.before = pair {
          UnsafePointer(memory.state(layer, $0, N, step: step - 1))
        }
      }
      if !isLast {
        fields.product = pair { UnsafePointer(products + $0 * N * H) }
      }
      fields.output = pair {
        memory.dinputs($0, N, step: step) + $0 * side
      }
      fields.copy = pair {
        memory.dinputs(1 - $0, N, step: T - 1 - step) + $0 * side
      }
      fields.dstate = pair { dstate + $0 * N * H }
      fields.candidate = pair { memory.candidate(layer, $0, N, step: step) }
      fields.hidden_gates = pair { memory.hiddenGates($0, N, step: step) }
      kernels.recurrentBackward(shape.cell, fields)
      guard step > 0 else { break }
      for (direction, linear) in layers.layers[layer].enumerated() {
        try linear.hidden.inputGradient(
          stateGates(layer, direction, N, step: step),
          products + direction * N * H)
      }
    }
    for (direction, linear) in layers.layers[layer].enumerated() {
      try parameterGradients(layer, direction, linear, gradient, samples: N)
      if layer > 0 {
        try linear.input.inputGradient(
          memory.gates(layer, direction, N), memory.dinputs(direction, N))
      }
    }
  }

  /// The gradients of the state's products: the LSTM's are the gates'.
  private func stateGates(
    _ layer: Int, _ direction: Int, _ samples: Int, step: Int
  ) -> UnsafeMutableRawPointer {
    shape.cell == .gru
      ? memory.hiddenGates(direction, samples, step: step)
      : memory.gates(layer, direction, samples, step: step)
  }

  private func parameterGradients(
    _ layer: Int, _ direction: Int, _ linear: RecurrentLayers.Direction,
    _ gradient: SegmentGradients, samples: Int
  ) throws {
    let place = places[layer][direction]
    let size = shape.gates * shape.hidden
    let rows = shape.n * samples
    let gates = memory.gates(layer, direction, samples)
    kernels.columnSum(
      gates, gradient(place.inputBias), rows: rows,
      width: size)
    kernels.columnSum(
      stateGates(layer, direction, samples, step: 0),
      gradient(place.hiddenBias), rows: rows, width: size)
    try linear.input.weightGradient(
      gates, memory.inputs(layer, direction, samples),
      gradient(place.inputWeight))
    try linear.hidden.weightGradient(
      stateGates(layer, direction, samples, step: 1),
      outputPlace(layer, direction, samples, step: 0, order: direction),
      gradient(place.hiddenWeight))
  }
}

/// A value for each direction, as C's arrays of two.
private func pair<Value>(_ make: (Int) -> Value) -> (Value?, Value?) {
  (make(0), make(1))
}
