import CKernels

/// A bidirectional LSTM or GRU with a linear output, explicit forward and
/// backward passes.
///
/// Shapes: T = n steps, N samples, H units, G gates. Everything inside is
/// time-major, and what belongs to the backward direction lies in that
/// direction's own order of time, so that both directions take step s together
/// and a layer's input product is one product over all T·N rows.
public final class Recurrent: Network {
  public let shape: RecurrentConfiguration
  public let precision: Precision
  public let capacity: Int
  public let outputs: AlignedBuffer<Float>

  let engine: ComputeEngine
  let store: ParameterStore
  let kernels: ElementKernels
  let isTraining: Bool
  let memory: RecurrentMemory
  let places: [[DirectionPlaces]]
  let decodeWeight: Int
  let decodeBias: Int
  private var layers: [Int: RecurrentLayers] = [:]

  public var configuration: NetworkConfiguration { .recurrent(shape) }
  public var layout: ParameterLayout { store.layout }
  public var parameters: AlignedBuffer<Float> { store.parameters }
  public var gradients: AlignedBuffer<Float> { store.gradients }
  public var tokenCount: Int { shape.n * shape.features }
  public var outputCount: Int { shape.n }

  /// Allocates a network whose parameters are all zero.
  ///
  /// - Parameters:
  ///   - shape: the cell and the dimensions.
  ///   - engine: where it runs.
  ///   - precision: of the operands of matrix products.
  ///   - capacity: the most samples in a pass.
  ///   - isTraining: whether gradients will be wanted.
  /// - Throws: ``NetworkError`` if there is no room for a sample or a primitive
  ///   cannot be made.
  public init(
    _ shape: RecurrentConfiguration, engine: ComputeEngine,
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
    let layout = shape.layout
    store = ParameterStore(
      layout, precision: precision, isTraining: isTraining)
    outputs = AlignedBuffer(count: capacity * shape.n)
    memory = RecurrentMemory(
      shape, precision: precision, capacity: capacity, isTraining: isTraining,
      threads: engine.threads)
    places = try (0..<shape.depth).map { layer in
      try RecurrentConfiguration.suffixes(layer).map {
        try DirectionPlaces(layout, suffix: $0)
      }
    }
    decodeWeight = try layout.offset("decode.weight")
    decodeBias = try layout.offset("decode.bias")
  }

  public func parametersChanged() { store.parametersChanged(engine) }

  // MARK: Passes

  public func forward(_ tokens: TokenBatch, samples: Int) throws {
    precondition(accepts(tokens, samples: samples), "the batch does not fit")
    engine.activate()
    let layers = try prepared(samples)
    kernels.timeMajor(
      tokens.pointer(0), memory.inputs(0, 0, samples),
      memory.inputs(0, 1, samples), samples: samples, shape: shape)
    for layer in 0..<shape.depth { try forward(layer, layers) }
    decode(samples)
  }

  public func trainingPass(
    _ tokens: TokenBatch, targets: UnsafePointer<Float>, samples: Int
  ) throws -> Double {
    precondition(isTraining, "the network was made for inference")
    try forward(tokens, samples: samples)
    let layers = try prepared(samples)
    let count = samples * shape.n
    let error = ck_squared_error(
      outputs.pointer, targets, memory.doutputs.pointer, 2 / Float(count),
      count)
    decodeBackward(samples)
    for layer in (0..<shape.depth).reversed() { try backward(layer, layers) }
    return error / Double(count)
  }

  /// The layers for a number of samples, made when it first occurs.
  private func prepared(_ samples: Int) throws -> RecurrentLayers {
    let layers =
      try self.layers[samples] ?? RecurrentLayers(self, samples: samples)
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

/// Offsets of the tensors of one direction of a layer.
struct DirectionPlaces {
  let inputWeight: Int
  let hiddenWeight: Int
  let inputBias: Int
  let hiddenBias: Int

  init(_ layout: ParameterLayout, suffix: String) throws {
    inputWeight = try layout.offset("rnn.weight_ih_" + suffix)
    hiddenWeight = try layout.offset("rnn.weight_hh_" + suffix)
    inputBias = try layout.offset("rnn.bias_ih_" + suffix)
    hiddenBias = try layout.offset("rnn.bias_hh_" + suffix)
  }
}
