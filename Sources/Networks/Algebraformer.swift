import CKernels

/// The Transformer of the paper: pre-norm blocks, bidirectional attention, erf
/// GELU, learned positions; explicit forward and backward passes.
///
/// Shapes below: T = samples · n tokens, d = width. Activations are of the
/// chosen precision; the residual stream and all gradients of parameters are
/// Float32.
public final class Algebraformer: Network {
  public let shape: AlgebraformerConfiguration
  public let precision: Precision
  public let capacity: Int
  public let outputs: AlignedBuffer<Float>

  let engine: ComputeEngine
  let store: ParameterStore
  let kernels: ElementKernels
  let isTraining: Bool
  let activations: Activations
  let places: [BlockPlaces]
  let ends: EndPlaces
  private var layers: [Int: Layers] = [:]
  /// Samples that go through the network together: all of a training pass; for
  /// inference as many as stay in the processor's cache.
  private let passSize: Int

  public var configuration: NetworkConfiguration { .algebraformer(shape) }
  public var layout: ParameterLayout { store.layout }
  public var parameters: AlignedBuffer<Float> { store.parameters }
  public var gradients: AlignedBuffer<Float> { store.gradients }
  public var tokenCount: Int { shape.n * shape.features }
  public var outputCount: Int { shape.n }

  /// Allocates a network whose parameters are all zero.
  ///
  /// - Parameters:
  ///   - shape: the dimensions.
  ///   - engine: where it runs.
  ///   - precision: of the operands of matrix products.
  ///   - capacity: the most samples in a pass.
  ///   - isTraining: whether gradients will be wanted; without them the
  ///     blocks share their activations' memory, which no capacity enlarges.
  /// - Throws: ``NetworkError`` if there is no room for a sample or a primitive
  ///   cannot be made.
  public init(
    _ shape: AlgebraformerConfiguration, engine: ComputeEngine,
    precision: Precision = .f32, capacity: Int, isTraining: Bool
  ) throws {
    guard capacity > 0 else {
      throw NetworkError.configuration(
        "a batch must hold at least one sample, not \(capacity)")
    }
    engine.activate()
    self.shape = shape
    self.engine = engine
    self.precision = precision
    self.capacity = capacity
    self.isTraining = isTraining
    kernels = ElementKernels(precision: precision)
    passSize = isTraining ? capacity : min(capacity, 16)
    let layout = shape.layout
    store = ParameterStore(
      layout, precision: precision, isTraining: isTraining)
    outputs = AlignedBuffer(count: capacity * shape.n)
    activations = Activations(
      shape, precision: precision, capacity: passSize,
      isTraining: isTraining, threads: engine.threads)
    places = try (0..<shape.depth).map {
      try BlockPlaces(layout, block: $0)
    }
    ends = try EndPlaces(layout)
  }

  public func parametersChanged() { store.parametersChanged(engine) }

  // MARK: Passes

  public func forward(_ tokens: TokenBatch, samples: Int) throws {
    precondition(accepts(tokens, samples: samples), "the batch does not fit")
    engine.activate()
    for first in stride(from: 0, to: samples, by: passSize) {
      let layers = try prepared(min(passSize, samples - first))
      try embed(tokens.pointer(first), layers)
      for block in 0..<shape.depth { try blockForward(block, layers) }
      decode(layers, first: first)
    }
  }

  public func trainingPass(
    _ tokens: TokenBatch, targets: UnsafePointer<Float>, samples: Int
  ) throws -> Double {
    precondition(isTraining, "the network was made for inference")
    try forward(tokens, samples: samples)
    let layers = try prepared(samples)
    let count = samples * shape.n
    let error = ck_squared_error(
      outputs.pointer, targets, activations.doutputs.pointer,
      2 / Float(count), count)
    decodeBackward(layers)
    for block in (0..<shape.depth).reversed() {
      try blockBackward(block, layers)
    }
    try embedBackward(tokens.pointer(0), layers)
    return error / Double(count)
  }

  /// The layers for a number of samples, made when it first occurs.
  private func prepared(_ samples: Int) throws -> Layers {
    let layers = try self.layers[samples] ?? Layers(self, samples: samples)
    self.layers[samples] = layers
    try layers.update(to: store.version)
    return layers
  }

  // MARK: Parameters

  func parameter(_ offset: Int) -> UnsafePointer<Float> {
    store.parameter(offset)
  }

  func gradient(_ offset: Int) -> UnsafeMutablePointer<Float> {
    store.gradient(offset)
  }

  func weights(_ offset: Int) -> UnsafeRawPointer { store.weights(offset) }
}
