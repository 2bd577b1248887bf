import Parallel

/// The shape of any network of the workbench.
public enum NetworkConfiguration: Sendable, Equatable {
  case algebraformer(AlgebraformerConfiguration)
  case greens(GreensConfiguration)
  case recurrent(RecurrentConfiguration)

  /// The networks' names, as recipes and checkpoints spell them.
  public enum Model: String, CaseIterable, Sendable {
    case algebraformer
    /// An Algebraformer that says the fields of an operator's factors.
    case polya
    /// An Algebraformer that says the operator's Green's function.
    case greens
    case lstm
    case gru

    /// The encodings that go with it, the usual one first.
    public var encodings: [Encoding.Kind] {
      switch self {
      case .polya: [.factors, .estimates]
      case .greens: [.coefficients]
      case .algebraformer, .lstm, .gru:
        [.equilibrated, .raw, .iterate, .gradient]
      }
    }

    /// The usual encoding of one that has its own; nil where there is a choice.
    public var encoding: Encoding.Kind? {
      encodings.first { $0.isLinear }
    }
  }

  /// A shape from its dimensions; `width` is the embedding dimension or the
  /// units of a recurrent layer, a recurrent network has no heads, and only a
  /// Green's function a rank.
  ///
  /// - Throws: ``NetworkError/configuration(_:)`` for a shape that cannot be.
  public init(
    _ model: Model, n: Int, features: Int? = nil, width: Int, depth: Int,
    heads: Int, causal: Bool = false, rank: Int = 1
  ) throws {
    switch model {
    case .greens:
      self = .greens(
        try GreensConfiguration(
          n: n, features: features, width: width, depth: depth, heads: heads,
          causal: causal, rank: rank))
    case .algebraformer, .polya:
      self = .algebraformer(
        try AlgebraformerConfiguration(
          n: n, features: features, width: width, depth: depth, heads: heads,
          causal: causal,
          fields: model == .polya ? FactorEncoding.count : 1))
    case .lstm, .gru:
      self = .recurrent(
        try RecurrentConfiguration(
          model == .lstm ? .lstm : .gru, n: n, features: features,
          hidden: width, depth: depth))
    }
  }

  public var model: Model {
    switch self {
    case .algebraformer(let shape): shape.fields > 1 ? .polya : .algebraformer
    case .greens: .greens
    case .recurrent(let shape): shape.cell == .lstm ? .lstm : .gru
    }
  }

  /// Tokens, which is the order of the linear system.
  public var n: Int {
    switch self {
    case .algebraformer(let shape): shape.n
    case .greens(let shape): shape.body.n
    case .recurrent(let shape): shape.n
    }
  }

  /// Numbers that are said of a system: some for each token, or a matrix.
  public var outputs: Int {
    switch self {
    case .algebraformer(let shape): shape.n * shape.fields
    case .greens: n * n
    case .recurrent(let shape): shape.n
    }
  }

  /// Numbers in a token.
  public var features: Int {
    switch self {
    case .algebraformer(let shape): shape.features
    case .greens(let shape): shape.body.features
    case .recurrent(let shape): shape.features
    }
  }

  /// The tensors, named as a PyTorch module names them.
  public var layout: ParameterLayout {
    switch self {
    case .algebraformer(let shape): shape.layout
    case .greens(let shape): shape.body.layout
    case .recurrent(let shape): shape.layout
    }
  }

  /// The operations of one sample's forward pass in matrix products.
  public var forwardFlops: Double {
    switch self {
    case .algebraformer(let shape): shape.forwardFlops
    case .greens(let shape): shape.forwardFlops
    case .recurrent(let shape): shape.forwardFlops
    }
  }

  /// The embedding dimension, or the units of a recurrent layer.
  public var width: Int {
    switch self {
    case .algebraformer(let shape): shape.width
    case .greens(let shape): shape.body.width
    case .recurrent(let shape): shape.hidden
    }
  }

  /// Transformer blocks, or recurrent layers.
  public var depth: Int {
    switch self {
    case .algebraformer(let shape): shape.depth
    case .greens(let shape): shape.body.depth
    case .recurrent(let shape): shape.depth
    }
  }

  /// Attention heads; a recurrent network has none, and 1 stands for that.
  public var heads: Int {
    switch self {
    case .algebraformer(let shape): shape.heads
    case .greens(let shape): shape.body.heads
    case .recurrent: 1
    }
  }

  /// Products on either side of a Green's function's diagonal; nil of a network
  /// that says none.
  public var rank: Int? {
    if case .greens(let shape) = self { shape.rank } else { nil }
  }

  /// Whether what is said of a system is the matrix that takes right-hand sides to
  /// answers.
  public var saysMatrix: Bool { rank != nil }

  /// The numbers of so many right-hand sides, where a matrix is said of a system.
  func rightHandSideCount(_ count: Int) -> Int { saysMatrix ? count * n : 0 }

  /// Whether it is made of attention and MLPs.
  var isTransformer: Bool {
    if case .recurrent = self { false } else { true }
  }

  /// Whether token i sees the tokens up to i only.
  public var isCausal: Bool {
    switch self {
    case .algebraformer(let shape): shape.causal
    case .greens(let shape): shape.body.causal
    case .recurrent: false
    }
  }

  /// The bytes of the answers, the parameters with what an optimiser keeps of
  /// them, and the tokens and activations that are certainly there.
  func bytes(
    _ precision: Precision, capacity: Int, chunk: Int, isTraining: Bool,
    workers: Int
  ) -> Double {
    let stride = Double(precision.stride)
    let rows = Double(workers) * Double(chunk) * Double(n)
    let kept = isTraining ? Double(depth) : 1
    return Double(capacity) * Double(outputs) * 4
      + rows * (Double(features) + Double(width) * kept * 8) * stride
      + Double(layout.parameterCount) * (isTraining ? 16 : 4)
  }

  /// Samples that a worker takes through an inference together: as many as stay
  /// in a processor's cache, or share a recurrent step's weights.
  var inferenceChunk: Int {
    switch self {
    case .algebraformer, .greens: 8
    case .recurrent: 32
    }
  }

  /// The network in a line, such as "lstm, 12021505 parameters: n 64, width
  /// 384, depth 4".
  public var summary: String {
    let heads =
      (isTransformer ? ", heads \(heads)" : "")
      + (rank.map { ", rank \($0)" } ?? "")
    return "\(model.rawValue), \(layout.parameterCount) parameters: n \(n), "
      + "width \(width), depth \(depth)" + heads
      + (isCausal ? ", causal" : "")
  }

  // MARK: Passes

  /// The stretches of the flat buffer whose gradients a pass computes together,
  /// ascending.
  func segments() throws -> [Range<Int>] {
    switch self {
    case .algebraformer(let shape): try AlgebraformerPass.segments(shape)
    case .greens(let shape): try AlgebraformerPass.segments(shape.body)
    case .recurrent(let shape): try RecurrentPass.segments(shape)
    }
  }

  /// A worker's share of a network of this shape.
  func makePass(
    _ store: ParameterStore, _ engine: WorkerEngine, precision: Precision,
    samples: Int, isTraining: Bool
  ) throws -> any NetworkPass {
    switch self {
    case .algebraformer(let shape):
      try AlgebraformerPass(
        shape, store, engine, precision: precision, samples: samples,
        isTraining: isTraining)
    case .greens(let shape):
      try GreensPass(
        shape, store, engine, precision: precision, samples: samples,
        isTraining: isTraining)
    case .recurrent(let shape):
      try RecurrentPass(
        shape, store, engine, precision: precision, samples: samples,
        isTraining: isTraining)
    }
  }

  /// The pass of one sample alone.
  func makeSharedPass(
    _ store: ParameterStore, _ engine: ComputeEngine, precision: Precision
  ) throws -> any SharedPass {
    switch self {
    case .algebraformer(let shape):
      try SharedAlgebraformerPass(shape, store, engine, precision: precision)
    case .greens(let shape):
      try SharedGreensPass(shape, store, engine, precision: precision)
    case .recurrent(let shape):
      try SharedRecurrentPass(shape, store, engine, precision: precision)
    }
  }
}
