extension FigureDrawing {
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
    // Both edges of a band are those of the same points.
    let bands = series.points.map { point in
      point.band.flatMap { band -> [(x: Double, y: Double)]? in
        guard let upper = self.point(point.x, band.upperBound),
          let lower = self.point(point.x, band.lowerBound)
        else { return nil }
        return [upper, lower]
      }
    }
    for part in Self.unbroken(bands) where part.count > 1 {
      let edge = part.map { $0[0] } + part.reversed().map { $0[1] }
      lines.append(
        "<polygon points=\"\(path(edge))\" fill=\"\(colour)\" "
          + "fill-opacity=\"0.15\"/>")
    }
    let dash = Figure.dash(index)
    let parts = Self.unbroken(series.points.map { point($0.x, $0.y) })
    for part in parts where part.count > 1 {
      lines.append(
        "<polyline points=\"\(path(part))\" fill=\"none\" "
          + "stroke=\"\(colour)\" stroke-width=\"2\" "
          + "stroke-linejoin=\"round\""
          + (dash.isEmpty ? "" : " stroke-dasharray=\"\(dash)\"") + "/>")
    }
    for part in parts where series.isMarked || part.count == 1 {
      lines += part.map { marker($0.x, $0.y, index) }
    }
    return lines
  }

  /// The stretches of places between those that are not there: nothing is drawn
  /// across what has failed.
  private static func unbroken<Place>(_ places: [Place?]) -> [[Place]] {
    places.split(whereSeparator: { $0 == nil }).map { $0.compactMap(\.self) }
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
