import Foundation
import Tables

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
      // Less than two decades have marks at 2 and 5 as well, and where those are
      // too few at all nine.
      if range.upperBound - range.lowerBound < 2 {
        let few = ticks(range, at: [1, 2, 5])
        return few.count > 1 ? few : ticks(range, at: (1...9).map(Double.init))
      }
      let skip = max(1, (last - first + count) / count)
      return stride(from: first, through: last, by: skip).map {
        Tick(place: Double($0), label: "10" + superscript($0))
      }
    }
  }

  /// The marks of a range of logarithms at factors of its powers of ten.
  private static func ticks(
    _ range: ClosedRange<Double>, at factors: [Double]
  ) -> [Tick] {
    let powers =
      Int(range.lowerBound.rounded(.down))...Int(range.upperBound.rounded(.up))
    return powers.flatMap { power in
      factors.compactMap { factor -> Tick? in
        let place = Double(power) + log10(factor)
        guard range.lowerBound - 1e-9...range.upperBound + 1e-9 ~= place else {
          return nil
        }
        return Tick(place: place, label: plain(pow(10, place)))
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
    let text =
      size >= 1e4
      ? NumberFormat.grouped(Int(value)) : String(format: "%.4g", value)
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
