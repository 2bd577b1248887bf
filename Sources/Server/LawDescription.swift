import Equations

/// A law, with the range that a slider marks.
struct LawDescription: Encodable {
  let kind: String
  let text: String
  let low: Double
  let high: Double
  let values: [Double]?

  init(_ law: Law) {
    text = law.description
    var values: [Double]?
    switch law {
    case .uniform(let lo, let hi): (kind, low, high) = ("uniform", lo, hi)
    case .logUniform(let lo, let hi):
      (kind, low, high) = ("log-uniform", lo, hi)
    case .normal(let mean, let sd):
      (kind, low, high) = ("normal", mean - 3 * sd, mean + 3 * sd)
    case .choice(let all):
      (kind, low, high) = ("choice", all.min() ?? 0, all.max() ?? 0)
      values = all
    case .number(let value): (kind, low, high) = ("number", value, value)
    }
    self.values = values
  }
}
