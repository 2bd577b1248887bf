/// Why a linear system has no solution to report.
public enum SolveFailure: Error, Equatable, Sendable, CustomStringConvertible {
  /// A pivot (LU) or a diagonal entry of R (QR) is exactly zero; `pivot` counts
  /// from 1.
  case singular(pivot: Int)
  /// The matrix or the right-hand side has an entry that is NaN or infinite.
  case nonFiniteInput
  /// The solution has one.
  case nonFiniteSolution
  /// The singular value decomposition did not converge.
  case notConverged
  /// No parameters were found with which a model explains the data.
  case notFitted
  /// LAPACK refused an argument.
  case invalidArgument(Int)

  public var description: String {
    switch self {
    case .singular(let pivot): "the matrix is singular (pivot \(pivot) is zero)"
    case .nonFiniteInput: "the system has entries that are not finite"
    case .nonFiniteSolution: "the solution is not finite"
    case .notFitted: "no parameters were found that explain the data"
    case .notConverged: "the singular value decomposition did not converge"
    case .invalidArgument(let position):
      "LAPACK refused argument \(position)"
    }
  }
}
