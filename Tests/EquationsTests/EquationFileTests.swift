import Foundation
import Randomness
import TestSupport
import Testing

@testable import Equations

struct EquationFileTests {
  @Test func readsEveryPart() throws {
    let text = equationText(
      domain: "[-1, 2 * pi]",
      parameters: [
        "a: {uniform: [0, 1]}", "b: {normal: [2, 0.5]}",
        "c: {log-uniform: [0.1, 10]}", "d: {choice: [1, 2, 5]}", "e: -3.5",
      ],
      fields: [
        "r: {log-gaussian: {sigma: 0.5, length: 1}}",
        "g: {gaussian: {sigma: 2, length: 0.5}}",
      ],
      coefficients: ["K: 1 + a", "f: r", "q: c * g", "v: b"],
      left: "{neumann: d}",
      right: "{robin: {alpha: 1, beta: 1 + a, gamma: e}}")
    let equation = try Equation(yaml: text, path: "test.yaml")
    #expect(equation.name == "test")
    #expect(equation.domain == -1...2 * Double.pi)
    #expect(
      equation.parameters.map(\.law) == [
        .uniform(0, 1), .normal(mean: 2, sd: 0.5), .logUniform(0.1, 10),
        .choice([1, 2, 5]), .number(-3.5),
      ])
    #expect(equation.fields.map(\.name) == ["r", "g"])
    #expect(
      equation.fields[0].law
        == RandomField(kind: .logGaussian, sigma: 0.5, length: 1))
    #expect(equation.hasReaction && equation.hasAdvection)
    #expect(equation.source == text)
    let boundary = try equation.boundary(parameters: [0.5, 0, 1, 5, -3.5])
    #expect(boundary.left == .neumann(5))
    #expect(
      boundary.right == BoundaryCondition(alpha: 1, beta: 1.5, gamma: -3.5))
  }

  @Test func summaryStatesTheEquationAsText() throws {
    let text = equationText(
      domain: "[0, 7.5]", parameters: ["a: {normal: [2, 0.5]}", "b: 3"],
      fields: ["r: {gaussian: {sigma: 2, length: 0.5}}"],
      coefficients: ["K: 1 + a^2", "f: r", "v: b"], left: "{neumann: b}",
      right: "{robin: {alpha: 2, beta: 1 + a, gamma: 0}}")
    let summary = try Equation(yaml: text, path: "test.yaml").summary
    #expect(summary.equation == "−(K u′)′ + (v u)′ = f")
    #expect(summary.domain == [0, 7.5])
    #expect(summary.parameters.map(\.text) == ["normal [2, 0.5]", "3"])
    #expect(
      summary.fields.map(\.text) == ["gaussian {sigma: 2, length: 0.5}"])
    #expect(summary.coefficients.map(\.name) == ["K", "f", "v"])
    #expect(summary.coefficients.map(\.text) == ["1 + a^2", "r", "b"])
    #expect(
      summary.boundary.map(\.text) == ["u′ = b", "2 u + (1 + a) u′ = 0"])
  }

  private static let mistakes: [(text: String, error: String)] = [
    (
      equationText(parameters: ["omega: {unifrom: [0, 1]}"]),
      "parameters.omega: unknown law 'unifrom'; did you mean 'uniform'?"
    ),
    (
      equationText(parameters: ["omega: {poisson: 3}"]),
      "parameters.omega: unknown law 'poisson'; expected 'uniform', 'normal', "
        + "'log-uniform' or 'choice'"
    ),
    (
      equationText(parameters: ["a: {uniform: [1, 0]}"]),
      "parameters.a.uniform: lo must be less than hi, not [1, 0]"
    ),
    (
      equationText(parameters: ["a: {uniform: [1, 2, 3]}"]),
      "parameters.a.uniform: expected [lo, hi], found 3 values"
    ),
    (
      equationText(parameters: ["a: {uniform: 1}"]),
      "parameters.a.uniform: expected [lo, hi], found text"
    ),
    (
      equationText(parameters: ["a: {normal: [0, -1]}"]),
      "parameters.a.normal: sd must not be negative: -1"
    ),
    (
      equationText(parameters: ["a: {log-uniform: [0, 1]}"]),
      "parameters.a.log-uniform: lo must be positive, not 0"
    ),
    (
      equationText(parameters: ["a: {choice: []}"]),
      "parameters.a.choice: expected one number at least"
    ),
    (
      equationText(parameters: ["a: {uniform: [0, 1], normal: [0, 1]}"]),
      "parameters.a: expected one law, found 2"
    ),
    (
      equationText(parameters: ["a: [0, 1]"]),
      "parameters.a: expected a law such as {uniform: [0, 1]} or a number, "
        + "found a list"
    ),
    (
      equationText(parameters: ["a: 1", "b: 2 * a"]),
      "parameters.b: expected a number, found '2 * a': unknown name 'a'; "
        + "expected pi, a function (abs, cos, cosh, erf, exp, log, max, min, sin, "
        + "sinh, sqrt, tan, tanh, where)"
    ),
    (
      equationText(parameters: ["a: 1 / 0"]),
      "parameters.a: expected a finite number, found '1 / 0'"
    ),
    (
      equationText(parameters: ["pi: 3"]),
      "parameters.pi: the name 'pi' has a meaning of its own; take another"
    ),
    (
      equationText(parameters: ["cos: 3"]),
      "parameters.cos: the name 'cos' has a meaning of its own; take another"
    ),
    (
      equationText(parameters: ["my-a: 3"]),
      "parameters.my-a: 'my-a' is not a name; a name is a letter and then "
        + "letters, digits and _"
    ),
    (
      equationText(parameters: ["a: 1", "a: 2"]),
      "the key 'a' appears twice in the mapping at line 4"
    ),
    (
      equationText(
        parameters: ["r: 1"],
        fields: ["r: {gaussian: {sigma: 1, length: 1}}"]),
      "fields.r: the name 'r' is already a parameter's"
    ),
    (
      equationText(fields: ["r: {gausian: {sigma: 1, length: 1}}"]),
      "fields.r: unknown field 'gausian'; did you mean 'gaussian'?"
    ),
    (
      equationText(fields: ["r: {gaussian: {sigma: 0, length: 1}}"]),
      "fields.r.gaussian.sigma: must be positive, not 0"
    ),
    (
      equationText(fields: ["r: {gaussian: {sigma: 1, length: -1}}"]),
      "fields.r.gaussian.length: must be positive, not -1"
    ),
    (
      equationText(fields: ["r: {gaussian: {sigma: 1, length: 0.001}}"]),
      "fields.r.gaussian.length: 0.001 is too short for this domain; the "
        + "least is 0.00377722"
    ),
    (
      equationText(fields: ["r: {gaussian: {sigma: 1}}"]),
      "fields.r.gaussian: the key 'length' is missing"
    ),
    (
      equationText(domain: "[1, 0]"),
      "domain: the left end must be less than the right end, not [1, 0]"
    ),
    (
      equationText(domain: "[0, 1e400]"),
      "domain: expected a number, found '1e400': the number 1e400 at column 1 "
        + "is out of range"
    ),
    (
      equationText(domain: "[1e20, 1.000000001e20]"),
      "domain: the interval [1e+20, 1.000000001e+20] is too narrow or too wide "
        + "for double precision"
    ),
    (
      equationText(domain: "[0]"),
      "domain: expected [left end, right end], found 1 values"
    ),
    (
      equationText(coefficients: ["K: 1"]),
      "coefficients: the key 'f' is missing"
    ),
    (
      equationText(coefficients: ["k: 1", "f: 1"]),
      "coefficients: unknown key 'k'; did you mean 'K'?"
    ),
    (
      equationText(coefficients: ["K: 1", "f: 1", "z: 2"]),
      "coefficients: unknown key 'z'; expected 'K', 'f', 'q', 'v' or 'w'"
    ),
    (
      equationText(
        parameters: ["omega: 1"], coefficients: ["K: omgea", "f: 1"]),
      "coefficients.K: unknown name 'omgea'; did you mean 'omega'?"
    ),
    (
      equationText(coefficients: ["K: 1", "f: 2 * K"]),
      "coefficients.f: unknown name 'K'; expected x, u, du, pi, a function "
        + "(abs, cos, cosh, diff, erf, exp, indicator, log, max, min, sin, sinh, "
        + "sqrt, tan, tanh, where)"
    ),
    (
      equationText(coefficients: ["K: [1]", "f: 1"]),
      "coefficients.K: expected an expression, found a list"
    ),
    (
      equationText(coefficients: ["K:", "f: 1"]),
      "coefficients.K: expected an expression, found nothing"
    ),
    (
      equationText(left: "{dirichlt: 0}"),
      "boundary.left: unknown boundary condition 'dirichlt'; did you mean "
        + "'dirichlet'?"
    ),
    (
      equationText(left: "0"),
      "boundary.left: expected a condition such as {dirichlet: 0}, found text"
    ),
    (
      equationText(right: "{dirichlet: x}"),
      "boundary.right.dirichlet: 'x' is not allowed here; expected pi, a "
        + "function (abs, cos, cosh, erf, exp, log, max, min, sin, sinh, sqrt, "
        + "tan, tanh, where)"
    ),
    (
      equationText(right: "{dirichlet: 'indicator(0, 1)'}"),
      "boundary.right.dirichlet: 'indicator' is a function of x, which is not "
        + "allowed here"
    ),
    (
      equationText(right: "{robin: {alpha: 0, beta: 1 - 1, gamma: 2}}"),
      "boundary.right.robin: alpha and beta must not both be 0"
    ),
    (
      equationText(right: "{robin: {alpha: 0, gamma: 2}}"),
      "boundary.right.robin: the key 'beta' is missing"
    ),
    (
      "name: a\ndomain: [0, 1]\ncoefficients: {K: 1, f: 1}\n"
        + "boundary: {left: {dirichlet: 0}}",
      "boundary: the key 'right' is missing"
    ),
    (
      equationText() + "coeficients: 1\n",
      "unknown key 'coeficients'; did you mean 'coefficients'?"
    ),
    ("name: a\n", "the key 'domain' is missing"),
    ("", "the file is empty"),
    (
      "just text",
      "expected a mapping with the keys name, domain, coefficients, boundary, "
        + "found text"
    ),
    (
      "name: [1",
      "not valid YAML at line 2, column 1: while parsing a flow sequence, did "
        + "not find expected ',' or ']'"
    ),
  ]

  @Test(arguments: mistakes)
  func errorsNameTheKey(text: String, expected: String) {
    let found = message { _ = try Equation(yaml: text, path: "mine.yaml") }
    #expect(found == "mine.yaml: \(expected)")
  }

  @Test func errorsCarryFileAndKey() {
    let text = equationText(parameters: ["omega: {unifrom: [0, 1]}"])
    let error = refusal(EquationError.self) {
      try Equation(yaml: text, path: "equations/mine.yaml")
    }
    #expect(error?.file == "equations/mine.yaml")
    #expect(error?.key == "parameters.omega")
    #expect(error != nil && error?.sample == nil)
  }

  @Test func blankParametersAndFieldsAreNone() throws {
    let text = equationText() + "parameters:\nfields:\n"
    let equation = try Equation(yaml: text, path: "test.yaml")
    #expect(equation.parameters.isEmpty && equation.fields.isEmpty)
  }

  @Test func boundaryWantsEveryParameter() throws {
    let equation = try Equation(
      yaml: equationText(parameters: ["a: 1"]), path: "test.yaml")
    #expect(
      message { _ = try equation.boundary(parameters: []) }
        == "test.yaml: parameters: expected 1 values, found 0")
  }

  // MARK: Files

  @Test func filesThatAreNotEquationsAreErrors() throws {
    let folder = FileManager.default.temporaryDirectory.path
    let path = folder + "/\(UUID().uuidString).yaml"
    defer { try? FileManager.default.removeItem(atPath: path) }
    func load() -> String { message { _ = try Equation.load(path) } }

    #expect(load().hasPrefix("\(path): neither a file nor a shipped equation"))
    #expect(
      message { _ = try Equation(contentsOf: path) } == "\(path): no such file")
    #expect(
      message { _ = try Equation.load(folder) }
        == "\(folder): a folder, where an equation file is expected")
    try Data([0xff, 0xfe, 0x80]).write(to: URL(fileURLWithPath: path))
    #expect(load() == "\(path): the file is not UTF-8 text")
    try Data(count: 2 << 20).write(to: URL(fileURLWithPath: path))
    #expect(
      load()
        == "\(path): 2097152 bytes is too large for an equation file; the "
        + "limit is 1048576")
    try Data(equationText().utf8).write(to: URL(fileURLWithPath: path))
    #expect(try Equation.load(path).name == "test")
  }

  @Test func misspeltNamesAreCorrected() {
    #expect(
      message { _ = try Equation.load("difusion") }
        == "difusion: neither a file nor a shipped equation; did you mean "
        + "'diffusion'?; the shipped equations are diffusion, "
        + "reaction-diffusion, advection-diffusion, "
        + "advection-reaction-diffusion, family")
  }

  /// Mangled files may be refused or accepted, but nothing else.
  @Test func mangledFilesNeverTrap() throws {
    let source = Array(
      try Equation.load("advection-reaction-diffusion").source.utf8)
    let pieces = Array("{}[]:,'\"&*!|>%@`#-+/^()<>= \n\t0.x".utf8)
    for i in 0..<500 {
      var random = CounterRandom(seed: 7, index: i, stream: .parameter(0))
      var text = source
      for _ in 0..<3 {
        let place = Int.random(in: text.indices, using: &random)
        text[place] = pieces.randomElement(using: &random) ?? 0
      }
      if i % 10 == 0 { text.removeLast(i) }
      let yaml = String(decoding: text, as: UTF8.self)
      do throws(EquationError) {
        let equation = try Equation(yaml: yaml, path: "mangled")
        let sampler = try EquationSampler(equation, nodes: 5, seed: 0)
        _ = try sampler.sample(0)
      } catch {
        #expect(error.description.hasPrefix("mangled: "))
      }
    }
  }

  @Test func deepNestingIsAnError() {
    let text = "name: " + String(repeating: "[", count: 100_000)
    #expect(
      message { _ = try Equation(yaml: text, path: "deep") }
        == "deep: nested deeper than 64 levels at line 1")
  }
}

/// Where in its text an equation is wrong.
struct EquationPositionTests {
  private func position(_ yaml: String) -> [Int] {
    let error = refusal(EquationError.self) {
      try Equation(yaml: yaml, path: "e")
    }
    return error?.position.map { [$0.line, $0.column] } ?? []
  }

  private let text = """
    name: a
    domain: [0, 1]
    parameters:
      p: {uniform: [0, 1]}
    coefficients:
      K: 1 + p * x
      f: 'sin(x) + 1'
    boundary:
      left: {u: 0}
      right: {u: 0}

    """

  @Test("A fault in a formula has line and column, quoted or not")
  func formulas() {
    #expect(position(text.replacing("p * x", with: "r * x")) == [6, 10])
    #expect(position(text.replacing("p * x", with: "p x")) == [6, 12])
    #expect(position(text.replacing("+ 1'", with: "+ t'")) == [7, 16])
    #expect(position(text.replacing("sin(x)", with: "sn(x)")) == [7, 7])
    #expect(position(text.replacing("1 + p", with: "(1 + p")) == [6, 6])
  }

  @Test("A wrong law, key and bare text have theirs")
  func structure() {
    #expect(position(text.replacing("[0, 1]}", with: "[1, 0]}")) == [4, 16])
    #expect(position(text.replacing("  K:", with: "  k:")) == [6, 3])
    #expect(position("name: a\n  b: c\n") == [2, 4])
    #expect(!position(text + "name: b\n").isEmpty)
  }
}
