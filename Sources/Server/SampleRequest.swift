import Equations
import Foundation
import Systems
import Tables
import TensorFiles

/// The sample that a request is about.
struct SampleRequest: Sendable {
  let equation: Equation
  /// Its path or the name of one that ships; nil of a text.
  let path: String?
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
      self.path = path
      equation = try folder.equation(path)
    case (nil, let yaml?):
      self.path = nil
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
    if refines, try fields.says("nodes", "auto") { return nil }
    return try fields.integer("nodes", in: nodeCounts) ?? defaultNodes
  }

  /// A name for files.
  var fileName: String { "\(Self.plain(equation.name))-seed\(seed)-\(index)" }

  static func plain(_ name: String) -> String {
    let plain = String(name.map { $0.isLetter || $0.isNumber ? $0 : "-" })
    // No command's option.
    return plain.hasPrefix("-") ? "equation" + plain : plain
  }

  /// The values of its parameters.
  func parameters() throws -> [NamedValue] {
    let sampler = try EquationSampler(
      equation, points: [], seed: seed, overrides: overrides)
    return zip(equation.parameters, try sampler.parameters(index)).map {
      NamedValue(name: $0.name, value: $1)
    }
  }

  /// Which sample of the equation's law it is; nil where parameters are set to
  /// others than are drawn.
  func origin() throws -> SampleOrigin? {
    let drawn = try EquationSampler(equation, points: [], seed: seed)
      .parameters(index)
    let isDrawn = zip(equation.parameters, drawn).allSatisfy {
      overrides[$0.name] ?? $1 == $1
    }
    return isDrawn
      ? SampleOrigin(
        law: equation.source, seed: seed, first: index, count: 1) : nil
  }

  /// Its coefficients at any points.
  var formulas: ([Double]) throws -> BoundaryValueProblem {
    equation.formulas(seed: seed, index: index, overrides: overrides)
  }
}
