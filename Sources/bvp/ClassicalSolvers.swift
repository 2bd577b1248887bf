import ArgumentParser
import Experiments

/// Solvers that are not networks, "lu,qr,projection".
struct ClassicalSolvers: ExpressibleByArgument {
  let names: [String]

  init?(argument: String) {
    switch argument {
    case "none": names = []
    case "all": names = SolverCatalogue.names
    default:
      names = argument.split(separator: ",", omittingEmptySubsequences: false)
        .map(String.init)
    }
    guard names.allSatisfy(SolverCatalogue.names.contains),
      Set(names).count == names.count
    else { return nil }
  }
}
