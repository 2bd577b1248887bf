import ArgumentParser

/// Values separated by commas, "50,100,250".
struct CommaList<Value: LosslessStringConvertible & Hashable & Sendable>:
  ExpressibleByArgument
{
  let values: [Value]

  var defaultValueDescription: String {
    values.map { "\($0)" }.joined(separator: ",")
  }

  init(_ values: [Value]) { self.values = values }

  init?(argument: String) {
    let parts = argument.split(separator: ",", omittingEmptySubsequences: false)
    values = parts.compactMap { Value(String($0)) }
    guard values.count == parts.count else { return nil }
  }

  /// Refuses a value for which `isValid` does not hold; `expected` completes
  /// "must be".
  func check(
    _ flag: String, _ expected: String, _ isValid: (Value) -> Bool
  ) throws {
    for value in values where !isValid(value) {
      throw ValidationError("\(flag): must be \(expected), not \(value)")
    }
  }

  /// Refuses a value that is given twice.
  func checkDistinct(_ flag: String) throws {
    for value in values where values.count(where: { $0 == value }) > 1 {
      throw ValidationError("\(flag) gives \(value) more than once")
    }
  }
}
