/// ‖a − b‖ / ‖b‖, in Float64.
public func relativeDifference<Number: BinaryFloatingPoint>(
  _ a: some Collection<Number>, _ b: some Collection<Number>
) -> Double {
  var difference = 0.0
  var norm = 0.0
  for (x, y) in zip(a, b) {
    difference += (Double(x) - Double(y)) * (Double(x) - Double(y))
    norm += Double(y) * Double(y)
  }
  return a.count == b.count ? (difference / norm).squareRoot() : .infinity
}

/// The largest |a − b| over the largest |b|.
public func relativeError(_ a: [Double], _ b: [Double]) -> Double {
  guard a.count == b.count else { return .infinity }
  let difference = zip(a, b).map { abs($0 - $1) }.max() ?? .nan
  return difference / (b.map(abs).max() ?? .nan)
}

/// The text of the error that `body` throws; "no error" if it throws none.
public func message(_ body: () throws -> Void) -> String {
  do {
    try body()
    return "no error"
  } catch {
    return "\(error)"
  }
}
