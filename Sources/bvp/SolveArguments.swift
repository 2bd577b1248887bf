import ArgumentParser
import Experiments

/// A parameter that is fixed, "alpha=0.5".
struct Assignment: ExpressibleByArgument {
  let name: String
  let value: Double

  init?(argument: String) {
    let parts = argument.split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty, let value = Double(parts[1]),
      value.isFinite
    else { return nil }
    name = String(parts[0])
    self.value = value
  }
}

/// A solver given by name or as the path of a checkpoint.
enum Method: ExpressibleByArgument, CustomStringConvertible {
  case classical(String)
  case checkpoint(String)

  init?(argument: String) {
    if SolverCatalogue.names.contains(argument) {
      self = .classical(argument)
    } else if argument.contains("/") || argument.contains(".") {
      self = .checkpoint(argument)
    } else {
      return nil
    }
  }

  var description: String {
    switch self {
    case .classical(let name): name
    case .checkpoint(let path): path
    }
  }

  var defaultValueDescription: String { description }
}
