import ArgumentParser
import DenseSolvers
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

/// A number of nodes, or as many as a tolerance takes.
enum NodesChoice: ExpressibleByArgument, Equatable {
  case auto
  case count(Int)

  init?(argument: String) {
    if argument == "auto" {
      self = .auto
    } else if let count = Int(argument) {
      self = .count(count)
    } else {
      return nil
    }
  }
}

/// A parameter and the values between which it is followed, "eps=1:0.01".
struct ContinuationPath: ExpressibleByArgument {
  let name: String
  let first: Double
  let last: Double

  init?(argument: String) {
    let parts = argument.split(
      separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    guard parts.count == 2, !parts[0].isEmpty else { return nil }
    let values = parts[1].split(
      separator: ":", omittingEmptySubsequences: false
    ).compactMap { Double($0) }
    guard values.count == 2, values.allSatisfy(\.isFinite) else { return nil }
    name = String(parts[0])
    first = values[0]
    last = values[1]
  }
}

extension ContinuationPath {
  /// Refuses a path that leads nowhere.
  func validate() throws {
    guard first == last else { return }
    throw ValidationError(
      "--continue leads from \(first) to \(last), which is nowhere; --set "
        + "\(name)=\(first) fixes the parameter")
  }
}

extension Iteration: ExpressibleByArgument {}
