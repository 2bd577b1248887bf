import CKernels
import Parallel

/// A bidirectional LSTM or GRU with a linear output, explicit forward and
/// backward passes of a chunk.
///
/// Shapes: T = n steps, N samples, H units, G gates. Everything inside is
/// time-major, and what belongs to the backward direction lies in that
/// direction's own order of time, so that both directions take step s together
/// and a layer's input product is one product over all T·N rows.
final class RecurrentPass: NetworkPass {
  let shape: RecurrentConfiguration
  let precision: Precision
  let store: ParameterStore
  let kernels: ElementKernels
  let isTraining: Bool
  let memory: RecurrentMemory
  let places: [[DirectionPlaces]]
  let decodeWeight: Int
  let decodeBias: Int
  private let engine: WorkerEngine
  private var layers: [Int: RecurrentLayers] = [:]

  /// Allocates the activations of a chunk.
  ///
  /// - Parameters:
  ///   - shape: the cell and the dimensions.
  ///   - store: the parameters.
  ///   - engine: where the products run.
  ///   - precision: of their operands.
  ///   - samples: the most samples of a chunk.
  ///   - isTraining: whether gradients will be wanted.
  /// - Throws: ``NetworkError`` if a tensor is missing.
  init(
    _ shape: RecurrentConfiguration, _ store: ParameterStore,
    _ engine: WorkerEngine, precision: Precision, samples: Int,
    isTraining: Bool
  ) throws {
    self.shape = shape
    self.store = store
    self.engine = engine
    self.precision = precision
    self.isTraining = isTraining
    kernels = ElementKernels(precision: precision)
    memory = RecurrentMemory(
      shape, precision: precision, capacity: samples, isTraining: isTraining)
    places = try (0..<shape.depth).map { layer in
      try RecurrentConfiguration.suffixes(layer).map {
        try DirectionPlaces(store.layout, suffix: $0)
      }
    }
    decodeWeight = try store.layout.offset("decode.weight")
    decodeBias = try store.layout.offset("decode.bias")
  }

  /// The layers, and what is after them.
  static func segments(_ shape: RecurrentConfiguration) throws -> [Range<Int>] {
    let layout = shape.layout
    let starts =
      try (0..<shape.depth).map { try layout.offset("rnn.weight_ih_l\($0)") }
      + [try layout.offset("decode.weight")]
    return zip(starts, starts.dropFirst() + [layout.length]).map { $0..<$1 }
  }

  // MARK: Passes

  func forward(
    _ tokens: UnsafeRawPointer, samples: Int,
    outputs: UnsafeMutablePointer<Float>
  ) throws {
    let layers = try prepared(samples)
    takeInputs(tokens, samples)
    for layer in 0..<shape.depth {
      try forward(layer, layers, directions: 0..<2)
    }
    decode(samples, to: outputs)
  }

  func backward(
    _ tokens: UnsafeRawPointer, samples: Int,
    doutputs: UnsafePointer<Float>, _ gradients: ChunkGradients
  ) throws {
    let layers = try prepared(samples)
    gradients.write(shape.depth) { decodeBackward(samples, doutputs, $0) }
    for layer in (0..<shape.depth).reversed() {
      try gradients.write(layer) { try backward(layer, layers, $0) }
    }
  }

  /// The layers for a number of samples, made when it first occurs.
  private func prepared(_ samples: Int) throws -> RecurrentLayers {
    if let layers = layers[samples] { return layers }
    let made = try RecurrentLayers(
      shape, store, engine, precision: precision, samples: samples,
      isTraining: isTraining)
    layers[samples] = made
    return made
  }

  func parameter(_ offset: Int) -> UnsafePointer<Float> {
    store.parameter(offset)
  }
}

/// The inference of one sample, shared by two workers: each takes a direction
/// of every layer.
final class SharedRecurrentPass: SharedPass, @unchecked Sendable {
  private let pass: RecurrentPass
  private let workers: WorkerStates<RecurrentLayers>

  let phases: Int
  let parts = 2

  /// Prepares the pass.
  ///
  /// - Throws: ``NetworkError`` if a tensor is missing.
  init(
    _ shape: RecurrentConfiguration, _ store: ParameterStore,
    _ engine: ComputeEngine, precision: Precision
  ) throws {
    pass = try RecurrentPass(
      shape, store, engine.workers(0), precision: precision, samples: 1,
      isTraining: false)
    phases = shape.depth + 2
    workers = WorkerStates(threads: engine.threads) { worker in
      try RecurrentLayers(
        shape, store, engine.workers(worker), precision: precision, samples: 1,
        isTraining: false)
    }
  }

  func run(
    phase: Int, part: Int, worker: Int, _ tokens: UnsafeRawPointer,
    _ outputs: UnsafeMutablePointer<Float>
  ) throws {
    switch phase {
    case 0: if part == 0 { pass.takeInputs(tokens, 1) }
    case phases - 1: if part == 0 { pass.decode(1, to: outputs) }
    default:
      try pass.forward(
        phase - 1, workers(worker), directions: part..<(part + 1))
    }
  }
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
