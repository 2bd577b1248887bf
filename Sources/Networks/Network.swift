/// A network with its parameters, gradients and activations in preallocated
/// memory.
///
/// All parameters lie in one flat Float32 buffer and all gradients in another
/// of the same layout, so that the optimiser and the checkpoint each see one
/// array. A network belongs to one thread, that of its engine.
public protocol Network: AnyObject {
  /// The shape.
  var configuration: NetworkConfiguration { get }
  /// The arithmetic of the products.
  var precision: Precision { get }
  /// The tensors in the flat buffers.
  var layout: ParameterLayout { get }
  /// The parameters; call ``parametersChanged()`` after writing to them.
  var parameters: AlignedBuffer<Float> { get }
  /// The gradients that the last training pass left; empty for inference.
  var gradients: AlignedBuffer<Float> { get }
  /// The most samples a pass takes.
  var capacity: Int { get }
  /// The numbers in one sample's tokens.
  var tokenCount: Int { get }
  /// The numbers in one sample's answer.
  var outputCount: Int { get }
  /// The answers of the last pass.
  var outputs: AlignedBuffer<Float> { get }

  /// Prepares the copies of the parameters that the products read.
  func parametersChanged()
  /// Computes ``outputs`` for the first `samples` of a batch.
  func forward(_ tokens: TokenBatch, samples: Int) throws
  /// Computes outputs, loss and gradients of the mean squared error.
  ///
  /// - Parameters:
  ///   - tokens: the batch; of the network's precision.
  ///   - targets: the answers wanted, `samples` × `outputCount`.
  ///   - samples: how many of the batch there are.
  /// - Returns: the mean squared error.
  /// - Throws: ``NetworkError`` if a primitive fails.
  func trainingPass(
    _ tokens: TokenBatch, targets: UnsafePointer<Float>, samples: Int
  ) throws -> Double
}

extension Network {
  /// Draws the initial parameters: a function of `seed` and the layout alone.
  public func initialize(seed: UInt64) {
    layout.initialize(parameters.elements, seed: seed)
    parametersChanged()
  }

  /// Memory for as many samples as a pass takes, where its products read them.
  public func makeTokens() -> TokenBatch {
    TokenBatch(precision: precision, capacity: capacity, count: tokenCount)
  }

  /// Whether a batch is of the kind that the network reads.
  func accepts(_ tokens: TokenBatch, samples: Int) -> Bool {
    tokens.precision == precision && tokens.count == tokenCount
      && (1...min(capacity, tokens.capacity)).contains(samples)
  }
}
