import Foundation

/// Random numbers as a pure function of (seed, index, stream, position).
///
/// The generator is Philox4x32-10 of Salmon, Moraes, Dror and Shaw, "Parallel
/// random numbers: as easy as 1, 2, 3" (SC '11): the key is the seed and the
/// 128-bit counter is (block, stream, index). Two generators that differ in
/// any of the three give independent numbers, so a sample's draws depend on
/// nothing but its own index, and a quantity with a stream of its own keeps
/// its value whatever is drawn beside it.
///
/// A stream holds 2³³ numbers of 64 bits and then repeats.
public struct CounterRandom: Sendable {
  private let key: SIMD2<UInt32>
  private var counter: SIMD4<UInt32>
  private var block = SIMD4<UInt32>()
  private var wordsUsed = 4
  private var spareNormal: Double?

  /// Creates the generator of `stream` for item `index` under `seed`.
  public init(seed: UInt64, index: Int, stream: RandomStream) {
    self.init(
      seed: seed, index: UInt64(bitPattern: Int64(index)),
      stream: stream.number)
  }

  init(seed: UInt64, index: UInt64, stream: UInt32) {
    key = [UInt32(truncatingIfNeeded: seed), UInt32(seed >> 32)]
    counter = [
      0, stream, UInt32(truncatingIfNeeded: index), UInt32(index >> 32),
    ]
  }

  /// Returns the next 64 random bits.
  public mutating func next() -> UInt64 {
    if wordsUsed == 4 {
      block = Self.philox(counter: counter, key: key)
      counter[0] &+= 1
      wordsUsed = 0
    }
    let low = UInt64(block[wordsUsed])
    let high = UInt64(block[wordsUsed + 1])
    wordsUsed += 2
    return high << 32 | low
  }

  /// Returns the next number uniform on [0, 1), a multiple of 2⁻⁵³.
  public mutating func nextUniform() -> Double {
    Double(next() >> 11) * 0x1p-53
  }

  /// Returns the next standard normal number, by Box and Muller's method.
  ///
  /// Normals come in pairs from two uniforms, so every second call draws
  /// nothing. The largest magnitude is √(106 log 2) ≈ 8.57.
  public mutating func nextNormal() -> Double {
    if let spare = spareNormal {
      spareNormal = nil
      return spare
    }
    let radius = (-2 * log(1 - nextUniform())).squareRoot()
    let angle = 2 * Double.pi * nextUniform()
    spareNormal = radius * sin(angle)
    return radius * cos(angle)
  }

  /// Returns Philox4x32-10 of one counter: ten rounds, the key bumped by Weyl
  /// constants between them.
  static func philox(
    counter: SIMD4<UInt32>, key: SIMD2<UInt32>
  ) -> SIMD4<UInt32> {
    var c = counter
    var k = key
    for _ in 0..<10 {
      let p0 = UInt64(0xD251_1F53) * UInt64(c[0])
      let p1 = UInt64(0xCD9E_8D57) * UInt64(c[2])
      c = [
        UInt32(p1 >> 32) ^ c[1] ^ k[0], UInt32(truncatingIfNeeded: p1),
        UInt32(p0 >> 32) ^ c[3] ^ k[1], UInt32(truncatingIfNeeded: p0),
      ]
      k[0] &+= 0x9E37_79B9
      k[1] &+= 0xBB67_AE85
    }
    return c
  }
}

extension CounterRandom: RandomNumberGenerator {}
