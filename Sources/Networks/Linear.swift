/// The products of a linear layer, y = x Wᵀ + bias (+ residual), of one shape
/// and number of rows: all layers of that shape share them.
final class LinearProducts {
  let forward: Matmul
  /// dx = dy W and dW = dyᵀ x.
  let byInput: Matmul?
  let byWeight: Matmul?

  /// Prepares the products of a layer.
  ///
  /// - Parameters:
  ///   - engine: where they run.
  ///   - p: the precision of x, W and dx.
  ///   - rows: of x.
  ///   - inputs: columns of x.
  ///   - outputs: columns of y.
  ///   - result: the precision of y.
  ///   - bias: whether there is one.
  ///   - residual: whether a Float32 array is added to y.
  ///   - gelu: whether y is GELU of that.
  ///   - gradients: which gradients will be asked for.
  /// - Throws: ``NetworkError`` if oneDNN has no such product.
  init(
    _ engine: WorkerEngine, precision p: Precision, rows: Int, inputs: Int,
    outputs: Int, result: Precision, bias: Bool = true, residual: Bool = false,
    gelu: Bool = false, gradients: Gradients = []
  ) throws {
    forward = try Matmul(
      engine, Operand(p, rows, inputs), Operand(p, outputs, inputs).transposed,
      Operand(result, rows, outputs), bias: bias, addend: residual, gelu: gelu,
      isPacked: Self.packs(p, inputs, outputs))
    byInput =
      gradients.contains(.input)
      ? try Matmul(
        engine, Operand(p, rows, outputs), Operand(p, outputs, inputs),
        Operand(p, rows, inputs), isPacked: Self.packs(p, outputs, inputs))
      : nil
    byWeight =
      gradients.contains(.weight)
      ? try Matmul(
        engine, Operand(p, rows, outputs).transposed, Operand(p, rows, inputs),
        Operand(.f32, outputs, inputs)) : nil
  }

  /// Takes products of any shapes.
  init(forward: Matmul, byInput: Matmul?, byWeight: Matmul?) {
    self.forward = forward
    self.byInput = byInput
    self.byWeight = byWeight
  }

  struct Gradients: OptionSet {
    let rawValue: Int
    static let input = Gradients(rawValue: 1)
    static let weight = Gradients(rawValue: 2)
    static let all: Gradients = [.input, .weight]
  }

  /// oneDNN's Float32 products of many inputs are faster with plain weights.
  private static func packs(_ p: Precision, _ inner: Int, _ columns: Int)
    -> Bool
  {
    p == .bf16 || inner <= columns
  }
}

/// One linear layer: products, weights and bias.
final class Linear {
  private let products: LinearProducts
  private let bias: UnsafePointer<Float>?
  private let forwardWeights: UnsafeRawPointer
  private let inputWeights: UnsafeRawPointer?

  /// Takes a layer's products, and the places of its parameters in the store,
  /// which must outlive it.
  init(
    _ products: LinearProducts, _ store: ParameterStore, weights: Int,
    bias: Int?
  ) throws {
    self.products = products
    self.bias = bias.map(store.parameter)
    forwardWeights = try store.weights(weights, for: products.forward)
    inputWeights = try products.byInput.map {
      try store.weights(weights, for: $0)
    }
  }

  /// y = x Wᵀ + bias (+ residual).
  func forward(
    _ x: UnsafeRawPointer, _ y: UnsafeMutableRawPointer,
    residual: UnsafePointer<Float>? = nil
  ) throws {
    try products.forward.run(x, forwardWeights, y, bias, residual)
  }

  /// dx = dy W.
  func inputGradient(_ dy: UnsafeRawPointer, _ dx: UnsafeMutableRawPointer)
    throws
  {
    guard let inputWeights else { return }
    try products.byInput?.run(dy, inputWeights, dx)
  }

  /// dW = dyᵀ x.
  func weightGradient(
    _ dy: UnsafeRawPointer, _ x: UnsafeRawPointer,
    _ dweight: UnsafeMutablePointer<Float>
  ) throws {
    try products.byWeight?.run(dy, x, dweight)
  }
}
