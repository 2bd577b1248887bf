/// The shape of an Algebraformer.
///
/// Token i is column i of the matrix and entry i of the right-hand side,
/// n + 1 features; the answer is one number a token, or a few. Sittoni and Tudisco,
/// *Algebraformer*, sections 3.1 and 4, whose network has `width` 256, `depth`
/// 12, `heads` 8 and, at n = 64, 9 511 169 parameters.
public struct AlgebraformerConfiguration: Sendable, Equatable {
  /// Tokens, which is the order of the linear system.
  public var n: Int
  /// Numbers in a token.
  public var features: Int
  /// The embedding dimension d.
  public var width: Int
  /// Transformer blocks.
  public var depth: Int
  /// Attention heads.
  public var heads: Int
  /// Whether token i sees the tokens up to i only (for study).
  public var causal: Bool
  /// Numbers that are said of each token.
  public var fields: Int

  /// Checks and stores a shape; `features` is n + 1 unless it is given.
  ///
  /// - Throws: ``NetworkError/configuration(_:)`` if a dimension is not
  ///   positive or `heads` does not divide `width`.
  public init(
    n: Int = 64, features: Int? = nil, width: Int = 128, depth: Int = 6,
    heads: Int = 4, causal: Bool = false, fields: Int = 1
  ) throws {
    self.n = n
    self.features = features ?? (n < .max ? n + 1 : n)
    self.width = width
    self.depth = depth
    self.heads = heads
    self.causal = causal
    self.fields = fields
    try NetworkError.requireDimensions([
      ("n", n, 65_536), ("features", self.features, 65_537),
      ("width", width, 65_536), ("depth", depth, 1024), ("heads", heads, 4096),
      ("fields", fields, 512),
    ])
    guard width.isMultiple(of: heads) else {
      throw NetworkError.configuration(
        "the width \(width) is not divisible by the number of heads \(heads)")
    }
  }

  /// The tensors of such a network, named as a PyTorch module names them.
  ///
  /// Weights and biases of linear layers start uniform on ±1/√(fan-in), as
  /// PyTorch's do; layer norms start as the identity.
  public var layout: ParameterLayout {
    var layout = ParameterLayout()
    func linear(
      _ name: String, _ inputs: Int, _ outputs: Int, stacked: Int = 1
    ) {
      let law = ParameterLayout.Initialization.uniform(
        1 / Double(inputs).squareRoot())
      layout.append(
        name + ".weight", [outputs, inputs], law, stacked: stacked)
      layout.append(name + ".bias", [outputs], law)
    }
    func norm(_ name: String) {
      layout.append(name + ".weight", [width], .one)
      layout.append(name + ".bias", [width], .zero)
    }
    linear("embed", features, width)
    layout.append("position", [n, width], .normal(0.02))
    for block in 0..<depth {
      let prefix = "blocks.\(block)."
      norm(prefix + "norm1")
      linear(prefix + "attention.qkv", width, 3 * width, stacked: 3)
      linear(prefix + "attention.output", width, width)
      norm(prefix + "norm2")
      linear(prefix + "mlp.up", width, 4 * width)
      linear(prefix + "mlp.down", 4 * width, width)
    }
    norm("norm")
    linear("decode", width, fields)
    return layout
  }
}
