import Equations
import Foundation
import Tables

/// The sample that a request is about.
struct SampleRequest: Sendable {
  let equation: Equation
  /// What a command calls it.
  let name: String
  let seed: UInt64
  let index: Int
  /// Nodes of the grid; nil refines until two resolutions agree.
  let nodes: Int?
  let overrides: [String: Double]

  /// Nodes of the grid of a request that does not refine.
  var gridNodes: Int { nodes ?? Self.defaultNodes }

  private static let defaultNodes = 64
  static let nodeCounts = 3...512
  /// Larger numbers of JSON are not exact.
  static let seeds = 0...9_007_199_254_740_991
  static let indices = 0...1_000_000_000

  /// Reads it.
  ///
  /// - Parameters:
  ///   - fields: the request.
  ///   - folder: where equations are.
  ///   - refines: whether the nodes may be `auto`.
  /// - Throws: ``ServiceError``, `EquationError`.
  init(_ fields: RequestFields, _ folder: ServedFolder, refines: Bool = false)
    throws
  {
    let path = try fields.text("equation")
    let yaml = try fields.text("yaml", longest: 65_536)
    switch (path, yaml) {
    case (let path?, nil):
      name = path
      equation = try folder.equation(path)
    case (nil, let yaml?):
      name = "typed.yaml"
      equation = try Equation(yaml: yaml, path: "equation")
    default:
      throw ServiceError.wrong("give 'equation' or 'yaml'")
    }
    seed = UInt64(try fields.integer("seed", in: Self.seeds) ?? 0)
    index = try fields.integer("index", in: Self.indices) ?? 0
    nodes = try Self.nodes(fields, refines: refines)
    overrides = try fields.numbers("set", most: 64)
  }

  private static func nodes(_ fields: RequestFields, refines: Bool) throws
    -> Int?
  {
    if refines, (try? fields.text("nodes")) == "auto" { return nil }
    return try fields.integer("nodes", in: nodeCounts) ?? defaultNodes
  }

  /// What says which sample it is, on a command line.
  var arguments: [String] {
    [name, "--seed", "\(seed)", "--index", "\(index)"]
      + overrides.sorted { $0.key < $1.key }.flatMap {
        ["--set", "\($0.key)=\(NumberFormat.exact.text($0.value))"]
      }
  }

  /// A name for files.
  var fileName: String {
    let plain = equation.name.map { $0.isLetter || $0.isNumber ? $0 : "-" }
    return "\(String(plain))-seed\(seed)-\(index)"
  }

  /// The values of its parameters.
  func parameters() throws -> [NamedValue] {
    let sampler = try EquationSampler(
      equation, points: [], seed: seed, overrides: overrides)
    return zip(equation.parameters, try sampler.parameters(index)).map {
      NamedValue(name: $0.name, value: $1)
    }
  }

  /// Its coefficients at any points.
  var formulas: ([Double]) throws -> BoundaryValueProblem {
    equation.formulas(seed: seed, index: index, overrides: overrides)
  }
}
