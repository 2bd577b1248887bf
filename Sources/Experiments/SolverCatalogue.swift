import DenseSolvers
import Equations
import Tables

/// The solvers that need no training, by the names that commands know them by.
///
/// A new one has a file of its own and an entry here.
public struct SolverCatalogue: Sendable {
  /// What a solver may know of the systems before it sees one.
  public struct Context: Sendable {
    /// Nil of systems that are of none.
    public let equation: Equation?
    public let nodes: Int

    public init(_ equation: Equation?, nodes: Int) {
      self.equation = equation
      self.nodes = nodes
    }
  }

  /// A name that no solver has.
  public struct Unknown: Error, CustomStringConvertible {
    public let description: String
  }

  /// A solver that can be made.
  private struct Entry: Sendable {
    let name: String
    let knowledge: String
    var needsEquation = false
    let make: @Sendable (Context) throws -> any SystemSolver
  }

  private static let entries: [Entry] =
    DenseSolver.allCases.map { solver in
      let made = DenseSystemSolver(solver)
      return Entry(name: made.name, knowledge: made.knowledge) { _ in made }
    } + [
      Entry(
        name: Projection.name, knowledge: Projection.knowledge,
        needsEquation: true
      ) { try Projection($0.required(by: Projection.name), nodes: $0.nodes) },
      Entry(
        name: MaximumAPosteriori.name, knowledge: MaximumAPosteriori.knowledge,
        needsEquation: true
      ) {
        try MaximumAPosteriori(
          $0.required(by: MaximumAPosteriori.name), nodes: $0.nodes)
      },
    ]

  /// The names, in the order of tables.
  public static var names: [String] { entries.map(\.name) }

  /// Those of the paper.
  public static let defaultNames = ["lu", "qr", "svd"]

  /// Whether what a name stands for knows the law of an equation's samples, which
  /// systems of nonlinear equations have none of.
  public static func needsLaw(_ name: String) -> Bool {
    [MaximumAPosteriori.name, ErrorBound.name].contains(name)
  }

  /// Whether a solver takes a second and more for a system of order 64.
  public static func isSlow(_ name: String) -> Bool {
    name == MaximumAPosteriori.name
  }

  /// Whether what a name stands for has to know the equation of the systems.
  public static func needsEquation(_ name: String) -> Bool {
    name == ErrorBound.name
      || entries.contains { $0.name == name && $0.needsEquation }
  }

  /// Who is told what, a line for each kind of knowledge: "lu, qr: A, b".
  public static var knowledge: [String] {
    entries.grouped(by: \.knowledge).map { knowledge, own in
      own.map(\.name).joined(separator: ", ") + ": " + knowledge
    }
  }

  /// Makes the solver of a name.
  ///
  /// - Throws: ``Unknown`` if there is none; `EquationError` if the equation has
  ///   no samples to learn its form from.
  public static func solver(_ name: String, for context: Context) throws
    -> any SystemSolver
  {
    guard let entry = entries.first(where: { $0.name == name }) else {
      throw Unknown(
        description: "unknown solver '\(name)'; known are "
          + names.joined(separator: ", "))
    }
    return try entry.make(context)
  }
}

extension SolverCatalogue.Context {
  /// The equation.
  ///
  /// - Throws: ``SolverCatalogue/Unknown`` if there is none.
  fileprivate func required(by solver: String) throws -> Equation {
    guard let equation else {
      throw SolverCatalogue.Unknown(
        description: "\(solver) needs the equation of the systems, and these "
          + "have none")
    }
    return equation
  }
}
