import Chebyshev
import Foundation
import Tables

/// A family of boundary value problems −(K u′)′ + (v u)′ + w u′ + q u = f on an
/// interval, with random coefficients, as an equation file states it.
///
/// A file is YAML; `equations/diffusion.yaml` is a commented example, and
/// ``EquationSampler`` draws samples.
public struct Equation: Sendable {
  /// A random parameter.
  public struct Parameter: Equatable, Sendable {
    /// The name that expressions use.
    public let name: String

    /// The distribution.
    public let law: Law
  }

  /// A random function of x.
  public struct Field: Equatable, Sendable {
    /// The name that expressions use.
    public let name: String

    /// The distribution.
    public let law: RandomField
  }

  /// The equation's name, as its file gives it.
  public let name: String

  /// What the equation models, in a sentence; may be empty.
  public let description: String

  /// The interval of x.
  public let domain: ClosedRange<Double>

  /// The random parameters, in the order in which they are drawn.
  public let parameters: [Parameter]

  /// The random functions, in the order in which they are drawn.
  public private(set) var fields: [Field]

  /// The whole file as text, comments included.
  public let source: String

  /// Whether the equation is what ``source`` says.
  public private(set) var isAsWritten = true

  /// The file's path, or the shipped equation's name; errors begin with it.
  public let path: String

  let coefficients: CoefficientExpressions
  let left: BoundaryExpression
  let right: BoundaryExpression
  /// What is known of the solution, in a file of the test set.
  public let check: EquationCheck?

  let breakpoints: [Expression]
  let jumps: [JumpExpression]

  /// The derivatives of f and q in u and u′.
  let nonlinear: NonlinearTerms

  /// Whether coefficients, u or its flux may jump inside of the domain.
  public var hasBreakpoints: Bool { !breakpoints.isEmpty || hasJumps }

  /// Whether u or its flux jumps somewhere, which no polynomial does.
  public var hasJumps: Bool { !jumps.isEmpty }

  /// Whether f or q depends on u.
  public var isNonlinear: Bool { coefficients.isNonlinear }

  /// Whether there is a term q u.
  public var hasReaction: Bool { coefficients.q != nil }

  /// Whether there is a term (v u)′.
  public var hasAdvection: Bool { coefficients.v != nil }

  /// Whether there is a term w u′.
  public var hasDrift: Bool { coefficients.w != nil }

  /// The names of the coefficients of its linear problems, in order; those of a
  /// nonlinear equation are the steps of Newton's method.
  public var coefficientNames: [String] {
    guard isNonlinear else { return coefficients.all.map(\.name) }
    return ["K", "f", "q"] + (hasAdvection ? ["v"] : [])
      + (stepsHaveDrift ? ["w"] : [])
  }

  /// Whether the steps of Newton's method have a term w u′.
  var stepsHaveDrift: Bool { hasDrift || coefficients.dependsOnSlope }

  /// Throws if no polynomial on one grid is a solution.
  public func requireOneGrid() throws(EquationError) {
    guard hasJumps else { return }
    throw EquationError(
      file: path,
      message: "u or its flux jumps, which no system on one grid can say; "
        + "bvp solve without --nodes and --method can")
  }

  /// Reads an equation file's text; `path` is what errors call it.
  public init(yaml: String, path: String) throws(EquationError) {
    let root = try YAMLValue.parse(yaml, file: path)
    let keys = try root.mapping(
      required: ["name", "domain", "coefficients", "boundary"],
      optional: [
        "description", "parameters", "fields", "breakpoints", "jump", "check",
      ])
    source = yaml
    self.path = path
    name = try root.child("name").name()
    description = try keys["description"]?.text() ?? ""
    domain = try root.child("domain").domain()
    parameters = try keys["parameters"]?.parameters() ?? []
    let parameterNames = parameters.map(\.name)
    fields =
      try keys["fields"]?.fields(on: domain, besides: parameterNames) ?? []
    coefficients = try root.child("coefficients").coefficients(
      scope: ExpressionScope(
        parameters: parameterNames, fields: fields.map(\.name), hasX: true))
    nonlinear = NonlinearTerms(coefficients, parameters: parameters.count)
    let boundary = try root.child("boundary")
    _ = try boundary.mapping(required: ["left", "right"])
    let scope = ExpressionScope(parameters: parameterNames)
    left = try boundary.child("left").boundary(scope: scope)
    right = try boundary.child("right").boundary(scope: scope)
    breakpoints = try keys["breakpoints"]?.expressions(scope: scope) ?? []
    jumps = try keys["jump"]?.jumps(scope: scope) ?? []
    var known = scope
    known.hasX = true
    check = try keys["check"]?.check(scope: known, on: domain)
  }

  /// Whether samples of the other equation are samples of this one, however it is
  /// written: some draws of both are the same problems.
  public func hasLaw(of other: Equation) -> Bool {
    guard domain == other.domain else { return false }
    if parameters == other.parameters, fields == other.fields,
      coefficients == other.coefficients, left == other.left,
      right == other.right, jumps == other.jumps
    {
      return true
    }
    if hasJumps || other.hasJumps { return false }
    // Nine nodes suit every equation, and nothing is fixed.
    guard let own = try? EquationSampler(self, nodes: 9, seed: 7),
      let theirs = try? EquationSampler(other, nodes: 9, seed: 7)
    else { return false }
    var common = 0
    for index in 0..<16 {
      // What depends on u is compared where u is something.
      let u = FunctionValues(
        u: own.nodes.indices.map { 0.3 + 0.1 * Double(($0 * 5 + index) % 9) },
        du: own.nodes.indices.map { 0.7 - 0.2 * Double(($0 * 4 + index) % 9) })
      // A sample that cannot be drawn is alike if it cannot in either.
      let a = try? own.sample(index, at: u)
      let b = try? theirs.sample(index, at: u)
      guard let a, let b else {
        if a == nil, b == nil { continue }
        return false
      }
      guard a.isNear(b) else { return false }
      common += 1
    }
    return common > 0
  }

  /// Returns the equation with another correlation length of all its fields.
  ///
  /// - Throws: an error that names the length if it is too short for the domain
  ///   or not a positive number.
  public func withCorrelationLength(
    _ length: Double
  ) throws(EquationError) -> Equation {
    let extent = domain.upperBound - domain.lowerBound
    let detailed = NumberFormat.detailed.text
    let shortest = RandomField.shortestLength(extent: extent)
    guard length >= shortest, length.isFinite else {
      throw EquationError(
        file: path, key: "fields",
        message: "the correlation length must be at least "
          + "\(detailed(shortest)), not \(detailed(length))"
      )
    }
    var result = self
    result.isAsWritten = false
    result.fields = fields.map { field in
      Field(
        name: field.name,
        law: RandomField(
          kind: field.law.kind, sigma: field.law.sigma, length: length))
    }
    return result
  }

  /// Reads the equation file at `path`.
  public init(contentsOf path: String) throws(EquationError) {
    var isFolder: ObjCBool = false
    let files = FileManager.default
    guard files.fileExists(atPath: path, isDirectory: &isFolder) else {
      throw EquationError(file: path, message: "no such file")
    }
    if isFolder.boolValue {
      throw EquationError(
        file: path, message: "a folder, where an equation file is expected")
    }
    // What has no size is read, or says why not.
    let attributes = try? files.attributesOfItem(atPath: path)
    if let size = attributes?[.size] as? Int, size > Self.largestFileSize {
      throw EquationError(
        file: path,
        message: "\(size) bytes is too large for an equation file; the limit "
          + "is \(Self.largestFileSize)")
    }
    guard let data = files.contents(atPath: path) else {
      throw EquationError(file: path, message: "the file cannot be read")
    }
    guard let text = String(data: data, encoding: .utf8) else {
      throw EquationError(file: path, message: "the file is not UTF-8 text")
    }
    try self.init(yaml: text, path: path)
  }

  private static let largestFileSize = 1 << 20

  /// Returns the equation in the file of this path, or else the shipped
  /// equation of this name.
  public static func load(
    _ pathOrName: String
  ) throws(EquationError) -> Equation {
    var isFolder: ObjCBool = false
    let exists = FileManager.default.fileExists(
      atPath: pathOrName, isDirectory: &isFolder)
    if exists, !isFolder.boolValue {
      return try Equation(contentsOf: pathOrName)
    }
    if let text = shippedSources[pathOrName] {
      return try Equation(yaml: text, path: pathOrName)
    }
    if exists { return try Equation(contentsOf: pathOrName) }
    throw EquationError(
      file: pathOrName,
      message: "neither a file nor a shipped equation"
        + suggestion(for: pathOrName, among: shippedNames)
        + "; the shipped equations are "
        + shippedNames.joined(separator: ", "))
  }

  /// The names of the equations that ship with the workbench.
  public static let shippedNames = [
    "diffusion", "reaction-diffusion", "advection-diffusion",
    "advection-reaction-diffusion", "family",
  ]

  /// Returns the boundary conditions of a sample with these parameters.
  public func boundary(
    parameters values: [Double]
  ) throws(EquationError) -> (
    left: BoundaryCondition, right: BoundaryCondition
  ) {
    guard values.count == parameters.count else {
      throw EquationError(
        file: path, key: "parameters",
        message: "expected \(parameters.count) values, found \(values.count)")
    }
    return (
      try left.condition(parameters: values, file: path, key: "boundary.left"),
      try right.condition(
        parameters: values, file: path, key: "boundary.right")
    )
  }
}

extension Equation {
  /// The parameters and fields that the operator or the form of a condition at an
  /// end has, by their indices.
  var operatorInputs: (parameters: Set<Int>, fields: Set<Int>) {
    let ends = [left, right].flatMap { [$0.alpha, $0.beta] }
    return inputs(
      coefficients.all.filter { $0.name != "f" }
        .map(\.expression) + ends)
  }

  /// The parameters and fields that K, q, v and w have, or those of f, by their
  /// indices.
  public func coefficientInputs(ofSource: Bool) -> (
    parameters: Set<Int>, fields: Set<Int>
  ) {
    inputs(
      coefficients.all.filter { ($0.name == "f") == ofSource }
        .map(\.expression))
  }

  private func inputs(
    _ formulas: [Expression]
  ) -> (parameters: Set<Int>, fields: Set<Int>) {
    let trees = formulas.map(\.tree)
    return (
      Set(
        parameters.indices.filter { index in
          trees.contains { $0.contains { $0 == .parameter(index) } }
        }),
      Set(trees.flatMap { $0.fieldOrders.keys })
    )
  }
}

/// The coefficients' formulas.
struct CoefficientExpressions: Sendable, Equatable {
  let K: Expression
  let f: Expression
  let q: Expression?
  let v: Expression?
  let w: Expression?

  /// Those that there are, in order.
  var all: [(name: String, expression: Expression)] {
    [("K", K), ("f", f), ("q", q), ("v", v), ("w", w)].compactMap {
      name, expression in expression.map { (name, $0) }
    }
  }

  /// Whether one depends on u.
  var isNonlinear: Bool {
    all.contains { $0.expression.tree.dependsOnSolution }
  }

  /// Whether f or q depends on u′.
  var dependsOnSlope: Bool {
    all.contains { $0.expression.tree.dependsOnSlope }
  }

  /// The highest derivative of each field that they have, by the field's index.
  var fieldOrders: [Int: Int] {
    all.reduce(into: [:]) {
      $0.merge($1.expression.tree.fieldOrders) { max($0, $1) }
    }
  }
}

/// What jumps at a breakpoint, in formulas of the parameters.
struct JumpExpression: Sendable, Equatable {
  let at: Expression
  let u: Expression
  let flux: Expression
}

/// One end's condition α u + β u′ = γ, or ∫u = γ in its place, in formulas of the
/// parameters.
struct BoundaryExpression: Sendable, Equatable {
  let alpha: Expression
  let beta: Expression
  let gamma: Expression
  var isIntegral = false

  /// Returns the condition at given parameters, which must be finite and
  /// constrain u.
  func condition(
    parameters: [Double], file: String, key: String
  ) throws(EquationError) -> BoundaryCondition {
    let condition = BoundaryCondition(
      alpha: alpha.value(parameters: parameters),
      beta: beta.value(parameters: parameters),
      gamma: gamma.value(parameters: parameters),
      integral: isIntegral ? 1 : 0)
    guard condition.alpha.isFinite, condition.beta.isFinite,
      condition.gamma.isFinite
    else {
      throw EquationError(
        file: file, key: key,
        message: "alpha, beta and gamma must be finite, not "
          + NumberFormat.detailed.list([
            condition.alpha, condition.beta, condition.gamma,
          ]))
    }
    if condition.alpha == 0, condition.beta == 0, !isIntegral {
      throw EquationError(
        file: file, key: key, message: "alpha and beta must not both be 0")
    }
    return condition
  }
}
