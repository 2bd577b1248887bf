import Foundation
import Tables

/// The functions of one sample, drawn one below the other: u first and largest.
public struct SolutionFigure: Sendable {
  public let title: String
  private let x: [Double]
  /// Each with what a network says of it.
  private let functions: [Function]

  private struct Function {
    let name: String
    let values: [Double]
    let network: [Double]?
    /// The lower and the upper end of the band around it.
    let band: (low: [Double], high: [Double])?
  }

  /// Takes the columns of a solution's table: x, coefficients, u, and what a
  /// network says of one, under its name and `_network`, or the ends of the band
  /// around it, under `_low` and `_high`.
  public init(_ title: String, _ table: ResultTable) {
    self.title = title
    func column(_ index: Int) -> [Double] {
      table.rows.map {
        if case .number(let value) = $0[index] { value } else { .nan }
      }
    }
    x = column(0)
    let names = table.columns.map(\.name)
    let own = names.indices.dropFirst().filter { index in
      !["_network", "_low", "_high"].contains { suffix in
        names[index].hasSuffix(suffix)
          && names.contains(String(names[index].dropLast(suffix.count)))
      }
    }
    let first = own.filter { names[$0] == "u" }
    functions = (first + own.filter { names[$0] != "u" }).map { index in
      func other(_ suffix: String) -> [Double]? {
        names.firstIndex(of: names[index] + suffix).map(column)
      }
      var band: (low: [Double], high: [Double])?
      if let low = other("_low"), let high = other("_high") {
        band = (low, high)
      }
      return Function(
        name: names[index], values: column(index), network: other("_network"),
        band: band)
    }
  }

  private func figure(_ index: Int) -> Figure {
    let function = functions[index]
    let name = function.name
    func series(_ name: String, _ values: [Double]) -> Figure.Series {
      .init(name, zip(x, values).map { .init($0, $1) }, isMarked: false)
    }
    var own = series(name, function.values)
    if let band = function.band {
      for i in own.points.indices where band.low[i] <= band.high[i] {
        own.points[i].band = band.low[i]...band.high[i]
      }
    }
    var figure = Figure(
      index == 0 ? title : name, x: .init("x"), y: .init(name),
      series: [own]
        + (function.network.map { [series("the network's", $0)] } ?? []))
    figure.size = (640, index == 0 ? 320 : 200)
    return figure
  }

  /// A picture of its own, black on white.
  public var svg: String {
    Figure.document(functions.indices.map { figure($0) })
  }

  /// Lines for a terminal, in Braille dots, 2 × 4 to a character.
  ///
  /// - Parameter columns: the width, in characters.
  /// - Returns: the lines, u's panel first.
  public func text(columns: Int) -> [String] {
    var lines = [title]
    for (index, function) in functions.enumerated() {
      lines += panel(
        function.name, function.values, columns: max(30, columns),
        rows: index == 0 ? 14 : 6)
    }
    return lines
  }

  /// The dots of a Braille character, by row and column.
  private static let dots: [[UInt8]] = [
    [0x01, 0x08], [0x02, 0x10], [0x04, 0x20], [0x40, 0x80],
  ]

  private func panel(
    _ name: String, _ values: [Double], columns: Int, rows: Int
  ) -> [String] {
    let finite = values.filter(\.isFinite)
    var low = finite.min() ?? 0
    var high = finite.max() ?? 1
    let largest = max(abs(high), abs(low))
    if high - low <= 1e-12 * largest {
      let margin = max(0.5, 0.1 * largest)
      (low, high) = (low - margin, high + margin)
    }
    // The height of the panel, which must not overflow.
    let height = 0.5 * high - 0.5 * low
    let label = NumberFormat.detailed.text
    let labels = [label(high), label(low), name]
    let margin = labels.map(\.count).max() ?? 0
    let width = columns - margin - 3
    var dots = [UInt8](repeating: 0, count: width * rows)
    let (first, last) = (x.first ?? 0, x.last ?? 1)
    func mark(_ column: Int, _ row: Int) {
      dots[row / 4 * width + column / 2] |= Self.dots[row % 4][column % 2]
    }
    var before: Int?
    for (x, y) in zip(x, values) {
      let column = Int((x - first) / (last - first) * Double(2 * width - 1))
      let part = (0.5 * high - 0.5 * y) / height
      // Nothing is drawn across what is no number.
      guard part.isFinite else {
        before = nil
        continue
      }
      let row = Int(min(1, max(0, part)) * Double(4 * rows - 1))
      // What lies between two points is a line too.
      let from = before ?? row
      for step in min(from, row)...max(from, row) { mark(column, step) }
      before = row
    }
    func pad(_ text: String) -> String {
      String(repeating: " ", count: max(0, margin - text.count)) + text
    }
    var lines = (0..<rows).map { row -> String in
      let text = String(
        String.UnicodeScalarView(
          dots[row * width..<(row + 1) * width].compactMap {
            Unicode.Scalar(0x2800 + UInt32($0))
          }))
      let head =
        row == 0
        ? label(high)
        : row == rows - 1 ? label(low) : row == rows / 2 ? name : ""
      return "\(pad(head)) │\(text)"
    }
    let (left, right) = (label(first), label(last))
    let gap = max(1, width - left.count - right.count)
    lines.append(
      "\(pad("")) └" + String(repeating: "─", count: width))
    lines.append(
      "\(pad(""))  \(left)" + String(repeating: " ", count: gap) + right)
    return lines
  }
}
