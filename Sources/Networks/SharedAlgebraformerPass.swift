import CKernels
import Parallel

/// The inference of one sample, shared by workers: each part is a stretch of
/// its tokens, and only attention needs the others', so that the workers meet
/// once a block.
final class SharedAlgebraformerPass: SharedPass, @unchecked Sendable {
  private let shape: AlgebraformerConfiguration
  private let store: ParameterStore
  private let kernels: ElementKernels
  private let places: [BlockPlaces]
  private let ends: EndPlaces
  private let rows: Int

  /// What the parts of a block share; queries, keys and values are kept for
  /// two, as one part may be a block ahead.
  private let stream: AlignedBuffer<Float>
  private let middle: AlignedBuffer<Float>
  private let normed: AlignedBuffer<UInt8>
  private let qkv: [AlignedBuffer<UInt8>]
  private let attended: AlignedBuffer<UInt8>
  private let hidden: AlignedBuffer<UInt8>
  private let statistics: AlignedBuffer<Float>

  /// A worker's products, for each number of rows that a part has.
  private struct Worker {
    let layers: [Int: Layers]
    let scratch: AlignedBuffer<Float>
  }

  private let workers: WorkerStates<Worker>

  let phases: Int
  let parts: Int

  /// Prepares the pass.
  ///
  /// - Throws: ``NetworkError`` if a tensor is missing.
  init(
    _ shape: AlgebraformerConfiguration, _ store: ParameterStore,
    _ engine: ComputeEngine, precision: Precision
  ) throws {
    self.shape = shape
    self.store = store
    kernels = ElementKernels(precision: precision)
    places = try (0..<shape.depth).map {
      try BlockPlaces(store.layout, block: $0)
    }
    ends = try EndPlaces(store.layout)
    let (n, d) = (shape.n, shape.width)
    // A quarter of the tokens, or as many as make a product worth its weights.
    let rows = max(32, (n + 63) / 64 * 16)
    self.rows = rows
    phases = shape.depth + 1
    parts = (n + rows - 1) / rows
    func elements(_ columns: Int) -> AlignedBuffer<UInt8> {
      AlignedBuffer(count: n * columns * precision.stride)
    }
    stream = AlignedBuffer(count: n * d)
    middle = AlignedBuffer(count: n * d)
    normed = elements(d)
    qkv = [elements(3 * d), elements(3 * d)]
    attended = elements(d)
    hidden = elements(4 * d)
    statistics = AlignedBuffer(count: 2 * n)
    let last = n - (parts - 1) * rows
    workers = WorkerStates(threads: engine.threads) { worker in
      var layers: [Int: Layers] = [:]
      for count in Set([min(rows, n), last]) {
        layers[count] = try Layers(
          shape, store, engine.workers(worker), precision: precision,
          rows: count, isTraining: false)
      }
      return Worker(
        layers: layers,
        scratch: AlignedBuffer(
          count: ck_attention_scratch(n, d, shape.heads)))
    }
  }

  func run(
    phase: Int, part: Int, worker: Int, _ tokens: UnsafeRawPointer,
    _ outputs: UnsafeMutablePointer<Float>
  ) throws {
    let worker = try workers(worker)
    let own = (part * rows)..<min(shape.n, (part + 1) * rows)
    guard let layers = worker.layers[own.count] else { return }
    if phase == 0 {
      try embed(tokens, own, layers)
    } else {
      try finish(phase - 1, own, layers, worker.scratch)
    }
    if phase < shape.depth {
      try begin(phase, own, layers)
    } else {
      decode(own, outputs)
    }
  }

  /// Where the rows of a part lie in an array of `columns`.
  private func place(
    _ buffer: AlignedBuffer<UInt8>, _ rows: Range<Int>, _ columns: Int
  ) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(buffer.pointer)
      + rows.lowerBound * columns * kernels.precision.stride
  }

  private func embed(
    _ tokens: UnsafeRawPointer, _ own: Range<Int>, _ layers: Layers
  ) throws {
    let first = own.lowerBound * shape.width
    try layers.embed.forward(
      tokens + own.lowerBound * shape.features * kernels.precision.stride,
      stream.pointer + first)
    ck_add_position(
      stream.pointer + first, store.parameter(ends.position) + first, 1,
      own.count, shape.width)
  }

  private func norm(
    _ x: AlignedBuffer<Float>, _ weight: Int, _ bias: Int, _ own: Range<Int>
  ) {
    kernels.layerNormForward(
      x.pointer + own.lowerBound * shape.width,
      weight: store.parameter(weight), bias: store.parameter(bias),
      place(normed, own, shape.width),
      mean: statistics.pointer + own.lowerBound,
      rstd: statistics.pointer + shape.n + own.lowerBound, rows: own.count,
      width: shape.width)
  }

  /// norm₁ and the queries, keys and values of a block.
  private func begin(_ block: Int, _ own: Range<Int>, _ layers: Layers) throws {
    let place = places[block]
    norm(stream, place.norm1Weight, place.norm1Bias, own)
    try layers.blocks[block].qkv.forward(
      self.place(normed, own, shape.width),
      self.place(qkv[block % 2], own, 3 * shape.width))
  }

  /// Attention and the MLP of a block.
  private func finish(
    _ block: Int, _ own: Range<Int>, _ layers: Layers,
    _ scratch: AlignedBuffer<Float>
  ) throws {
    let place = places[block]
    let layer = layers.blocks[block]
    let first = own.lowerBound * shape.width
    kernels.attentionForward(
      qkv[block % 2].pointer, attended.pointer, lse: nil,
      scratch: scratch.pointer, samples: 1, queries: own, shape: shape)
    try layer.output.forward(
      self.place(attended, own, shape.width), middle.pointer + first,
      residual: stream.pointer + first)
    norm(middle, place.norm2Weight, place.norm2Bias, own)
    let hidden = self.place(hidden, own, 4 * shape.width)
    try layer.up.forward(self.place(normed, own, shape.width), hidden)
    try layer.down.forward(
      hidden, stream.pointer + first, residual: middle.pointer + first)
  }

  private func decode(
    _ own: Range<Int>, _ outputs: UnsafeMutablePointer<Float>
  ) {
    norm(stream, ends.normWeight, ends.normBias, own)
    kernels.decodeForward(
      place(normed, own, shape.width),
      weight: store.parameter(ends.decodeWeight),
      bias: store.parameter(ends.decodeBias), outputs + own.lowerBound,
      rows: own.count, width: shape.width, fields: shape.fields, tokens: shape.n
    )
  }
}
