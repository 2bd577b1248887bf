import CKernelsProbe
import Foundation
import Testing

/// The kernels' elementary functions against libm's in Float64, over a thousandth
/// of all floats of their domain, with fused operations and without.
struct ElementaryFunctionTests {
  private typealias Function = (
    UnsafePointer<Float>, UnsafeMutablePointer<Float>, Int
  ) -> Void

  /// Every so-manieth float of both signs up to `largest` in size, and it.
  private func floats(upTo largest: Float, stride: Int = 1009) -> [Float] {
    let sizes = Swift.stride(
      from: 0, through: Int(largest.bitPattern), by: stride
    ).map { Float(bitPattern: UInt32($0)) }
    return sizes + [largest] + sizes.map { -$0 } + [-largest]
  }

  private func values(_ function: Function, _ x: [Float]) -> [Float] {
    var y = [Float](repeating: .nan, count: x.count)
    function(x, &y, x.count)
    return y
  }

  /// The largest error in units in the last place of the right value.
  private func ulps(
    _ function: Function, _ x: [Float], _ exact: (Double) -> Double
  ) -> Double {
    zip(x, values(function, x)).reduce(0) { worst, pair in
      let right = exact(Double(pair.0))
      let error = abs(Double(pair.1) - right) / Double(Float(right).ulp)
      return error.isNaN ? .infinity : max(worst, error)
    }
  }

  @Test func exponentialsAreGoodToTheirUlps() {
    let x = floats(upTo: 88).filter { $0 >= -87.3 }
    #expect(x.count > 2_000_000)
    for function in [probe_exp, probe_exp_plain] as [Function] {
      #expect(ulps(function, x, exp) < 1.2)
      let ends = values(function, [-87.31, -1e30, -.infinity, 0, -0.0, .nan])
      #expect(ends[..<3] == [0, 0, 0] && ends[3..<5] == [1, 1])
      #expect(ends[5].isNaN)
    }
  }

  @Test func tangentsAreGoodToTheirUlps() {
    let x = floats(upTo: 100)
    for function in [probe_tanh, probe_tanh_plain] as [Function] {
      #expect(ulps(function, x, tanh) < 2.4)
      let ends = values(function, [-.infinity, .infinity, 1e30, .nan])
      #expect(ends[..<3] == [-1, 1, 1] && ends[3].isNaN)
    }
  }

  @Test func sigmoidsAreGoodToTheirUlps() {
    let x = floats(upTo: 87)
    for function in [probe_sigmoid, probe_sigmoid_plain] as [Function] {
      #expect(ulps(function, x) { 1 / (1 + exp(-$0)) } < 2.4)
      let ends = values(function, [-.infinity, -1e30, 1e30, .infinity, .nan])
      #expect(ends[0] < 2e-38 && ends[1] == ends[0])
      #expect(ends[2] == 1 && ends[3] == 1 && ends[4].isNaN)
    }
  }

  /// Up to 13, where the tail is about to leave the floats.
  @Test func theNormalLawIsGoodToItsPolynomialAndTheRoundingOfASquare() {
    let x = floats(upTo: 13)
    func worst(_ function: Function, _ exact: (Double) -> Double) -> Double {
      zip(x, values(function, x)).reduce(0) { worst, pair in
        let x = Double(pair.0)
        let error =
          abs(Double(pair.1) / exact(x) - 1) / (6e-7 + 0x1p-25 * x * x)
        return error.isNaN ? .infinity : max(worst, error)
      }
    }
    for (law, density) in [
      (probe_normal, probe_density), (probe_normal_plain, probe_density_plain),
    ] as [(Function, Function)] {
      #expect(worst(law) { 0.5 * erfc(-$0 / 2.0.squareRoot()) } < 1)
      #expect(
        worst(density) { exp(-$0 * $0 / 2) / (2 * Double.pi).squareRoot() } < 1)
    }
  }

  /// Against the nearest of the two neighbours, found in Float64.
  @Test func narrowingRoundsToNearestEven() {
    func right(_ x: Float) -> UInt16? {
      guard x.isFinite else { return nil }
      let below = UInt16(x.bitPattern >> 16)
      func size(_ bits: UInt16) -> Double {
        // The one after the largest stands for 2¹²⁸, as infinity.
        bits & 0x7fff == 0x7f80
          ? 0x1p128 : abs(Double(Float(bitPattern: UInt32(bits) << 16)))
      }
      let (low, high) = (size(below), size(below + 1))
      let (down, up) = (abs(Double(x)) - low, high - abs(Double(x)))
      if down == up { return below.isMultiple(of: 2) ? below : below + 1 }
      return down < up ? below : below + 1
    }
    // All halves of the low bits that decide, beside every 1009th float.
    let edges = stride(from: UInt32(0), to: 0x7f80_0000, by: 0x1_0000).flatMap {
      base in
      [0, 1, 0x7fff, 0x8000, 0x8001, 0xffff].flatMap {
        [base + $0, (base + $0) | 0x8000_0000]
      }
    }.map(Float.init(bitPattern:))
    let x = floats(upTo: .greatestFiniteMagnitude) + edges
    for function in [probe_narrow, probe_narrow_plain] {
      var y = [UInt16](repeating: 0, count: x.count)
      function(x, &y, x.count)
      #expect(zip(x, y).allSatisfy { right($0) == $1 })
      // Infinities stay, and every NaN stays one: also those whose payload lies
      // in the half that is cut off.
      let special: [UInt32] = [
        0x7f80_0000, 0xff80_0000, 0x7f80_0001, 0x7fc0_0000, 0xffff_ffff,
        0x7fff_ffff,
      ]
      var halves = [UInt16](repeating: 0, count: special.count)
      function(special.map(Float.init(bitPattern:)), &halves, special.count)
      #expect(halves[0] == 0x7f80 && halves[1] == 0xff80)
      #expect(halves[2...].allSatisfy { $0 & 0x7fff > 0x7f80 })
    }
  }
}
