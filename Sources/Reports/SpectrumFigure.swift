import Foundation
import Tables

extension Figure {
  /// The moduli of the eigenvalues of I − G A, the largest first: for each
  /// approximate inverse the median over samples, with a band from the 10th to the
  /// 90th percentile.
  public init(spectrum rows: [SpectrumRow]) {
    self.init(
      "Eigenvalues of I − G A, the largest first",
      x: .init("number"), y: .init("modulus", .logarithmic),
      series: rows.grouped(by: \.inverse).map { name, rows in
        Series(
          name,
          rows.grouped(by: \.number).map { number, rows in
            let moduli = Distribution(rows.map { max($0.modulus, 1e-17) })
            return Point(
              Double(number), moduli.median, band: moduli.p10...moduli.p90)
          }, isMarked: false)
      })
  }

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
