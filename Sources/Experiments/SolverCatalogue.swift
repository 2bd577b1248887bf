import DenseSolvers
import Equations

/// The solvers that need no training, by the names that commands know them by.
///
/// A new one has a file of its own and an entry here.
public struct SolverCatalogue: Sendable {
  /// What a solver may know of the systems before it sees one.
  public struct Context: Sendable {
    public let equation: Equation
    public let nodes: Int

    public init(_ equation: Equation, nodes: Int) {
      self.equation = equation
      self.nodes = nodes
    }
  }

  /// A solver that can be made.
  struct Entry: Sendable {
    let name: String
    let make: @Sendable (Context) throws -> any SystemSolver
  }

  private static let entries: [Entry] =
    DenseSolver.allCases.map { solver in
      Entry(name: solver.rawValue) { _ in DenseSystemSolver(solver) }
    } + [
      Entry(name: "projection") {
        try Projection($0.equation, nodes: $0.nodes)
      }
    ]

  /// The names, in the order of tables.
  public static var names: [String] { entries.map(\.name) }

  /// Makes the solver of a name.
  ///
  /// - Returns: the solver; nil if there is none of that name.
  /// - Throws: `EquationError` if the equation has no samples to learn its form
  ///   from.
  public static func solver(_ name: String, for context: Context) throws
    -> (any SystemSolver)?
  {
    try entries.first { $0.name == name }?.make(context)
  }
}
