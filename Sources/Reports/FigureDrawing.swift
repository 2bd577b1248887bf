import Foundation
import Tables

/// Where everything in a figure goes.
struct FigureDrawing {
  let figure: Figure
  let xRange: ClosedRange<Double>
  let yRange: ClosedRange<Double>
  let left = 74.0
  let right = 16.0
  let top = 34.0
  let bottom: Double
  let legendRows: [[Int]]

  init(_ figure: Figure) {
    self.figure = figure
    let points = figure.series.flatMap(\.points)
    xRange = Self.range(points.map(\.x), figure.x.scale, pads: false)
    let ys =
      points.flatMap { point in
        [point.y] + (point.band.map { [$0.lowerBound, $0.upperBound] } ?? [])
      } + figure.references.map(\.y)
    yRange = Self.range(ys, figure.y.scale, pads: true)
    // Six pixels a letter is enough for the legend's font.
    var rows: [[Int]] = [[]]
    var width = 0.0
    for (index, series) in figure.series.enumerated() {
      let own = Self.legendWidth(series.name)
      if width + own > figure.size.width - 90, !(rows.last ?? []).isEmpty {
        rows.append([])
        width = 0
      }
      rows[rows.count - 1].append(index)
      width += own
    }
    legendRows = figure.series.count > 1 ? rows : []
    bottom = 50 + 18 * Double(legendRows.count)
  }

  static func legendWidth(_ name: String) -> Double {
    44 + 6.6 * Double(name.count)
  }

  /// Whether a value has a place on an axis: it has a logarithm where it needs
  /// one, and differences of such values are numbers.
  static func isShown(_ value: Double, _ scale: Figure.Scale) -> Bool {
    abs(value) <= 1e100 && (scale == .linear || value > 0)
  }

  /// The numbers that a scale can show, rounded outward.
  static func range(
    _ values: [Double], _ scale: Figure.Scale, pads: Bool
  ) -> ClosedRange<Double> {
    let shown = values.filter { isShown($0, scale) }
    guard let low = shown.min(), let high = shown.max() else { return 0...1 }
    switch scale {
    case .logarithmic:
      let exact = log10(low)...log10(high)
      if !pads, exact.upperBound > exact.lowerBound { return exact }
      let rounded =
        exact.lowerBound.rounded(.down)...exact.upperBound.rounded(.up)
      return rounded.upperBound > rounded.lowerBound
        ? rounded : (rounded.lowerBound - 1)...(rounded.upperBound + 1)
    case .linear:
      // An extent that rounding would swallow is none.
      let size = max(abs(low), abs(high))
      guard high - low > max(1e-12 * size, 1e-200) else {
        let margin = max(1, 1e-6 * size)
        return (low - margin)...(high + margin)
      }
      guard pads else { return low...high }
      let step = FigureTicks.step(high - low)
      return
        ((low / step).rounded(.down) * step)...((high / step).rounded(.up)
        * step)
    }
  }

  // MARK: Places

  var plotWidth: Double { figure.size.width - left - right }
  var plotHeight: Double { figure.size.height - top - bottom }

  func place(
    _ value: Double, _ scale: Figure.Scale, _ range: ClosedRange<Double>
  ) -> Double? {
    guard Self.isShown(value, scale) else { return nil }
    let number = scale == .linear ? value : log10(value)
    let extent = range.upperBound - range.lowerBound
    return (number - range.lowerBound) / extent
  }

  func point(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    guard let px = place(x, figure.x.scale, xRange),
      let py = place(y, figure.y.scale, yRange)
    else { return nil }
    return (left + px * plotWidth, top + (1 - py) * plotHeight)
  }

  static func number(_ value: Double) -> String {
    NumberFormat.fixed(1).text(value)
  }
}
