/// A small generator whose numbers depend on a seed alone: SplitMix64.
struct FuzzRandom: RandomNumberGenerator {
  private var state: UInt64

  /// The generator of an input of a series.
  init(seed: UInt64, index: Int) {
    state =
      seed &* 0x9e37_79b9_7f4a_7c15 ^ UInt64(index) &* 0xd1b5_4a32_d192_ed03
    _ = next()
  }

  mutating func next() -> UInt64 {
    state &+= 0x9e37_79b9_7f4a_7c15
    var z = state
    z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
    z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
    return z ^ (z >> 31)
  }

  /// A whole number below `limit`, 0 where there is none.
  mutating func below(_ limit: Int) -> Int {
    limit > 0 ? Int(next() % UInt64(limit)) : 0
  }

  /// True once in so many times.
  mutating func once(in count: Int) -> Bool { below(count) == 0 }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[below(elements.count)]
  }
}
