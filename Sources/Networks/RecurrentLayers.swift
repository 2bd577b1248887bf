/// The products of one batch size.
final class RecurrentLayers {
  struct Direction {
    let input: Linear
    let hidden: Linear
  }

  let samples: Int
  /// [layer][direction].
  let layers: [[Direction]]
  private var version = -1

  init(_ network: Recurrent, samples: Int) throws {
    self.samples = samples
    let shape = network.shape
    let (N, T, H) = (samples, shape.n, shape.hidden)
    let p = network.precision
    let rows = shape.gates * H
    func input(
      _ inputs: Int, _ gradients: LinearProducts.Gradients
    ) throws -> LinearProducts {
      try LinearProducts(
        network.engine, precision: p, rows: T * N, inputs: inputs,
        outputs: rows, result: p, bias: false,
        gradients: network.isTraining ? gradients : [])
    }
    // The state lies beside the other direction's, in rows of 2H.
    func state(_ rows: Int) -> Operand {
      var operand = Operand(p, rows, H)
      operand.strides = [2 * H, 1]
      return operand
    }
    let engine = network.engine
    let weights = Operand(p, rows, H)
    let hidden = LinearProducts(
      forward: try Matmul(
        engine, state(N), weights.transposed, Operand(.f32, N, rows),
        isPacked: true),
      byInput: network.isTraining
        ? try Matmul(
          engine, Operand(p, N, rows), weights, Operand(.f32, N, H),
          isPacked: true) : nil,
      // Over all steps but the first, which has no state.
      byWeight: network.isTraining && T > 1
        ? try Matmul(
          engine, Operand(p, (T - 1) * N, rows).transposed,
          state((T - 1) * N), Operand(.f32, rows, H)) : nil)
    let first = try input(shape.features, .weight)
    let other = shape.depth > 1 ? try input(2 * H, .all) : first
    layers = network.places.enumerated().map { layer, directions in
      directions.map { place in
        Direction(
          input: Linear(
            layer == 0 ? first : other,
            weights: network.weights(place.inputWeight), bias: nil),
          hidden: Linear(
            hidden, weights: network.weights(place.hiddenWeight), bias: nil))
      }
    }
  }

  /// Packs the weights unless they are those of `version` already.
  func update(to version: Int) throws {
    guard version != self.version else { return }
    for direction in layers.joined() {
      try direction.input.update()
      try direction.hidden.update()
    }
    self.version = version
  }
}
