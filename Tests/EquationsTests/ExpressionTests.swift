import Foundation
import Testing

@testable import Equations

struct ExpressionTests {
  private static let x = [2.0, 0.5, 0, -1.5]
  private static let r = [1.0, 3, -2, 0.25]
  private static let a = 1.75
  private static let b = -0.5

  private func values(_ text: String) throws -> [Double] {
    let scope = ExpressionScope(
      parameters: ["a", "b"], fields: ["s", "r"], hasX: true)
    let expression = try Expression(text, scope: scope)
    let fields = [0, 0, 0, 0] + Self.r
    var values = [Double](repeating: .nan, count: 4)
    Self.x.withUnsafeBufferPointer { x in
      fields.withUnsafeBufferPointer { fields in
        FormulaInputs(
          parameters: [Self.a, Self.b], x: x, fields: fields.baseAddress,
          firstRows: [0, 1]
        ).evaluate(expression, into: &values)
      }
    }
    return values
  }

  typealias Case = (String, @Sendable (Double, Double) -> Double)

  /// Each formula beside the same in Swift, a function of x and r.
  private static let cases: [Case] = [
    ("1", { _, _ in 1 }),
    ("1.5e-3", { _, _ in 1.5e-3 }),
    (".5 + 2. + 1E2", { _, _ in 102.5 }),
    ("x", { x, _ in x }),
    ("r", { _, r in r }),
    ("pi", { _, _ in .pi }),
    ("a - b - x", { x, _ in a - b - x }),
    ("a / b / 2", { _, _ in a / b / 2 }),
    ("a - (b - x)", { x, _ in a - (b - x) }),
    ("1 + 2 * x ^ 2", { x, _ in 1 + 2 * x * x }),
    ("-x^2", { x, _ in -(x * x) }),
    ("(-x)^2", { x, _ in x * x }),
    ("2^-x", { x, _ in pow(2, -x) }),
    ("2^3^2", { _, _ in 512 }),
    ("2^-1^2", { _, _ in 0.5 }),
    ("- - x + +1", { x, _ in x + 1 }),
    ("2 * -x", { x, _ in -2 * x }),
    ("x - -r", { x, r in x + r }),
    (
      "r * (x + r) * (x - (r + 1) * (x + 2))",
      { x, r in
        r * (x + r) * (x - (r + 1) * (x + 2))
      }
    ),
    ("abs(x) + sqrt(abs(r))", { x, r in abs(x) + abs(r).squareRoot() }),
    ("exp(x) + log(x^2 + 1)", { x, _ in exp(x) + log(x * x + 1) }),
    (
      "sin(x) + cos(r) - tan(x / 3)",
      { x, r in
        sin(x) + cos(r) - tan(x / 3)
      }
    ),
    (
      "tanh(x) + sinh(r) - cosh(x)",
      { x, r in
        tanh(x) + sinh(r) - cosh(x)
      }
    ),
    (
      "min(x, r) + 10 * max(x, b)",
      { x, r in
        Swift.min(x, r) + 10 * Swift.max(x, b)
      }
    ),
    ("x < r", { x, r in x < r ? 1 : 0 }),
    ("x <= 0", { x, _ in x <= 0 ? 1 : 0 }),
    ("0 > x", { x, _ in 0 > x ? 1 : 0 }),
    ("x >= 0.5", { x, _ in x >= 0.5 ? 1 : 0 }),
    ("where(x < 0, 1, log(x + 1))", { x, _ in x < 0 ? 1 : log(x + 1) }),
    ("where(a > b, x, r)", { x, _ in x }),
    ("indicator(0, 0.5)", { x, _ in x >= 0 && x <= 0.5 ? 1 : 0 }),
    (
      "indicator(b, 2 * a) / 3",
      { x, _ in
        x >= b && x <= 2 * a ? 1.0 / 3 : 0
      }
    ),
    (
      "1 + a * cos(2 * pi * b * x)",
      { x, _ in
        1 + a * cos(2 * .pi * b * x)
      }
    ),
  ]

  @Test(arguments: cases.indices)
  func agreesWithSwift(_ i: Int) throws {
    let (text, formula) = Self.cases[i]
    let expected = zip(Self.x, Self.r).map { formula($0, $1) }
    for (value, expected) in zip(try values(text), expected) {
      #expect(
        abs(value - expected) <= 1e-15 * max(1, abs(expected)), "\(text)")
    }
  }

  @Test func whereTakesNothingFromTheOtherBranch() throws {
    #expect(try values("where(x > 0, 1 / x, 7)") == [0.5, 2, 7, 7])
  }

  @Test func minAndMaxKeepWhatIsNotANumber() throws {
    for text in ["min(1, 0/0)", "min(0/0, 1)", "max(1, 0/0)", "max(0/0, 1)"] {
      #expect(try values(text).allSatisfy { $0.isNaN })
    }
  }

  @Test func longSumsNeedNoDepth() throws {
    let sum = [String](repeating: "x", count: 2000).joined(separator: "+")
    #expect(try values(sum)[0] == 4000)
    #expect(throws: ExpressionError.self) { try values(sum + "+x+x") }
  }

  /// Derivatives of every function, against central differences.
  @Test(
    arguments: [
      "x^3 / (2 + x^2)", "abs(x - 1)", "sqrt(2 + x)", "exp(-x^2)",
      "log(3 + x) * a", "sin(x) * cos(2 * x)", "tan(x / 4)", "tanh(x) / b",
      "sinh(x) - cosh(x)", "erf(x / 2)", "min(x, 0.3)", "max(x^2, 0.7)",
      "where(x < 0.3, x^2, 3 * x)", "indicator(0, 1) * x", "2^x", "(2 + x)^x",
      "-x * (x < 1)", "1 / (1 + x^2)^2.5",
    ])
  func derivativesAreExact(_ text: String) throws {
    let h = 1e-6
    let x = [2.1, 0.45, 0.1, -1.4]
    func at(_ shift: Double, _ text: String) throws -> [Double] {
      let scope = ExpressionScope(parameters: ["a", "b"], hasX: true)
      let expression = try Equations.Expression(text, scope: scope)
      let points = x.map { $0 + shift }
      return points.withUnsafeBufferPointer {
        FormulaInputs(parameters: [Self.a, Self.b], x: $0).values(expression)
      }
    }
    let (low, high) = (try at(-h, text), try at(h, text))
    for (i, slope) in try at(0, "diff(\(text))").enumerated() {
      let difference = (high[i] - low[i]) / (2 * h)
      #expect(abs(slope - difference) < 1e-7 * max(1, abs(slope)), "\(text)")
    }
  }

  private static let mistakes: [(text: String, error: String)] = [
    ("", "expected an expression, found nothing"),
    ("  ", "expected an expression, found nothing"),
    ("omgea", "unknown name 'omgea'; did you mean 'omega'?"),
    ("1 + Omega", "unknown name 'Omega'; did you mean 'omega'?"),
    ("sni(x)", "unknown function 'sni'; did you mean 'sin'?"),
    (
      "frobnicate(x)",
      "unknown function 'frobnicate'; the functions are abs, cos, cosh, diff, erf, exp, "
        + "indicator, log, max, min, sin, sinh, sqrt, tan, tanh, where"
    ),
    (
      "velocity * 2",
      "unknown name 'velocity'; expected x, the parameters alpha, omega, the "
        + "field r, pi, a function (abs, cos, cosh, diff, erf, exp, indicator, log, max, "
        + "min, sin, sinh, sqrt, tan, tanh, where)"
    ),
    ("cos(x", "the parenthesis opened at column 4 is not closed"),
    ("2 * (x + (1 - x)", "the parenthesis opened at column 5 is not closed"),
    ("2 * x)", "the parenthesis closed at column 6 was never opened"),
    ("cos()", "the function 'cos' takes 1 argument, not 0: cos(a)"),
    ("cos(x, 1)", "the function 'cos' takes 1 argument, not 2: cos(a)"),
    ("min(x)", "the function 'min' takes 2 arguments, not 1: min(a, b)"),
    (
      "where(x > 1, 2)",
      "the function 'where' takes 3 arguments, not 2: where(condition, a, b)"
    ),
    ("cos * x", "the function 'cos' needs its argument: cos(a)"),
    (
      "alpha(x)",
      "'alpha' at column 1 is not a function; multiplication is written *"
    ),
    (
      "2 x",
      "expected an operator, found 'x' at column 3; multiplication is written *"
    ),
    (
      "1 +",
      "the expression ends at column 4, where a number, a name or '(' is "
        + "expected"
    ),
    ("1 + * x", "expected a number, a name or '(', found '*' at column 5"),
    ("x ** 2", "unexpected '**' at column 3; a power is written ^"),
    ("x = 2", "unexpected character '=' at column 3"),
    ("(x, 2)", "unexpected ',' at column 3"),
    ("1e999", "the number 1e999 at column 1 is out of range"),
    (
      "0 < x < 1",
      "comparisons do not chain (column 7); write (a < b) * (b < c)"
    ),
  ]

  @Test(arguments: mistakes)
  func errorsSayWhatWasExpected(text: String, expected: String) {
    let scope = ExpressionScope(
      parameters: ["alpha", "omega"], fields: ["r"], hasX: true)
    do throws(ExpressionError) {
      _ = try Expression(text, scope: scope)
      Issue.record("no error")
    } catch {
      #expect(error.message == expected)
    }
  }

  @Test(arguments: ["(", "-", "2^", "cos(", "1+("])
  func deepNestingIsRefused(opening: String) {
    let text = String(repeating: opening, count: 100_000) + "1"
    do throws(ExpressionError) {
      _ = try Expression(text, scope: .constants)
      Issue.record("no error")
    } catch {
      #expect(error.message.hasPrefix("nested deeper than 64 levels"))
    }
  }
}
