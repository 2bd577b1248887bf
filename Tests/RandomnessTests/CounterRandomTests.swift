import Testing

@testable import Randomness

struct CounterRandomTests {
  /// The vectors of Random123's `kat_vectors`, lines `philox4x32 10`.
  @Test(arguments: [
    (
      SIMD4<UInt32>(repeating: 0), SIMD2<UInt32>(repeating: 0),
      SIMD4<UInt32>(0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8)
    ),
    (
      SIMD4<UInt32>(repeating: .max), SIMD2<UInt32>(repeating: .max),
      SIMD4<UInt32>(0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd)
    ),
    (
      SIMD4<UInt32>(0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344),
      SIMD2<UInt32>(0xa409_3822, 0x299f_31d0),
      SIMD4<UInt32>(0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1)
    ),
  ])
  func knownAnswers(
    counter: SIMD4<UInt32>, key: SIMD2<UInt32>, expected: SIMD4<UInt32>
  ) {
    #expect(CounterRandom.philox(counter: counter, key: key) == expected)
  }

  @Test func wordsFollowTheCounter() {
    let seed: UInt64 = 0x299f_31d0_a409_3822
    let index: UInt64 = 0x0370_7344_1319_8a2e
    var random = CounterRandom(seed: seed, index: index, stream: 0x85a3_08d3)
    for block in UInt32(0)..<3 {
      let words = CounterRandom.philox(
        counter: [block, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344],
        key: [0xa409_3822, 0x299f_31d0])
      #expect(random.next() == UInt64(words[1]) << 32 | UInt64(words[0]))
      #expect(random.next() == UInt64(words[3]) << 32 | UInt64(words[2]))
    }
  }

  @Test func seedIndexAndStreamEachChangeTheNumbers() {
    var seen: Set<UInt64> = []
    for seed in [0, 1, 1 << 32] as [UInt64] {
      for index in [0, 1, 1 << 32] as [UInt64] {
        for stream in [0, 1, 0x8000_0000] as [UInt32] {
          var random = CounterRandom(seed: seed, index: index, stream: stream)
          seen.insert(random.next())
        }
      }
    }
    #expect(seen.count == 27)
  }

  @Test func uniformsFillTheUnitInterval() {
    var random = CounterRandom(seed: 1, index: 2, stream: .benchmark)
    var counts = [Int](repeating: 0, count: 10)
    for _ in 0..<10_000 {
      let value = random.nextUniform()
      #expect(value >= 0 && value < 1)
      counts[Int(10 * value)] += 1
    }
    // χ² of 9 degrees of freedom; above 27.9 has p < 0.001.
    let chiSquared = counts.map { Double(($0 - 1000) * ($0 - 1000)) / 1000 }
    #expect(chiSquared.reduce(0, +) < 27.9)
  }

  @Test func normalsHaveTheMomentsOfTheNormalLaw() {
    var random = CounterRandom(seed: 3, index: 0, stream: .benchmark)
    var sums = [0.0, 0, 0, 0]
    let count = 20_000
    for _ in 0..<count {
      let z = random.nextNormal()
      for k in 0..<4 { sums[k] += [z, z * z, z * z * z, z * z * z * z][k] }
    }
    let moments = sums.map { $0 / Double(count) }
    // Four standard errors: the k-th moment has variance m₂ₖ − mₖ².
    for (k, (expected, variance)) in [
      (0.0, 1.0), (1, 2), (0, 15), (3, 96),
    ].enumerated() {
      let tolerance = 4 * (variance / Double(count)).squareRoot()
      #expect(abs(moments[k] - expected) < tolerance)
    }
  }
}
