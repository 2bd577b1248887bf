import ArgumentParser
import Equations

/// Checks the number of nodes a command was given.
func validateNodes(_ nodes: Int) throws {
  let allowed = EquationSampler.nodeCounts
  guard allowed.contains(nodes) else {
    throw ValidationError(
      "--nodes must lie between \(allowed.lowerBound) and "
        + "\(allowed.upperBound)")
  }
}

/// Checks a number that must be at least 1, and no more than anybody can mean,
/// where it is given.
func validatePositive(_ value: Int?, _ flag: String) throws {
  guard (value ?? 1) >= 1 else {
    throw ValidationError("\(flag) must be positive")
  }
  guard (value ?? 1) <= 1_000_000_000 else {
    throw ValidationError("\(flag) must be at most 1000000000")
  }
}

/// Checks a number that must be at least 0.
func validateNotNegative(_ value: Int, _ flag: String) throws {
  guard value >= 0 else {
    throw ValidationError("\(flag) must not be negative")
  }
}
