import ArgumentParser

/// Checks the number of nodes a command was given.
func validateNodes(_ nodes: Int) throws {
  guard (3...4096).contains(nodes) else {
    throw ValidationError("--nodes must lie between 3 and 4096")
  }
}

/// Checks the number of points a command resamples on.
func validatePoints(_ points: Int?) throws {
  guard (2...10_000_000).contains(points ?? 2) else {
    throw ValidationError("--points must lie between 2 and 10000000")
  }
}

/// Checks a number that must be at least 1 where it is given.
func validatePositive(_ value: Int?, _ flag: String) throws {
  guard (value ?? 1) >= 1 else {
    throw ValidationError("\(flag) must be positive")
  }
}

/// Checks a number that must be at least 0.
func validateNotNegative(_ value: Int, _ flag: String) throws {
  guard value >= 0 else {
    throw ValidationError("\(flag) must not be negative")
  }
}
