import Foundation

/// A line chart, drawn as SVG.
public struct Figure: Sendable {
  /// How an axis maps numbers to places.
  public enum Scale: Sendable {
    case linear
    case logarithmic
  }

  /// An axis with its label, units included.
  public struct Axis: Sendable {
    public var label: String
    public var scale: Scale

    public init(_ label: String, _ scale: Scale = .linear) {
      self.label = label
      self.scale = scale
    }
  }

  /// A point of a curve, with the band around it where there is one.
  public struct Point: Sendable {
    public var x: Double
    public var y: Double
    public var band: ClosedRange<Double>?

    public init(_ x: Double, _ y: Double, band: ClosedRange<Double>? = nil) {
      self.x = x
      self.y = y
      self.band = band
    }
  }

  /// A curve.
  public struct Series: Sendable {
    public var name: String
    public var points: [Point]
    /// Whether the points are marked.
    public var isMarked: Bool

    public init(_ name: String, _ points: [Point], isMarked: Bool = true) {
      self.name = name
      self.points = points
      self.isMarked = isMarked
    }
  }

  public var title: String
  public var x: Axis
  public var y: Axis
  public var series: [Series]
  /// Lines across the figure, such as a number of the paper's.
  public var references: [(label: String, y: Double)] = []
  /// Width and height, in pixels.
  public var size = (width: 640.0, height: 380.0)

  public init(_ title: String, x: Axis, y: Axis, series: [Series]) {
    self.title = title
    self.x = x
    self.y = y
    self.series = series
  }

  /// The colours of Okabe and Ito, which the colour-blind tell apart, in an
  /// order that keeps neighbours far from one another; black is the text's.
  static let colours = [
    "#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9",
    "currentColor", "#b8a800",
  ]
  private static let dashes = ["", "7 3", "2 3", "9 3 2 3"]

  static func colour(_ index: Int) -> String { colours[index % colours.count] }

  /// A second round of the colours is dashed.
  static func dash(_ index: Int) -> String {
    dashes[index / colours.count % dashes.count]
  }
}

// MARK: Drawing

extension Figure {
  /// The figure as an `svg` element; text and axes take the page's colour.
  public var svg: String {
    let drawing = FigureDrawing(self)
    return drawing.svg
  }
}

/// Where everything in a figure goes.
struct FigureDrawing {
  private let figure: Figure
  private let xRange: ClosedRange<Double>
  private let yRange: ClosedRange<Double>
  private let left = 74.0
  private let right = 16.0
  private let top = 34.0
  private let bottom: Double
  private let legendRows: [[Int]]

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

  private static func legendWidth(_ name: String) -> Double {
    44 + 6.6 * Double(name.count)
  }

  /// The numbers that a scale can show, rounded outward.
  private static func range(
    _ values: [Double], _ scale: Figure.Scale, pads: Bool
  ) -> ClosedRange<Double> {
    let shown = values.filter {
      $0.isFinite && (scale == .linear || $0 > 0)
    }
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
      if high == low { return (low - 1)...(high + 1) }
      guard pads else { return low...high }
      let step = FigureTicks.step(high - low)
      return
        ((low / step).rounded(.down) * step)...((high / step).rounded(.up)
        * step)
    }
  }

  // MARK: Places

  private var plotWidth: Double { figure.size.width - left - right }
  private var plotHeight: Double { figure.size.height - top - bottom }

  private func place(
    _ value: Double, _ scale: Figure.Scale, _ range: ClosedRange<Double>
  ) -> Double? {
    guard value.isFinite, scale == .linear || value > 0 else { return nil }
    let number = scale == .linear ? value : log10(value)
    let extent = range.upperBound - range.lowerBound
    return (number - range.lowerBound) / extent
  }

  private func point(_ x: Double, _ y: Double) -> (x: Double, y: Double)? {
    guard let px = place(x, figure.x.scale, xRange),
      let py = place(y, figure.y.scale, yRange)
    else { return nil }
    return (left + px * plotWidth, top + (1 - py) * plotHeight)
  }

  private static func number(_ value: Double) -> String {
    String(format: "%.1f", value)
  }

  // MARK: Elements

  var svg: String {
    let (width, height) = figure.size
    var lines = [
      "<svg viewBox=\"0 0 \(Int(width)) \(Int(height))\" role=\"img\" "
        + "xmlns=\"http://www.w3.org/2000/svg\" "
        + "font-family=\"system-ui, sans-serif\" font-size=\"12\">",
      "<title>\(escaped(figure.title))</title>",
      text(figure.title, x: left, y: 18, extra: "font-weight=\"600\""),
    ]
    lines += axis(
      figure.x, xRange, count: 8,
      line: { place in
        let x = left + place * plotWidth
        return (x, top, x, top + plotHeight)
      },
      label: { place, name in
        text(
          name, x: left + place * plotWidth, y: top + plotHeight + 17,
          anchor: "middle")
      })
    lines += axis(
      figure.y, yRange, count: 6,
      line: { place in
        let y = top + (1 - place) * plotHeight
        return (left, y, left + plotWidth, y)
      },
      label: { place, name in
        text(
          name, x: left - 7, y: top + (1 - place) * plotHeight + 4,
          anchor: "end")
      })
    lines.append(
      text(
        figure.x.label, x: left + plotWidth / 2, y: top + plotHeight + 36,
        anchor: "middle"))
    let middle = top + plotHeight / 2
    lines.append(
      text(
        figure.y.label, x: 16, y: middle, anchor: "middle",
        extra: "transform=\"rotate(-90 16 \(Self.number(middle)))\""))
    lines += references
    for (index, series) in figure.series.enumerated() {
      lines += draw(series, index)
    }
    lines += legend
    lines.append("</svg>")
    return lines.joined(separator: "\n")
  }

  private func text(
    _ content: String, x: Double, y: Double, anchor: String = "start",
    extra: String = ""
  ) -> String {
    "<text x=\"\(Self.number(x))\" y=\"\(Self.number(y))\" "
      + "text-anchor=\"\(anchor)\" fill=\"currentColor\" \(extra)>"
      + "\(escaped(content))</text>"
  }

  private func axis(
    _ axis: Figure.Axis, _ range: ClosedRange<Double>, count: Int,
    line: (Double) -> (Double, Double, Double, Double),
    label: (Double, String) -> String
  ) -> [String] {
    FigureTicks.ticks(range, axis.scale, count: count).flatMap { tick in
      let extent = range.upperBound - range.lowerBound
      let place = (tick.place - range.lowerBound) / extent
      let (x1, y1, x2, y2) = line(place)
      return [
        "<line x1=\"\(Self.number(x1))\" y1=\"\(Self.number(y1))\" "
          + "x2=\"\(Self.number(x2))\" y2=\"\(Self.number(y2))\" "
          + "stroke=\"currentColor\" stroke-opacity=\"0.15\"/>",
        label(place, tick.label),
      ]
    }
  }

  private var references: [String] {
    figure.references.flatMap { reference -> [String] in
      guard let place = place(reference.y, figure.y.scale, yRange) else {
        return []
      }
      let y = top + (1 - place) * plotHeight
      return [
        "<line x1=\"\(Self.number(left))\" y1=\"\(Self.number(y))\" "
          + "x2=\"\(Self.number(left + plotWidth))\" y2=\"\(Self.number(y))\" "
          + "stroke=\"currentColor\" stroke-opacity=\"0.6\" "
          + "stroke-dasharray=\"4 4\"/>",
        text(
          reference.label, x: left + plotWidth - 4, y: y - 5, anchor: "end",
          extra: "font-size=\"11\" fill-opacity=\"0.8\""),
      ]
    }
  }

  private func draw(_ series: Figure.Series, _ index: Int) -> [String] {
    let colour = Figure.colour(index)
    var lines: [String] = []
    let upper = series.points.compactMap { point in
      point.band.flatMap { self.point(point.x, $0.upperBound) }
    }
    let lower = series.points.compactMap { point in
      point.band.flatMap { self.point(point.x, $0.lowerBound) }
    }
    if upper.count > 1, lower.count > 1 {
      lines.append(
        "<polygon points=\"\(path(upper + lower.reversed()))\" "
          + "fill=\"\(colour)\" fill-opacity=\"0.15\"/>")
    }
    let places = series.points.compactMap { point($0.x, $0.y) }
    let dash = Figure.dash(index)
    if places.count > 1 {
      lines.append(
        "<polyline points=\"\(path(places))\" fill=\"none\" "
          + "stroke=\"\(colour)\" stroke-width=\"2\" "
          + "stroke-linejoin=\"round\""
          + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"") + "/>")
    }
    if series.isMarked || places.count == 1 {
      lines += places.map { marker($0.x, $0.y, index) }
    }
    return lines
  }

  private func path(_ places: [(x: Double, y: Double)]) -> String {
    places.map { "\(Self.number($0.x)),\(Self.number($0.y))" }
      .joined(separator: " ")
  }

  /// Shapes differ too, for print in grey.
  private func marker(_ x: Double, _ y: Double, _ index: Int) -> String {
    let colour = Figure.colour(index)
    switch index % 4 {
    case 0:
      return "<circle cx=\"\(Self.number(x))\" cy=\"\(Self.number(y))\" "
        + "r=\"3.4\" fill=\"\(colour)\"/>"
    case 1:
      return "<rect x=\"\(Self.number(x - 3.2))\" "
        + "y=\"\(Self.number(y - 3.2))\" width=\"6.4\" height=\"6.4\" "
        + "fill=\"\(colour)\"/>"
    case 2:
      return polygon([(x, y - 4.4), (x + 4, y + 3), (x - 4, y + 3)], colour)
    default:
      return polygon(
        [(x, y - 4.6), (x + 4.6, y), (x, y + 4.6), (x - 4.6, y)], colour)
    }
  }

  private func polygon(
    _ places: [(x: Double, y: Double)], _ colour: String
  ) -> String {
    "<polygon points=\"\(path(places))\" fill=\"\(colour)\"/>"
  }

  private var legend: [String] {
    var lines: [String] = []
    for (row, indices) in legendRows.enumerated() {
      let y =
        figure.size.height - 18 * Double(legendRows.count - row) + 8
      var x = left
      for index in indices {
        let series = figure.series[index]
        let dash = Figure.dash(index)
        lines.append(
          "<line x1=\"\(Self.number(x))\" y1=\"\(Self.number(y - 4))\" "
            + "x2=\"\(Self.number(x + 24))\" y2=\"\(Self.number(y - 4))\" "
            + "stroke=\"\(Figure.colour(index))\" stroke-width=\"2\""
            + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"") + "/>")
        if series.isMarked { lines.append(marker(x + 12, y - 4, index)) }
        lines.append(text(series.name, x: x + 30, y: y))
        x += Self.legendWidth(series.name)
      }
    }
    return lines
  }
}

/// The marks of an axis.
enum FigureTicks {
  /// A mark: where it is on the axis (the logarithm, on a logarithmic one).
  struct Tick {
    let place: Double
    let label: String
  }

  /// A step of 1, 2 or 5 times a power of ten, about a sixth of an extent.
  static func step(_ extent: Double) -> Double {
    let rough = extent / 6
    let power = pow(10, log10(rough).rounded(.down))
    let factor = rough / power
    return power * (factor < 1.5 ? 1 : factor < 3.5 ? 2 : factor < 7.5 ? 5 : 10)
  }

  static func ticks(
    _ range: ClosedRange<Double>, _ scale: Figure.Scale, count: Int
  ) -> [Tick] {
    switch scale {
    case .linear:
      let step = step(range.upperBound - range.lowerBound)
      let first = (range.lowerBound / step - 1e-9).rounded(.up)
      let last = (range.upperBound / step + 1e-9).rounded(.down)
      guard last >= first, last - first < 100 else { return [] }
      return stride(from: first, through: last, by: 1).map {
        Tick(place: $0 * step, label: plain($0 * step))
      }
    case .logarithmic:
      let first = Int((range.lowerBound - 1e-9).rounded(.up))
      let last = Int((range.upperBound + 1e-9).rounded(.down))
      guard last >= first else { return [] }
      // Less than two decades have marks at 2 and 5 as well.
      if range.upperBound - range.lowerBound < 2 {
        return (first - 1...last).flatMap { power in
          [1.0, 2, 5].compactMap { factor -> Tick? in
            let place = Double(power) + log10(factor)
            guard range.contains(place) else { return nil }
            return Tick(place: place, label: plain(pow(10, place)))
          }
        }
      }
      let skip = max(1, (last - first + count) / count)
      return stride(from: first, through: last, by: skip).map {
        Tick(place: Double($0), label: "10" + superscript($0))
      }
    }
  }

  private static func plain(_ value: Double) -> String {
    if abs(value) < 1e-12 { return "0" }
    let size = abs(value)
    if size < 1e-3 || size >= 1e7 {
      let power = Int(log10(size).rounded(.down))
      let factor = String(format: "%.3g", value / pow(10, Double(power)))
      return signed(factor) + "·10" + superscript(power)
    }
    let text = size >= 1e4 ? grouped(Int(value)) : String(format: "%.4g", value)
    return signed(text)
  }

  private static func signed(_ text: String) -> String {
    text.replacingOccurrences(of: "-", with: "−")
  }

  private static func superscript(_ number: Int) -> String {
    let digits: [Character: Character] = [
      "-": "⁻", "0": "⁰", "1": "¹", "2": "²", "3": "³", "4": "⁴", "5": "⁵",
      "6": "⁶", "7": "⁷", "8": "⁸", "9": "⁹",
    ]
    return String("\(number)".compactMap { digits[$0] })
  }
}

/// A whole number with commas between the thousands.
func grouped(_ value: Int) -> String {
  var digits = Array("\(abs(value))")
  for place in stride(from: digits.count - 3, to: 0, by: -3) {
    digits.insert(",", at: place)
  }
  return (value < 0 ? "-" : "") + String(digits)
}

/// Text for HTML and SVG.
func escaped(_ text: String) -> String {
  text.replacingOccurrences(of: "&", with: "&amp;")
    .replacingOccurrences(of: "<", with: "&lt;")
    .replacingOccurrences(of: ">", with: "&gt;")
    .replacingOccurrences(of: "\"", with: "&quot;")
}
