import Parallel

/// How long a network's own layers take at each precision, on this machine and
/// now: on some processors bfloat16 is twice as fast as Float32, on others that
/// announce it in hardware it is slower.
public struct PrecisionTrial: Sendable {
  /// The shortest times of a pass of one layer, in seconds; f32 alone where the
  /// processor has no bfloat16.
  public let seconds: [Precision: Double]

  /// The faster one.
  public var fastest: Precision {
    seconds[.bf16] ?? .infinity < seconds[.f32] ?? 0 ? .bf16 : .f32
  }

  /// How many times as fast bf16 is as f32; nil where it was not tried.
  public var gain: Double? {
    guard let bf16 = seconds[.bf16], let f32 = seconds[.f32] else { return nil }
    return f32 / bf16
  }

  /// Times a layer, in turn at both precisions, for at most `limit` seconds once
  /// both were tried twice.
  ///
  /// - Parameters:
  ///   - configuration: the network's shape.
  ///   - engine: where it will run.
  ///   - chunk: the samples that a worker takes at a time.
  ///   - isTraining: whether the pass goes backward too.
  ///   - limit: seconds.
  /// - Throws: ``NetworkError`` if a primitive fails, `MemoryShortage`.
  public init(
    _ configuration: NetworkConfiguration, engine: ComputeEngine,
    chunk: Int = 8, isTraining: Bool, limit: Double = 0.1
  ) throws {
    guard Precision.hasHardwareBF16 else {
      seconds = [.f32: 0]
      return
    }
    let workers = min(engine.threads, ThreadPool.processorCount)
    var chunk = isTraining ? chunk : configuration.inferenceChunk
    try Memory.require(
      configuration.bytes(
        .f32, capacity: chunk * workers, chunk: chunk, isTraining: isTraining,
        workers: workers), for: "a network of \(configuration.summary)")
    let shape = configuration.oneLayer
    while chunk > 1, Double(chunk) * shape.forwardFlops > 1e9 { chunk /= 2 }
    let samples = chunk * workers
    let networks = try Precision.allCases.map { precision in
      try Network(
        shape, engine: engine, precision: precision, capacity: samples,
        chunk: chunk, isTraining: isTraining)
    }
    var seconds: [Precision: Double] = [:]
    let clock = ContinuousClock()
    let began = clock.now
    // The first pass makes the products, and does not count.
    for round in 0..<8 {
      for network in networks {
        let time = try measuredSeconds {
          if isTraining {
            _ = try network.trainingPass(samples: samples) { _, _, _ in }
          } else {
            try network.forward(samples: samples) { _, _, _ in }
          }
        }
        guard round > 0 else { continue }
        seconds[network.precision] = min(
          time, seconds[network.precision] ?? .infinity)
      }
      if round > 1, began.duration(to: clock.now).inSeconds > limit { break }
    }
    self.seconds = seconds
  }
}

extension NetworkConfiguration {
  /// A network of the same layers, but only one: two of a recurrent network,
  /// over a few steps.
  fileprivate var oneLayer: NetworkConfiguration {
    switch self {
    case .algebraformer(var shape):
      shape.depth = 1
      shape.n = min(256, shape.n)
      return .algebraformer(shape)
    case .greens(let shape):
      return NetworkConfiguration.algebraformer(shape.body).oneLayer
    case .recurrent(var shape):
      shape.depth = min(2, shape.depth)
      shape.n = min(8, shape.n)
      return .recurrent(shape)
    }
  }
}
