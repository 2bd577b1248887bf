import Networks

extension ExampleReader {
  /// The right answer to an example, n numbers, whose tokens are written.
  public func answer(
    _ index: Int, visit: Int = 0, into tokens: TokenBatch, sample: Int = 0,
    n: Int
  ) throws -> [Double] {
    let answer = AlignedBuffer<Double>(count: n)
    let context = AlignedBuffer<Double>(count: 1 + n + n * n)
    try read(
      index, visit: visit, into: tokens, sample: sample,
      ExampleMemory(answer: answer.pointer, context: context.pointer))
    return Array(answer.elements)
  }
}
