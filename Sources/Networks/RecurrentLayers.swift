/// The products of one number of samples.
final class RecurrentLayers {
  struct Direction {
    let input: Linear
    let hidden: Linear
  }

  let samples: Int
  /// [layer][direction].
  let layers: [[Direction]]

  init(
    _ shape: RecurrentConfiguration, _ store: ParameterStore,
    _ engine: WorkerEngine, precision p: Precision, samples: Int,
    isTraining: Bool
  ) throws {
    self.samples = samples
    let (N, T, H) = (samples, shape.n, shape.hidden)
    let rows = shape.gates * H
    func input(
      _ inputs: Int, _ gradients: LinearProducts.Gradients
    ) throws -> LinearProducts {
      try LinearProducts(
        engine, precision: p, rows: T * N, inputs: inputs,
        outputs: rows, result: p, bias: false,
        gradients: isTraining ? gradients : [])
    }
    // The state lies beside the other direction's, in rows of 2H.
    func state(_ rows: Int) -> Operand {
      var operand = Operand(p, rows, H)
      operand.strides = [2 * H, 1]
      return operand
    }
    let weights = Operand(p, rows, H)
    let hidden = LinearProducts(
      forward: try Matmul(
        engine, state(N), weights.transposed, Operand(.f32, N, rows),
        isPacked: true),
      byInput: isTraining
        ? try Matmul(
          engine, Operand(p, N, rows), weights, Operand(.f32, N, H),
          isPacked: true) : nil,
      // Over all steps but the first, which has no state.
      byWeight: isTraining && T > 1
        ? try Matmul(
          engine, Operand(p, (T - 1) * N, rows).transposed,
          state((T - 1) * N), Operand(.f32, rows, H)) : nil)
    let first = try input(shape.features, .weight)
    let other = shape.depth > 1 ? try input(2 * H, .all) : first
    layers = try (0..<shape.depth).map { layer in
      try RecurrentConfiguration.suffixes(layer).map { suffix in
        let place = try DirectionPlaces(store.layout, suffix: suffix)
        return Direction(
          input: try Linear(
            layer == 0 ? first : other, store, weights: place.inputWeight,
            bias: nil),
          hidden: try Linear(
            hidden, store, weights: place.hiddenWeight, bias: nil))
      }
    }
  }
}
