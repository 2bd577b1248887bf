import Networks
import Parallel

extension NewtonComparison {
  /// A network that predicts steps.
  public struct Contestant {
    public let name: String
    public let parameters: Int
    private let network: Network
    private let encoding: IterateEncoding

    /// Prepares a network to step with.
    ///
    /// - Parameters:
    ///   - name: the name in tables.
    ///   - checkpoint: the network.
    ///   - engine: where it runs.
    ///   - precision: of its products.
    ///   - capacity: the most problems that it steps on together.
    /// - Throws: `NetworkError.mismatch` if it learned anything else.
    public init(
      _ name: String, _ checkpoint: Checkpoint, engine: ComputeEngine,
      precision: Precision, capacity: Int
    ) throws {
      guard case .iterate(let encoding) = checkpoint.encoding else {
        throw NetworkError.mismatch("\(name): did not learn Newton steps")
      }
      self.name = name
      self.encoding = encoding
      network = try checkpoint.makeNetwork(
        engine: engine, precision: precision, capacity: capacity)
      parameters = checkpoint.configuration.layout.parameterCount
    }

    /// Whether its tokens have the gradient.
    var wantsGradient: Bool { encoding.gradientGain != nil }

    /// One pass over whatever tokens there are.
    func forward(samples: Int) throws {
      try network.forward(samples: samples) { _, _, _ in }
    }

    /// Predicts the step from an iterate.
    ///
    /// - Parameters:
    ///   - iterate: x, n numbers.
    ///   - product: Aᵀb, n numbers.
    ///   - gradient: n numbers, which a network of iterates alone does not look at.
    ///   - take: receives the index and the value of each entry.
    /// - Throws: `NetworkError` if a primitive fails.
    func step(
      from iterate: [Double], product: [Double], gradient: [Double],
      take: (Int, Double) -> Void
    ) throws {
      let encoding = encoding
      try network.forward(samples: 1) { _, examples, _ in
        examples.tokens.write(0) {
          encoding.encode(
            iterate: iterate, product: product, gradient: gradient, into: $0)
        }
      }
      for i in iterate.indices {
        take(i, Double(network.outputs.pointer[i]) / encoding.targetGain)
      }
    }

    /// The time of one step of `problems` problems together, per problem.
    func batchedMilliseconds(problems: Int) throws -> Double {
      let size = min(problems, network.capacity)
      let best = try shortestSeconds(of: 5, warmUp: 1) {
        try forward(samples: size)
      }
      return 1e3 * best / Double(size)
    }
  }
}
