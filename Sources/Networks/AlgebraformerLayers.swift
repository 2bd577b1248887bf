/// The layers of one number of tokens.
final class Layers {
  struct Block {
    let qkv: Linear
    let output: Linear
    let up: Linear
    let down: Linear
  }

  /// The tokens.
  let rows: Int
  let embed: Linear
  let blocks: [Block]

  init(
    _ shape: AlgebraformerConfiguration, _ store: ParameterStore,
    _ engine: WorkerEngine, precision p: Precision, rows: Int, isTraining: Bool
  ) throws {
    let d = shape.width
    func products(
      _ inputs: Int, _ outputs: Int, to result: Precision,
      residual: Bool = false, gelu: Bool = false,
      gradients: LinearProducts.Gradients = .all
    ) throws -> LinearProducts {
      try LinearProducts(
        engine, precision: p, rows: rows, inputs: inputs, outputs: outputs,
        result: result, residual: residual, gelu: gelu,
        gradients: isTraining ? gradients : [])
    }
    func layer(_ products: LinearProducts, _ weights: Int, _ bias: Int)
      throws -> Linear
    {
      try Linear(products, store, weights: weights, bias: bias)
    }
    self.rows = rows
    let ends = try EndPlaces(store.layout)
    embed = try layer(
      try products(shape.features, d, to: .f32, gradients: .weight),
      ends.embedWeight, ends.embedBias)
    let qkv = try products(d, 3 * d, to: p)
    let output = try products(d, d, to: .f32, residual: true)
    // Training needs GELU's derivative too.
    let up = try products(d, 4 * d, to: p, gelu: !isTraining)
    let down = try products(4 * d, d, to: .f32, residual: true)
    blocks = try (0..<shape.depth).map { block in
      let place = try BlockPlaces(store.layout, block: block)
      return Block(
        qkv: try layer(qkv, place.qkvWeight, place.qkvBias),
        output: try layer(output, place.outputWeight, place.outputBias),
        up: try layer(up, place.upWeight, place.upBias),
        down: try layer(down, place.downWeight, place.downBias))
    }
  }
}
