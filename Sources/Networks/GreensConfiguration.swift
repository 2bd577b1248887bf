/// The shape of a network that says the Green's function of a second-order
/// operator.
///
/// It is a product of two functions on either side of its diagonal:
///
///     G = M₁ ∘ (P₁ Q₁ᵀ) + M₂ ∘ (P₂ Q₂ᵀ),   x = G b,
///
/// with P and Q of [n, rank]; row i of each is said of token i. M₁ and M₂ are
/// fixed, `GreensMasks`.
public struct GreensConfiguration: Sendable, Equatable {
  /// The Transformer that reads the operator.
  public let body: AlgebraformerConfiguration
  /// Products on either side of the diagonal.
  ///
  /// One would do; more of them make the errors of each matter less.
  public let rank: Int

  /// Fields of a token for each product: P₁, Q₁, P₂ and Q₂.
  static let fieldsOfProduct = 4

  /// Checks and stores a shape.
  ///
  /// - Throws: ``NetworkError/configuration(_:)`` if a dimension is out of range.
  public init(
    n: Int, features: Int?, width: Int, depth: Int, heads: Int, causal: Bool,
    rank: Int
  ) throws {
    try NetworkError.requireDimensions([("rank", rank, 64)])
    guard Encoding.factorOrders.contains(n) else {
      throw NetworkError.configuration(
        "a Green's function takes from \(Encoding.factorOrders.lowerBound) to "
          + "\(Encoding.factorOrders.upperBound) nodes, not \(n)")
    }
    self.rank = rank
    body = try AlgebraformerConfiguration(
      n: n, features: features ?? OperatorEncoding.count(n), width: width,
      depth: depth, heads: heads, causal: causal,
      fields: Self.fieldsOfProduct * rank)
  }

  /// Numbers in P₁, Q₁, P₂ and Q₂.
  var factorCount: Int { body.fields * body.n }

  /// The operations of one sample's forward pass in matrix products.
  var forwardFlops: Double {
    let n = Double(body.n)
    return body.forwardFlops + 4 * n * n * Double(rank)
  }
}
