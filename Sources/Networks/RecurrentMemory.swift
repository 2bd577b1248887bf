/// The activations of a recurrent network.
///
/// Each array holds the forward direction, then the backward one.
struct RecurrentMemory {
  let shape: RecurrentConfiguration
  let precision: Precision
  /// What layer l reads, [2, T, N, inputs]; the last holds the outputs of the
  /// last layer, [2, T, N, 2H].
  private let inputBuffers: [AlignedBuffer<UInt8>]
  /// The gates of each layer, [2, T, N, G·H].
  private let gateBuffers: [AlignedBuffer<UInt8>]
  /// The cell (LSTM) or the output (GRU), Float32 [2, T, N, H].
  private let stateBuffers: [AlignedBuffer<Float>]
  /// W_hn h + b_hn (GRU), [2, T, N, H].
  private let candidateBuffers: [AlignedBuffer<UInt8>]
  /// The state's products of a step, [2, N, G·H].
  let product: AlignedBuffer<Float>
  /// Stands for the state, and its products, before the first step, [G·H].
  let zeros: AlignedBuffer<Float>
  /// The time-major outputs, [T, N].
  let decoded: AlignedBuffer<Float>

  // Backward only.
  /// The gradient of a layer's inputs, [2, T, N, 2H].
  private let dinputBuffer: AlignedBuffer<UInt8>
  /// The gradients of the state's products (GRU), [2, T, N, 3H].
  private let hiddenGateBuffer: AlignedBuffer<UInt8>
  /// [2, N, H].
  let dstate: AlignedBuffer<Float>

  init(
    _ shape: RecurrentConfiguration, precision: Precision, capacity: Int,
    isTraining: Bool
  ) {
    self.shape = shape
    self.precision = precision
    let rows = 2 * capacity * shape.n
    let H = shape.hidden
    let G = shape.gates
    func elements(_ columns: Int) -> AlignedBuffer<UInt8> {
      AlignedBuffer(count: rows * columns * precision.stride)
    }
    // For inference two layers' inputs and one layer's gates are enough.
    func each<Buffer>(_ kinds: Int, _ make: () -> Buffer) -> [Buffer] {
      let distinct = (0..<min(shape.depth, kinds)).map { _ in make() }
      return (0..<shape.depth).map { distinct[$0 % distinct.count] }
    }
    let kinds = isTraining ? shape.depth : 1
    inputBuffers =
      [elements(shape.features)] + each(max(2, kinds)) { elements(2 * H) }
    gateBuffers = each(kinds) { elements(G * H) }
    stateBuffers = each(kinds) { AlignedBuffer(count: rows * H) }
    candidateBuffers = each(kinds) { elements(shape.cell == .gru ? H : 0) }
    product = AlignedBuffer(count: 2 * capacity * G * H)
    zeros = AlignedBuffer(count: G * H)
    decoded = AlignedBuffer(count: capacity * shape.n)
    let backward = isTraining ? 1 : 0
    dinputBuffer = elements(backward * 2 * H)
    hiddenGateBuffer = elements(shape.cell == .gru ? backward * G * H : 0)
    dstate = AlignedBuffer(count: backward * 2 * capacity * H)
  }

  /// The inputs of a layer in one direction, from step `step` on.
  func inputs(_ layer: Int, _ direction: Int, _ samples: Int, step: Int = 0)
    -> UnsafeMutableRawPointer
  {
    let columns = layer == 0 ? shape.features : 2 * shape.hidden
    return place(inputBuffers[layer], columns, direction, samples, step)
  }

  func gates(_ layer: Int, _ direction: Int, _ samples: Int, step: Int = 0)
    -> UnsafeMutableRawPointer
  {
    place(
      gateBuffers[layer], shape.gates * shape.hidden, direction, samples, step)
  }

  func state(_ layer: Int, _ direction: Int, _ samples: Int, step: Int)
    -> UnsafeMutablePointer<Float>
  {
    stateBuffers[layer].pointer
      + (direction * shape.n + step) * samples * shape.hidden
  }

  func candidate(_ layer: Int, _ direction: Int, _ samples: Int, step: Int)
    -> UnsafeMutableRawPointer
  {
    place(candidateBuffers[layer], shape.hidden, direction, samples, step)
  }

  func dinputs(_ direction: Int, _ samples: Int, step: Int = 0)
    -> UnsafeMutableRawPointer
  {
    place(dinputBuffer, 2 * shape.hidden, direction, samples, step)
  }

  func hiddenGates(_ direction: Int, _ samples: Int, step: Int = 0)
    -> UnsafeMutableRawPointer
  {
    place(
      hiddenGateBuffer, shape.gates * shape.hidden, direction, samples, step)
  }

  private func place(
    _ buffer: AlignedBuffer<UInt8>, _ columns: Int, _ direction: Int,
    _ samples: Int, _ step: Int
  ) -> UnsafeMutableRawPointer {
    let rows = (direction * shape.n + step) * samples
    return UnsafeMutableRawPointer(buffer.pointer)
      + rows * columns * precision.stride
  }
}
