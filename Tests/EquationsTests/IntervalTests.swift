import Foundation
import Testing

@testable import Equations

struct IntervalTests {
  /// Every operation of the language, over places where it turns, is infinite or
  /// is no number.
  private static let formulas = [
    "x", "-x + 3", "x - 0.5 * x", "x * (x - 1)", "1 / x", "(x - 1) / (x + 2)",
    "x^2", "x^3", "x^(-2)", "x^(-3)", "abs(x)^0.3", "2^x", "x^x", "sqrt(x)",
    "exp(x)", "log(x)", "sin(7 * x)", "cos(7 * x)", "tan(x)", "tanh(x)",
    "sinh(x)", "cosh(x)", "erf(x)", "min(x, 1 - x)", "max(x, x^2)", "abs(x)",
    "where(x < 0.2, x, 3)", "where(sin(x) >= 0, -1, x)", "indicator(-1, 0.5)",
    "(x <= 0.3) + 2 * (x > -1)", "exp(-((x - 0.3) / 1e-2)^2)",
    "sin(1 / (x + 0.01))", "p * x^2 - cos(p)",
  ]

  /// The values at points inside of an interval lie in that of the formula.
  @Test(arguments: formulas)
  func everyValueIsInside(formula: String) throws {
    let expression = try Expression(
      formula, scope: ExpressionScope(parameters: ["p"], hasX: true))
    var generator = SystemRandomNumberGenerator()
    var narrow = 0
    for round in 0..<400 {
      let width = pow(10, Double(-round % 9))
      let low = Double.random(in: -4...4, using: &generator)
      let interval = Interval(low, low + width)
      let values = expression.tree.values(interval, parameters: [1.7])
      if values.upper - values.lower < 1e3 * width { narrow += 1 }
      for _ in 0..<20 {
        var x = Double.random(
          in: interval.lower...interval.upper, using: &generator)
        var value = 0.0
        expression.evaluate(parameters: [1.7], count: 1, into: &value) { _ in
          withUnsafePointer(to: &x) { $0 }
        }
        #expect(value.isNaN || values.contains(value), "\(formula) at \(x)")
      }
    }
    // An interval that holds all numbers would hold these too.
    #expect(narrow > 40)
  }
}
