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

extension Figure {
  /// Figures one below the other as a picture of its own, black on white.
  public static func document(_ parts: [Figure]) -> String {
    let width = parts.map(\.size.width).max() ?? 0
    let height = parts.reduce(0) { $0 + $1.size.height }
    var top = 0.0
    var result =
      "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"\(Int(width))\" "
      + "height=\"\(Int(height))\" viewBox=\"0 0 \(Int(width)) \(Int(height))\" "
      + "color=\"#000\" font-family=\"sans-serif\">\n"
      + "<rect width=\"100%\" height=\"100%\" fill=\"#fff\"/>\n"
    for part in parts {
      result += part.svg.replacingOccurrences(
        of: "<svg ",
        with: "<svg y=\"\(Int(top))\" width=\"\(Int(part.size.width))\" "
          + "height=\"\(Int(part.size.height))\" ")
      result += "\n"
      top += part.size.height
    }
    return result + "</svg>\n"
  }
}
