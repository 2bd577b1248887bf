import Foundation

/// All numbers between two, which may be infinite.
///
/// Operations round outwards, so that the result holds every value that the
/// operation has on its operands; Moore, Kearfott and Cloud, *Introduction to
/// Interval Analysis* (2009). Values that are no numbers are left out.
struct Interval: Equatable {
  let lower: Double
  let upper: Double

  static let whole = Interval(-.infinity, .infinity)

  init(_ lower: Double, _ upper: Double) {
    let isNumber = lower <= upper
    self.lower = isNumber ? lower : -.infinity
    self.upper = isNumber ? upper : .infinity
  }

  init(_ value: Double) { self.init(value, value) }

  var middle: Double { 0.5 * lower + 0.5 * upper }

  func contains(_ value: Double) -> Bool { lower <= value && value <= upper }

  private var wider: Interval { Interval(lower.nextDown, upper.nextUp) }

  static prefix func - (a: Self) -> Self { Interval(-a.upper, -a.lower) }

  static func + (a: Self, b: Self) -> Self {
    Interval(a.lower + b.lower, a.upper + b.upper).wider
  }

  static func - (a: Self, b: Self) -> Self { a + -b }

  static func * (a: Self, b: Self) -> Self { corners(a, b, *) }

  static func / (a: Self, b: Self) -> Self {
    b.contains(0) ? whole : corners(a, b, /)
  }

  /// The hull of a function's values at the four corners, between which it is
  /// monotone in either operand.
  private static func corners(
    _ a: Self, _ b: Self, _ f: (Double, Double) -> Double
  ) -> Self {
    let values = [
      f(a.lower, b.lower), f(a.lower, b.upper), f(a.upper, b.lower),
      f(a.upper, b.upper),
    ]
    guard values.allSatisfy({ !$0.isNaN }), let low = values.min(),
      let high = values.max()
    else { return whole }
    return Interval(low, high).wider
  }

  func hull(_ other: Self) -> Self {
    Interval(min(lower, other.lower), max(upper, other.upper))
  }

  /// A function that increases, of what lies in its domain.
  private func increasing(
    from least: Double = -.infinity, _ f: (Double) -> Double
  ) -> Self {
    guard upper >= least else { return .whole }
    // The C library's functions are right to a few units in the last place.
    let (low, high) = (f(max(lower, least)), f(upper))
    return Interval(
      low - 4 * abs(low) * .ulpOfOne, high + 4 * abs(high) * .ulpOfOne
    ).wider
  }

  var magnitude: Self {
    contains(0)
      ? Interval(0, max(-lower, upper))
      : Interval(min(abs(lower), abs(upper)), max(abs(lower), abs(upper)))
  }

  func power(_ exponent: Self) -> Self {
    let p = exponent.lower
    if p == exponent.upper, p == p.rounded(), abs(p) <= 1024 {
      if p < 0 { return Interval(1) / power(-exponent) }
      let isEven = p.truncatingRemainder(dividingBy: 2) == 0
      return (isEven ? magnitude : self).increasing { pow($0, p) }
    }
    return lower > 0 ? Self.corners(self, exponent, pow).wider : .whole
  }

  /// The cosine.
  var cosine: Self {
    guard upper - lower < 2 * .pi, abs(lower) < 1e9, abs(upper) < 1e9 else {
      return Interval(-1, 1)
    }
    /// Whether some (2k + part) π lies inside, or nearly.
    func meets(_ part: Double) -> Bool {
      let turn = 2 * Double.pi
      let room = 1e-15 * max(1, abs(lower), abs(upper))
      let k = ((lower - room - part * .pi) / turn).rounded(.up)
      return k * turn + part * .pi <= upper + room
    }
    let (a, b) = (Foundation.cos(lower), Foundation.cos(upper))
    let room = 4 * Double.ulpOfOne
    return Interval(
      meets(1) ? -1 : min(a, b) - room, meets(0) ? 1 : max(a, b) + room)
  }

  var sine: Self { (self - Interval(0.5 * .pi)).cosine }
}

extension Interval {
  /// The values of an operation of formulas.
  init(_ operation: ExpressionOperation, _ operands: [Interval]) {
    let a = operands[0]
    self =
      switch operation {
      case .negate: -a
      case .abs: a.magnitude
      case .sqrt: a.increasing(from: 0) { $0.squareRoot() }
      case .exp: a.increasing(Foundation.exp)
      case .log: a.increasing(from: 0, Foundation.log)
      case .sin: a.sine
      case .cos: a.cosine
      case .tan: a.sine / a.cosine
      case .tanh: a.increasing(Foundation.tanh)
      case .sinh: a.increasing(Foundation.sinh)
      case .cosh: a.magnitude.increasing(Foundation.cosh)
      case .erf: a.increasing(Foundation.erf)
      default: Self.ofSeveral(operation, operands)
      }
  }

  private static func ofSeveral(
    _ operation: ExpressionOperation, _ operands: [Interval]
  ) -> Interval {
    let (a, b) = (operands[0], operands[1])
    return switch operation {
    case .add: a + b
    case .subtract: a - b
    case .multiply: a * b
    case .divide: a / b
    case .power: a.power(b)
    case .minimum: Interval(min(a.lower, b.lower), min(a.upper, b.upper))
    case .maximum: Interval(max(a.lower, b.lower), max(a.upper, b.upper))
    case .less, .lessOrEqual: (b - a).isPositive
    case .greater, .greaterOrEqual: (a - b).isPositive
    case .indicator:
      Interval(.multiply, [(a - b).isPositive, (operands[2] - a).isPositive])
    case .choose where !a.contains(0): b
    case .choose where a == Interval(0): operands[2]
    case .choose: b.hull(operands[2])
    default: .whole
    }
  }

  /// 1 where it is positive everywhere, 0 where it is nowhere, else either.
  private var isPositive: Interval {
    lower > 0 ? Interval(1) : upper < 0 ? Interval(0) : Interval(0, 1)
  }
}

extension ExpressionTree {
  /// An interval that holds the values of a formula without fields where x lies in
  /// an interval.
  func values(_ x: Interval, parameters: [Double]) -> Interval {
    switch self {
    case .number(let value): Interval(value)
    case .parameter(let index): Interval(parameters[index])
    case .input(.x): x
    case .input: .whole
    case .operation(let operation, let operands):
      Interval(
        operation, operands.map { $0.values(x, parameters: parameters) })
    }
  }
}
