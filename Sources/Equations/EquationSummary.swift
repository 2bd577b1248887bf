/// An equation's statement as text, for listings.
public struct EquationSummary: Codable, Equatable, Sendable {
  /// A name and what stands for it.
  public struct Entry: Codable, Equatable, Sendable {
    /// The parameter, field, coefficient or end.
    public let name: String

    /// Its law, formula or condition.
    public let text: String
  }

  /// The equation's name.
  public let name: String

  /// What it models, in a sentence.
  public let description: String

  /// The operator, such as `−(K u′)′ + q u = f`.
  public let equation: String

  /// The ends of the interval, left and right.
  public let domain: [Double]

  /// The parameters and their laws, such as `uniform [0.25, 0.75]`.
  public let parameters: [Entry]

  /// The random functions and their laws.
  public let fields: [Entry]

  /// The formulas of K, f and, where present, q, v and w.
  public let coefficients: [Entry]

  /// The conditions at the left and at the right end, such as `u = 0`.
  public let boundary: [Entry]
}

extension Equation {
  /// The equation's statement as text.
  public var summary: EquationSummary {
    EquationSummary(
      name: name, description: description,
      equation: "−(K u′)′" + (hasAdvection ? " + (v u)′" : "")
        + (hasDrift ? " + w u′" : "") + (hasReaction ? " + q u" : "") + " = f",
      domain: [domain.lowerBound, domain.upperBound],
      parameters: parameters.map {
        .init(name: $0.name, text: $0.law.description)
      },
      fields: fields.map { .init(name: $0.name, text: $0.law.description) },
      coefficients: coefficients.all.map {
        .init(name: $0.name, text: $0.expression.text)
      },
      boundary: [
        .init(name: "left", text: left.text),
        .init(name: "right", text: right.text),
      ])
  }
}

extension BoundaryExpression {
  /// The condition, such as `u = 0` or `2 u + (1 + alpha) u′ = 0`.
  fileprivate var text: String {
    if isIntegral { return "∫u = " + gamma.text }
    func term(_ weight: Expression, _ unknown: String) -> String? {
      switch weight.text {
      case "0": nil
      case "1": unknown
      case let text where text.contains(" "): "(\(text)) \(unknown)"
      case let text: "\(text) \(unknown)"
      }
    }
    let terms = [term(alpha, "u"), term(beta, "u′")].compactMap { $0 }
    return terms.joined(separator: " + ") + " = " + gamma.text
  }
}
