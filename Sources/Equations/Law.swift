import Foundation
import Randomness
import Tables

/// The distribution of a random parameter.
public enum Law: Equatable, Sendable {
  /// Uniform between two numbers, the first the smaller.
  case uniform(Double, Double)

  /// Normal, by mean and standard deviation.
  case normal(mean: Double, sd: Double)

  /// Uniform in the logarithm, between two positive numbers.
  case logUniform(Double, Double)

  /// One of the numbers, each equally likely.
  case choice([Double])

  /// A fixed number.
  case number(Double)

  /// The only value that it ever has; nil where it has several.
  public var onlyValue: Double? {
    switch self {
    case .uniform(let lo, let hi), .logUniform(let lo, let hi):
      lo == hi ? lo : nil
    case .normal(let mean, let sd): sd == 0 ? mean : nil
    case .choice(let values):
      values.allSatisfy { $0 == values.first } ? values.first : nil
    case .number(let value): value
    }
  }

  /// Returns a value drawn from the law, from at most two numbers of
  /// `random`.
  func draw(_ random: inout CounterRandom) -> Double {
    switch self {
    case .uniform(let lo, let hi):
      return lo + (hi - lo) * random.nextUniform()
    case .normal(let mean, let sd):
      return mean + sd * random.nextNormal()
    case .logUniform(let lo, let hi):
      let value = exp(log(lo) + (log(hi) - log(lo)) * random.nextUniform())
      return min(max(value, lo), hi)
    case .choice(let values):
      return values[Int(random.nextUniform() * Double(values.count))]
    case .number(let value):
      return value
    }
  }
}

extension Law: CustomStringConvertible {
  public var description: String {
    let list = NumberFormat.exact.list
    return switch self {
    case .uniform(let lo, let hi): "uniform " + list([lo, hi])
    case .normal(let mean, let sd): "normal " + list([mean, sd])
    case .logUniform(let lo, let hi): "log-uniform " + list([lo, hi])
    case .choice(let values): "choice " + list(values)
    case .number(let value): NumberFormat.exact.text(value)
    }
  }
}
