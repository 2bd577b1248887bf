import Randomness

extension ParameterLayout {
  /// Fills a flat buffer by each tensor's law; tensor k of seed s is a pure
  /// function of (s, k).
  public func initialize(
    _ buffer: UnsafeMutableBufferPointer<Float>, seed: UInt64
  ) {
    for (index, tensor) in tensors.enumerated() {
      var random = CounterRandom(
        seed: seed, index: index, stream: .initialization)
      for element in tensor.range {
        switch tensor.initialization {
        case .zero: buffer[element] = 0
        case .one: buffer[element] = 1
        case .uniform(let bound):
          buffer[element] = Float(bound * (2 * random.nextUniform() - 1))
        case .normal(let deviation):
          buffer[element] = Float(deviation * random.nextNormal())
        }
      }
    }
  }
}
