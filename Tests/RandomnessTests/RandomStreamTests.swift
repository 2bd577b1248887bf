import Testing

@testable import Randomness

struct RandomStreamTests {
  /// They are part of every dataset's and checkpoint's identity.
  @Test func theNumbersArePinnedAndDistinct() {
    let streams: [(RandomStream, UInt32)] = [
      (.parameter(0), 0), (.parameter(7), 7), (.field(0), 0x2000_0000),
      (.field(3), 0x2000_0003), (.initialization, 0x4000_0001),
      (.sampleOrder, 0x4000_0002), (.matrixNoise, 0x4000_0003),
      (.vectorNoise, 0x4000_0004), (.trainingNoiseLevel, 0x4000_0005),
      (.pNormMatrix, 0x4000_0010), (.pNormVector, 0x4000_0011),
      (.pNormStart, 0x4000_0012), (.benchmark, 0x4000_0020),
    ]
    for (stream, number) in streams { #expect(stream.number == number) }
    #expect(Set(streams.map(\.1)).count == streams.count)
    #expect(RandomStream.trainingNoiseSalt == 0x7472_6169_6e00_0000)
  }

  /// Philox's words again, by their place among the known answers.
  @Test func aGeneratorOfAStreamIsTheOneOfItsNumber() {
    var named = CounterRandom(seed: 5, index: 9, stream: .matrixNoise)
    var numbered = CounterRandom(
      seed: 5, index: UInt64(9), stream: 0x4000_0003 as UInt32)
    for _ in 0..<5 { #expect(named.next() == numbered.next()) }
  }
}
