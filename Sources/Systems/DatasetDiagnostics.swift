import Chebyshev
import DenseSolvers
import Equations
import Tables

/// The condition numbers of a dataset's first systems and the decay of their
/// solutions' Chebyshev coefficients.
public struct DatasetDiagnostics: Sendable {
  /// The number of systems that were looked at.
  public let count: Int
  /// κ₂(A); nil if there are none.
  public let condition: Distribution?
  /// The last coefficients over the largest; nil if there are none.
  public let tail: Distribution?

  /// Looks at the first `limit` systems of a dataset.
  ///
  /// - Throws: `MemoryShortage`, `SolveFailure`, what the reader throws.
  public init(_ reader: DatasetReader, limit: Int) throws {
    let found = try Self.each(reader, limit: limit)
    count = found.conditions.count
    condition = count == 0 ? nil : Distribution(found.conditions)
    tail = count == 0 ? nil : Distribution(found.tails)
  }

  /// κ₂(A) and the last coefficients of u over the largest, of each of the first
  /// `limit` systems.
  ///
  /// - Throws: as ``init(_:limit:)`` does.
  public static func each(_ reader: DatasetReader, limit: Int) throws -> (
    conditions: [Double], tails: [Double]
  ) {
    let source = try DatasetSource(reader, limit: limit)
    var system = SolvedSystem(n: reader.n)
    var conditions: [Double] = []
    var tails: [Double] = []
    let workspace = SystemWorkspace()
    for index in 0..<source.limit {
      try source.load(index, into: &system, workspace: workspace)
      conditions.append(
        try conditionNumber(
          system.A, n: reader.n, workspace: workspace.solver))
      tails.append(
        try ChebyshevSeries(values: system.u, on: reader.equation.domain).tail)
    }
    return (conditions, tails)
  }
}
