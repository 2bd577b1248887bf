import ArgumentParser
import Equations
import Experiments
import Systems

/// Solvers that are not networks, "lu,qr,projection", and the bound.
struct ClassicalSolvers: ExpressibleByArgument {
  let names: [String]
  /// Whether these are all that an equation has.
  private let isAll: Bool

  /// What there is to name.
  static let all = SolverCatalogue.names + [ErrorBound.name]

  init?(argument: String) {
    isAll = argument == "all"
    switch argument {
    case "none": names = []
    case "all": names = Self.all
    default:
      names = argument.split(separator: ",", omittingEmptySubsequences: false)
        .map(String.init)
    }
    guard names.allSatisfy(Self.all.contains), Set(names).count == names.count
    else { return nil }
  }

  /// Those that an equation has, or systems without: systems of Newton's method
  /// have no law of their own, and not all noise has a bound.
  func names(for equation: Equation?, _ law: Noise.Law) -> [String] {
    guard isAll else { return names }
    return names.filter {
      !((equation?.isNonlinear ?? true) && SolverCatalogue.needsLaw($0))
        && (equation != nil || !SolverCatalogue.needsEquation($0))
        && ($0 != ErrorBound.name || ErrorBound.exists(for: law))
    }
  }
}
