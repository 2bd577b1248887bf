import Foundation

/// The arithmetic mean; NaN of no values.
public func mean(_ values: some Collection<Double>) -> Double {
  values.reduce(0, +) / Double(values.count)
}

/// The geometric mean of positive values; NaN of none.
///
/// Errors of several seeds are averaged by it, wherever the workbench averages
/// over seeds: they differ by factors.
public func geometricMean(_ values: some Collection<Double>) -> Double {
  exp(values.reduce(0) { $0 + log($1) } / Double(values.count))
}

/// A sample's figure over many samples.
public struct Distribution: Sendable, Equatable, Codable {
  public var mean: Double
  public var median: Double
  public var p10: Double
  public var p90: Double

  /// Summarises values in any order; of none, all figures are NaN.
  ///
  /// Percentiles are interpolated linearly between order statistics.
  public init(_ values: [Double]) {
    let sorted = values.sorted()
    mean = Tables.mean(values)
    median = Self.percentile(sorted, 0.5)
    p10 = Self.percentile(sorted, 0.1)
    p90 = Self.percentile(sorted, 0.9)
  }

  /// The interpolated percentile of values in ascending order.
  static func percentile(_ sorted: [Double], _ share: Double) -> Double {
    guard let last = sorted.last else { return .nan }
    let position = share * Double(sorted.count - 1)
    let below = Int(position)
    guard below + 1 < sorted.count else { return last }
    let fraction = position - Double(below)
    if fraction == 0 { return sorted[below] }
    return sorted[below] + fraction * (sorted[below + 1] - sorted[below])
  }
}

extension Sequence {
  /// The elements by a key, in the order of the keys' first appearance.
  public func grouped<Key: Hashable>(
    by key: (Element) -> Key
  ) -> [(key: Key, elements: [Element])] {
    var order: [Key] = []
    var groups: [Key: [Element]] = [:]
    for element in self {
      let key = key(element)
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(element)
    }
    return order.map { ($0, groups[$0] ?? []) }
  }
}
