import CKernels

/// The Transformer of the paper: pre-norm blocks, bidirectional attention, erf
/// GELU, learned positions; explicit forward and backward passes of a chunk.
///
/// Shapes below: T = samples · n tokens, d = width. Activations are of the
/// chosen precision; the residual stream and all gradients of parameters are
/// Float32.
final class AlgebraformerPass: NetworkPass {
  let shape: AlgebraformerConfiguration
  let precision: Precision
  let store: ParameterStore
  let kernels: ElementKernels
  let isTraining: Bool
  let activations: Activations
  let places: [BlockPlaces]
  let ends: EndPlaces
  private let engine: WorkerEngine
  private var layers: [Int: Layers] = [:]

  /// Allocates the activations of a chunk.
  ///
  /// - Parameters:
  ///   - shape: the dimensions.
  ///   - store: the parameters.
  ///   - engine: where the products run.
  ///   - precision: of their operands.
  ///   - samples: the most samples of a chunk.
  ///   - isTraining: whether gradients will be wanted; without them the
  ///     blocks share their activations' memory.
  /// - Throws: ``NetworkError`` if a tensor is missing.
  init(
    _ shape: AlgebraformerConfiguration, _ store: ParameterStore,
    _ engine: WorkerEngine, precision: Precision, samples: Int,
    isTraining: Bool
  ) throws {
    self.shape = shape
    self.store = store
    self.engine = engine
    self.precision = precision
    self.isTraining = isTraining
    kernels = ElementKernels(precision: precision)
    activations = Activations(
      shape, precision: precision, samples: samples, isTraining: isTraining)
    places = try (0..<shape.depth).map {
      try BlockPlaces(store.layout, block: $0)
    }
    ends = try EndPlaces(store.layout)
  }

  /// What is before the blocks, the blocks, and what is after them.
  static func segments(_ shape: AlgebraformerConfiguration) throws
    -> [Range<Int>]
  {
    let layout = shape.layout
    let blocks = try (0..<shape.depth).map {
      try layout.offset("blocks.\($0).norm1.weight")
    }
    let starts = [0] + blocks + [try layout.offset("norm.weight")]
    return zip(starts, starts.dropFirst() + [layout.length]).map { $0..<$1 }
  }

  // MARK: Passes

  func forward(
    _ tokens: UnsafeRawPointer, samples: Int,
    outputs: UnsafeMutablePointer<Float>
  ) throws {
    let layers = try prepared(samples)
    try embed(tokens, layers)
    for block in 0..<shape.depth { try blockForward(block, layers) }
    decode(layers, to: outputs)
  }

  func backward(
    _ tokens: UnsafeRawPointer, samples: Int,
    doutputs: UnsafePointer<Float>, _ gradients: ChunkGradients
  ) throws {
    let layers = try prepared(samples)
    gradients.write(shape.depth + 1) {
      decodeBackward(layers, doutputs, $0)
    }
    for block in (0..<shape.depth).reversed() {
      try gradients.write(block + 1) {
        try mlpBackward(block, layers, $0)
        try attentionBackward(block, layers, $0)
      }
    }
    try gradients.write(0) { try embedBackward(tokens, layers, $0) }
  }

  /// The layers for a number of samples, made when it first occurs.
  private func prepared(_ samples: Int) throws -> Layers {
    if let layers = layers[samples] { return layers }
    let made = try Layers(
      shape, store, engine, precision: precision, rows: samples * shape.n,
      isTraining: isTraining)
    layers[samples] = made
    return made
  }

  func parameter(_ offset: Int) -> UnsafePointer<Float> {
    store.parameter(offset)
  }
}
