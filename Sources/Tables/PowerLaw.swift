import Foundation

/// How a positive figure depends on a quantity: y = c xᵃ, with another c for each
/// group of points.
public struct PowerLaw: Sendable, Equatable {
  /// a.
  public let exponent: Double
  /// The share of the variance of log y within groups that the law explains.
  public let determination: Double

  /// Fits log y = log c + a log x by least squares.
  ///
  /// It is nil if x does not vary within any group.
  ///
  /// - Parameter groups: positive points, those of one c together.
  public init?(_ groups: [[(x: Double, y: Double)]]) {
    var (xx, xy, yy) = (0.0, 0.0, 0.0)
    for group in groups where group.count > 1 {
      let points = group.map { (x: log($0.x), y: log($0.y)) }
      let centre = (x: mean(points.map(\.x)), y: mean(points.map(\.y)))
      for point in points {
        xx += (point.x - centre.x) * (point.x - centre.x)
        xy += (point.x - centre.x) * (point.y - centre.y)
        yy += (point.y - centre.y) * (point.y - centre.y)
      }
    }
    guard xx > 0, yy.isFinite else { return nil }
    exponent = xy / xx
    determination = yy > 0 ? xy * xy / (xx * yy) : 1
  }
}

extension StudyTable {
  /// Power laws of a quantity in every axis of positive numbers, the places on the
  /// other axes its groups.
  public func powerLaws(of quantity: String) -> [(axis: String, law: PowerLaw)]
  {
    axes.indices.compactMap { axis in
      let points = settings.compactMap { setting in
        spread(quantity, of: setting).map { (setting.labels, $0.mean) }
      }
      let numbers = points.map { Double($0.0[axis]) }
      guard numbers.allSatisfy({ $0 ?? 0 > 0 }), Set(numbers).count > 2 else {
        return nil
      }
      let groups = points.grouped { point in
        point.0.enumerated().filter { $0.offset != axis }.map(\.element)
      }.map { group in
        group.elements.compactMap { labels, y in
          Double(labels[axis]).map { (x: $0, y: y) }
        }
      }
      return PowerLaw(groups).map { (axes[axis], $0) }
    }
  }

  /// The laws in words.
  public func powerLawText(of quantity: String) -> String? {
    let laws = powerLaws(of: quantity).filter { $0.law.determination >= 0.5 }
      .map { axis, law in
        "\(axis)^\(NumberFormat.short.text(law.exponent)) "
          + "(R² \(NumberFormat.fixed(2).text(law.determination)))"
      }
    guard !laws.isEmpty else { return nil }
    return "\(quantity.replacing("_", with: " ")) goes as "
      + laws.joined(separator: ", ")
  }
}
