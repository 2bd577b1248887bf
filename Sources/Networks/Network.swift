import CKernels
import Parallel
import Ranks

/// A network with its parameters, gradients and activations in preallocated
/// memory.
///
/// All parameters lie in one flat Float32 buffer and all gradients in another
/// of the same layout, so that the optimiser and the checkpoint each see one
/// array.
///
/// A batch is cut into chunks of a few samples. A worker takes the next chunk
/// that nobody has, and goes through the whole network with it on a thread of
/// its own, in memory of its own; the chunks' gradients are added in a tree in
/// the order of the chunks. Nothing that is computed depends on the number of
/// threads.
public final class Network: @unchecked Sendable {
  /// The shape.
  public let configuration: NetworkConfiguration
  /// The arithmetic of the products.
  public let precision: Precision
  /// The most samples of a batch.
  public let capacity: Int
  /// The samples of a chunk.
  public let chunk: Int
  /// The right-hand sides of a sample, where a matrix is said of it.
  public let rightHandSides: Int
  /// Where it runs.
  public let engine: ComputeEngine
  /// What the last pass said, [samples, outputs].
  public let outputs: AlignedBuffer<Float>
  let store: ParameterStore

  /// A worker's part, and its examples.
  private struct Worker {
    let pass: any NetworkPass
    let examples: ChunkExamples
  }

  private let workers: WorkerStates<Worker>
  private let tree: GradientTree?
  /// Made when a sample comes alone.
  private var shared: (any SharedPass)?

  /// Allocates a network whose parameters are all zero.
  ///
  /// - Parameters:
  ///   - configuration: the shape.
  ///   - engine: where it runs.
  ///   - precision: of the operands of matrix products.
  ///   - capacity: the most samples in a batch.
  ///   - chunk: the samples of a chunk of a training pass.
  ///   - rightHandSides: of a sample of a training pass, where a matrix is said of
  ///     it.
  ///   - isTraining: whether gradients will be wanted; without them the blocks
  ///     share their activations' memory.
  /// - Throws: ``NetworkError`` if there is no room for a sample or a primitive
  ///   cannot be made; `MemoryShortage`.
  public init(
    _ configuration: NetworkConfiguration, engine: ComputeEngine,
    precision: Precision = .f32, capacity: Int, chunk: Int = 8,
    rightHandSides: Int = 1, isTraining: Bool
  ) throws {
    guard capacity > 0, chunk > 0 else {
      throw NetworkError.configuration(
        "a \(capacity > 0 ? "chunk" : "batch") must hold at least one sample, "
          + "not \(capacity > 0 ? chunk : capacity)")
    }
    let chunk = min(
      capacity, isTraining ? chunk : configuration.inferenceChunk)
    try Memory.require(
      configuration.bytes(
        precision, capacity: capacity, chunk: chunk, isTraining: isTraining,
        workers: min(engine.threads, (capacity + chunk - 1) / chunk)),
      for: "a network of \(configuration.summary), batch \(capacity)")
    self.configuration = configuration
    self.engine = engine
    self.precision = precision
    self.capacity = capacity
    self.chunk = chunk
    self.rightHandSides = rightHandSides
    let store = ParameterStore(
      configuration.layout, precision: precision, isTraining: isTraining)
    self.store = store
    outputs = AlignedBuffer(count: capacity * configuration.outputs)
    tree =
      isTraining
      ? GradientTree(
        try configuration.segments(), of: store.layout,
        into: store.gradients.pointer) : nil
    let count = configuration.n * configuration.features
    workers = WorkerStates(threads: engine.threads) { worker in
      Worker(
        pass: try configuration.makePass(
          store, engine.workers(worker), precision: precision, samples: chunk,
          isTraining: isTraining),
        examples: ChunkExamples(
          configuration, precision: precision, capacity: chunk, count: count,
          rightHandSides: rightHandSides, isTraining: isTraining))
    }
  }

  /// The tensors in the flat buffers.
  public var layout: ParameterLayout { store.layout }
  /// The parameters; call ``parametersChanged()`` after writing to them.
  public var parameters: AlignedBuffer<Float> { store.parameters }
  /// The gradients that the last training pass left; empty for inference.
  public var gradients: AlignedBuffer<Float> { store.gradients }
  /// The numbers in one sample's tokens.
  public var tokenCount: Int { configuration.n * configuration.features }
  /// The numbers that the network says of one sample.
  public var outputCount: Int { configuration.outputs }
  /// The numbers of one sample's right-hand sides; 0 where no matrix is said of it.
  public var rightHandSideCount: Int {
    configuration.rightHandSideCount(rightHandSides)
  }
  /// The numbers that one sample's errors are those of: of what the network says,
  /// or of its products with right-hand sides.
  public var answerCount: Int {
    configuration.saysMatrix ? rightHandSideCount : outputCount
  }

  /// Prepares the copies of the parameters that the products read.
  ///
  /// - Throws: ``NetworkError`` if a primitive fails.
  public func parametersChanged() throws {
    try store.parametersChanged(threads: engine.threads)
  }

  /// Draws the initial parameters: a function of `seed` and the layout alone.
  public func initialize(seed: UInt64) throws {
    layout.initialize(parameters.elements, seed: seed)
    try parametersChanged()
  }

  // MARK: Passes

  /// Writes the examples of a part of a batch.
  ///
  /// It receives the samples' numbers in the batch, where they go, and the
  /// number of the worker; it is called on several threads at once.
  public typealias Reading =
    @Sendable (Range<Int>, ChunkExamples, Int) throws -> Void

  /// Computes ``outputs`` for a batch.
  ///
  /// - Parameters:
  ///   - samples: how many there are, up to ``capacity``.
  ///   - own: the chunks that are computed here, of
  ///     `inferenceChunks(of:)`; nil is all.
  ///   - read: writes the tokens of each chunk.
  /// - Throws: what `read` throws; ``NetworkError`` if a primitive fails.
  public func forward(
    samples: Int, own: Range<Int>? = nil, read: Reading
  ) throws {
    precondition((1...capacity).contains(samples), "the batch does not fit")
    if samples == 1 { return try forwardAlone(read) }
    let chunks = inferenceChunks(of: samples)
    let own = own ?? chunks.indices
    try parallelTasks(own.count, threads: engine.threads) { index, number in
      let worker = try self.workers(number)
      let rows = chunks[own.lowerBound + index]
      try read(rows, worker.examples, number)
      try worker.pass.forward(
        worker.examples.tokens.pointer(0), samples: rows.count,
        outputs: self.outputs.pointer + rows.lowerBound * self.outputCount)
    }
  }

  /// The samples of each chunk of an inference.
  func inferenceChunks(of samples: Int) -> [Range<Int>] {
    let size = max(1, min(chunk, (samples + 1) / 2))
    return stride(from: 0, to: samples, by: size).map {
      $0..<min(samples, $0 + size)
    }
  }

  /// The pass of one sample, which the workers share.
  private func forwardAlone(_ read: Reading) throws {
    let examples = try workers(0).examples
    try read(0..<1, examples, 0)
    let shared =
      try self.shared
      ?? configuration.makeSharedPass(
        store, engine, precision: precision)
    self.shared = shared
    try parallelTasks(
      shared.phases, parts: shared.parts, threads: engine.threads
    ) { phase, part, worker in
      try shared.run(
        phase: phase, part: part, worker: worker, examples.tokens.pointer(0),
        self.outputs.pointer)
    }
  }

  /// The chunks of a training pass.
  public func chunks(of samples: Int) -> Int { (samples + chunk - 1) / chunk }

  /// Computes outputs, losses and gradients of the mean squared error of a
  /// batch, or of a part of it.
  ///
  /// - Parameters:
  ///   - samples: of the whole batch.
  ///   - own: the chunks that are computed here; nil is all, and only then are
  ///     ``gradients`` complete.
  ///   - read: writes the tokens and the answers wanted of each chunk.
  /// - Returns: the sums of squared errors of the chunks.
  /// - Throws: what `read` throws; ``NetworkError`` if a primitive fails.
  public func trainingPass(
    samples: Int, own: Range<Int>? = nil, read: Reading
  ) throws -> [Double] {
    guard let tree else {
      preconditionFailure("the network was made for inference")
    }
    precondition((1...capacity).contains(samples), "the batch does not fit")
    let count = chunks(of: samples)
    let own = own ?? 0..<count
    tree.begin(chunks: count)
    let scale = 2 / Float(samples * answerCount)
    let errors = AlignedBuffer<Double>(count: own.count)
    try parallelTasks(own.count, threads: engine.threads) { index, number in
      let worker = try self.workers(number)
      let examples = worker.examples
      let chunk = own.lowerBound + index
      let rows = (chunk * self.chunk)..<min(samples, (chunk + 1) * self.chunk)
      try read(rows, examples, number)
      let outputs = self.outputs.pointer + rows.lowerBound * self.outputCount
      let tokens = examples.tokens.pointer(0)
      try worker.pass.forward(tokens, samples: rows.count, outputs: outputs)
      errors.pointer[index] = examples.squaredErrors(
        outputs, samples: rows.count, scale: scale)
      try worker.pass.backward(
        tokens, samples: rows.count, doutputs: examples.doutputs.pointer,
        ChunkGradients(tree: tree, chunk: chunk))
    }
    return Array(errors.elements)
  }
}

// MARK: Gradients

extension Network {
  /// The sums of the squares of the gradients of some tensors.
  ///
  /// - Parameter own: the tensors, by their numbers in the layout; nil is all.
  /// - Returns: a sum for each tensor of the layout, 0 for the others.
  /// - Throws: never; it runs where others throw.
  public func squaredGradients(of own: Range<Int>? = nil) throws -> [Double] {
    let tensors = layout.tensors
    let own = own ?? tensors.indices
    let squares = AlignedBuffer<Double>(count: tensors.count)
    try parallelTasks(own.count, threads: engine.threads) { index, _ in
      let tensor = tensors[own.lowerBound + index]
      squares.pointer[own.lowerBound + index] = ck_sum_of_squares(
        self.gradients.pointer + tensor.offset, tensor.count)
    }
    return Array(squares.elements)
  }

  /// Completes the gradients of some tensors by what other processes have of
  /// them.
  ///
  /// - Parameters:
  ///   - samples: of the batch.
  ///   - ranks: the processes, each of which has the gradients of its part of
  ///     the chunks and needs those of its tensors.
  ///   - tensors: the tensors of a process.
  /// - Throws: `RanksError`.
  public func reduceGradients(
    samples: Int, over ranks: Ranks, tensors: (Int) -> Range<Int>
  ) throws {
    guard let tree, !ranks.isAlone else { return }
    try GradientExchange(
      tree, ranks: ranks, chunks: chunks(of: samples),
      slices: (0..<ranks.size).map { layout.range(of: tensors($0)) },
      threads: engine.threads
    ).run()
  }
}

/// The tokens of a chunk where a network's products read them, and the answers
/// that are wanted.
public final class ChunkExamples: @unchecked Sendable {
  public let tokens: TokenBatch
  /// [samples, answers]; read by a training pass.
  public let targets: AlignedBuffer<Float>
  /// [samples, right-hand sides, n], where a matrix is said of a sample; read by a
  /// training pass.
  public let rightHandSides: AlignedBuffer<Float>
  /// What each sample's squared errors are multiplied by, [samples]; 1 unless a
  /// reading says otherwise.
  public let weights: AlignedBuffer<Float>
  let doutputs: AlignedBuffer<Float>
  private let configuration: NetworkConfiguration
  private let count: Int

  init(
    _ configuration: NetworkConfiguration, precision: Precision, capacity: Int,
    count: Int, rightHandSides: Int, isTraining: Bool
  ) {
    self.configuration = configuration
    self.count = rightHandSides
    let given = configuration.rightHandSideCount(rightHandSides)
    let kept = isTraining ? capacity : 0
    self.rightHandSides = AlignedBuffer(count: kept * given)
    targets = AlignedBuffer(
      count: kept * (configuration.saysMatrix ? given : configuration.outputs))
    doutputs = AlignedBuffer(count: kept * configuration.outputs)
    weights = AlignedBuffer(count: capacity)
    for sample in 0..<capacity { weights.pointer[sample] = 1 }
    tokens = TokenBatch(precision: precision, capacity: capacity, count: count)
  }

  /// Compares outputs, or their products with the right-hand sides, with targets.
  ///
  /// - Parameters:
  ///   - outputs: [samples, outputs].
  ///   - samples: how many there are.
  ///   - scale: of the gradients.
  /// - Returns: the weighted sum of squared errors, whose gradients are in
  ///   `doutputs` then.
  func squaredErrors(
    _ outputs: UnsafePointer<Float>, samples: Int, scale: Float
  ) -> Double {
    let (n, width) = (configuration.n, configuration.outputs)
    let given = configuration.rightHandSideCount(count)
    var sum = 0.0
    for sample in 0..<samples {
      let weight = weights.pointer[sample]
      let first = sample * width
      let doutputs = doutputs.pointer + first
      sum +=
        Double(weight)
        * (configuration.saysMatrix
          ? ck_products_error(
            outputs + first, rightHandSides.pointer + sample * given,
            targets.pointer + sample * given, doutputs, scale * weight, n, count
          )
          : ck_squared_error(
            outputs + first, targets.pointer + first, doutputs, scale * weight,
            width))
    }
    return sum
  }
}

// MARK: Batches in memory

extension Network {
  /// Memory for as many samples as a batch holds.
  public func makeTokens() -> TokenBatch {
    TokenBatch(precision: precision, capacity: capacity, count: tokenCount)
  }

  /// Computes ``outputs`` for the first `samples` of a batch in memory.
  ///
  /// - Parameters:
  ///   - tokens: the batch; of the network's precision.
  ///   - samples: how many of the batch there are.
  /// - Throws: ``NetworkError`` if a primitive fails.
  public func forward(_ tokens: TokenBatch, samples: Int) throws {
    try forward(samples: samples, read: reading(tokens, targets: nil))
  }

  /// Computes outputs, loss and gradients of the mean squared error of a batch
  /// in memory.
  ///
  /// - Parameters:
  ///   - tokens: the batch; of the network's precision.
  ///   - targets: the answers wanted, `samples` × ``answerCount``.
  ///   - rightHandSides: what a matrix is multiplied by, `samples` ×
  ///     ``rightHandSideCount``; zeros unless they are given.
  ///   - samples: how many of the batch there are.
  /// - Returns: the mean squared error.
  /// - Throws: ``NetworkError`` if a primitive fails.
  public func trainingPass(
    _ tokens: TokenBatch, targets: UnsafePointer<Float>,
    rightHandSides: UnsafePointer<Float>? = nil, samples: Int
  ) throws -> Double {
    try trainingPass(
      samples: samples,
      read: reading(tokens, targets: targets, rightHandSides: rightHandSides)
    ).reduce(0, +) / Double(samples * answerCount)
  }

  /// The reading of a batch in memory, which must outlive it.
  public func reading(
    _ tokens: TokenBatch, targets: UnsafePointer<Float>?,
    rightHandSides: UnsafePointer<Float>? = nil
  ) -> Reading {
    precondition(
      tokens.precision == precision && tokens.count == tokenCount,
      "the tokens are another network's")
    let count = answerCount
    let given = rightHandSideCount
    nonisolated(unsafe) let targets = targets
    nonisolated(unsafe) let rightHandSides = rightHandSides
    return { rows, examples, _ in
      examples.tokens.copy(tokens, rows)
      guard let targets else { return }
      examples.targets.pointer.update(
        from: targets + rows.lowerBound * count, count: rows.count * count)
      guard let rightHandSides else { return }
      examples.rightHandSides.pointer.update(
        from: rightHandSides + rows.lowerBound * given,
        count: rows.count * given)
    }
  }
}
