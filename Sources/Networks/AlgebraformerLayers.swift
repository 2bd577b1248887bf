/// The layers of one batch size.
final class Layers {
  struct Block {
    let qkv: Linear
    let output: Linear
    let up: Linear
    let down: Linear
  }

  let samples: Int
  let rows: Int
  let embed: Linear
  let blocks: [Block]
  /// The version of the parameters that the layers have packed.
  private var version = -1

  init(_ network: Algebraformer, samples: Int) throws {
    let shape = network.shape
    let T = samples * shape.n
    let d = shape.width
    let p = network.precision
    func products(
      _ inputs: Int, _ outputs: Int, to result: Precision,
      residual: Bool = false, gelu: Bool = false,
      gradients: LinearProducts.Gradients = .all
    ) throws -> LinearProducts {
      try LinearProducts(
        network.engine, precision: p, rows: T, inputs: inputs,
        outputs: outputs, result: result, residual: residual, gelu: gelu,
        gradients: network.isTraining ? gradients : [])
    }
    func layer(_ products: LinearProducts, _ weights: Int, _ bias: Int)
      -> Linear
    {
      Linear(
        products, weights: network.weights(weights),
        bias: network.parameter(bias))
    }
    self.samples = samples
    rows = T
    embed = layer(
      try products(shape.features, d, to: .f32, gradients: .weight),
      network.ends.embedWeight, network.ends.embedBias)
    let qkv = try products(d, 3 * d, to: p)
    let output = try products(d, d, to: .f32, residual: true)
    // Training needs GELU's derivative too.
    let up = try products(d, 4 * d, to: p, gelu: !network.isTraining)
    let down = try products(4 * d, d, to: .f32, residual: true)
    blocks = network.places.map { place in
      Block(
        qkv: layer(qkv, place.qkvWeight, place.qkvBias),
        output: layer(output, place.outputWeight, place.outputBias),
        up: layer(up, place.upWeight, place.upBias),
        down: layer(down, place.downWeight, place.downBias))
    }
  }

  /// Packs the weights unless they are those of `version` already.
  func update(to version: Int) throws {
    guard version != self.version else { return }
    try embed.update()
    for block in blocks {
      for layer in [block.qkv, block.output, block.up, block.down] {
        try layer.update()
      }
    }
    self.version = version
  }
}
