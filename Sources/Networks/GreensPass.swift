import CKernels

/// The forward and backward passes of a chunk through a network that says Green's
/// functions.
final class GreensPass: NetworkPass {
  private let shape: GreensConfiguration
  private let body: AlgebraformerPass
  private let masks: AlignedBuffer<Float>
  /// P₁, Q₁, P₂ and Q₂, [samples, 2, 2, rank, n], and their gradient.
  private let factors, dfactors: AlignedBuffer<Float>

  /// Allocates the activations of a chunk; parameters as `AlgebraformerPass` has
  /// them.
  ///
  /// - Throws: ``NetworkError`` if a tensor is missing.
  init(
    _ shape: GreensConfiguration, _ store: ParameterStore,
    _ engine: WorkerEngine, precision: Precision, samples: Int,
    isTraining: Bool
  ) throws {
    self.shape = shape
    body = try AlgebraformerPass(
      shape.body, store, engine, precision: precision, samples: samples,
      isTraining: isTraining)
    masks = GreensMasks.ofSize(shape.body.n)
    factors = AlignedBuffer(count: samples * shape.factorCount)
    dfactors = AlignedBuffer(
      count: isTraining ? samples * shape.factorCount : 0)
  }

  func forward(
    _ tokens: UnsafeRawPointer, samples: Int,
    outputs: UnsafeMutablePointer<Float>
  ) throws {
    let n = shape.body.n
    try body.forward(tokens, samples: samples, outputs: factors.pointer)
    for sample in 0..<samples {
      ck_separable_forward(
        factors.pointer + sample * shape.factorCount, masks.pointer,
        outputs + sample * n * n, n, shape.rank, 0, n)
    }
  }

  func backward(
    _ tokens: UnsafeRawPointer, samples: Int,
    doutputs: UnsafePointer<Float>, _ gradients: ChunkGradients
  ) throws {
    let n = shape.body.n
    for sample in 0..<samples {
      let place = sample * shape.factorCount
      ck_separable_backward(
        factors.pointer + place, masks.pointer, doutputs + sample * n * n,
        dfactors.pointer + place, n, shape.rank)
    }
    try body.backward(
      tokens, samples: samples, doutputs: dfactors.pointer, gradients)
  }
}

/// The inference of one sample, shared by workers.
final class SharedGreensPass: SharedPass, @unchecked Sendable {
  private let body: SharedAlgebraformerPass
  private let shape: GreensConfiguration
  private let masks, factors: AlignedBuffer<Float>

  var phases: Int { body.phases + 1 }
  var parts: Int { body.parts }

  /// Prepares the pass.
  ///
  /// - Throws: ``NetworkError`` if a tensor is missing.
  init(
    _ shape: GreensConfiguration, _ store: ParameterStore,
    _ engine: ComputeEngine, precision: Precision
  ) throws {
    self.shape = shape
    body = try SharedAlgebraformerPass(
      shape.body, store, engine, precision: precision)
    masks = GreensMasks.ofSize(shape.body.n)
    factors = AlignedBuffer(count: shape.factorCount)
  }

  func run(
    phase: Int, part: Int, worker: Int, _ tokens: UnsafeRawPointer,
    _ outputs: UnsafeMutablePointer<Float>
  ) throws {
    guard phase == body.phases else {
      return try body.run(
        phase: phase, part: part, worker: worker, tokens, factors.pointer)
    }
    let n = shape.body.n
    let rows = n * part / parts..<n * (part + 1) / parts
    ck_separable_forward(
      factors.pointer, masks.pointer, outputs, n, shape.rank, rows.lowerBound,
      rows.count)
  }
}
