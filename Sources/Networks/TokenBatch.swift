import CKernels

/// The tokens of a batch where a network's products read them: [samples, n,
/// features], Float32 or bfloat16.
///
/// Examples are encoded into it once: at Float32 in their place, at bfloat16 by
/// way of one sample's scratch. One thread at a time fills it.
public final class TokenBatch: @unchecked Sendable {
  /// The precision of the products that will read it.
  public let precision: Precision
  /// The samples it has room for.
  public let capacity: Int
  /// The numbers in one sample's tokens.
  public let count: Int
  private let memory: AlignedBuffer<UInt8>
  /// A sample on its way to bfloat16.
  private let scratch: AlignedBuffer<Float>

  /// Allocates a batch, all zero.
  public init(precision: Precision, capacity: Int, count: Int) {
    self.precision = precision
    self.capacity = capacity
    self.count = count
    memory = AlignedBuffer(count: capacity * count * precision.stride)
    scratch = AlignedBuffer(count: precision == .bf16 ? count : 0)
  }

  /// Replaces a sample's tokens by what `fill` writes, `count` numbers, and
  /// returns what it returns.
  public func write<Result>(
    _ sample: Int, _ fill: (UnsafeMutablePointer<Float>) throws -> Result
  ) rethrows -> Result {
    precondition(
      (0..<capacity).contains(sample), "the batch has no such sample")
    let place = pointer(sample)
    switch precision {
    case .f32: return try fill(place.assumingMemoryBound(to: Float.self))
    case .bf16:
      let result = try fill(scratch.pointer)
      ck_bf16_from_f32(
        scratch.pointer, place.assumingMemoryBound(to: UInt16.self), count)
      return result
    }
  }

  /// Replaces a sample's tokens by `count` numbers.
  public func write(_ sample: Int, _ values: some Collection<Float>) {
    precondition(values.count == count, "a sample has \(count) numbers")
    write(sample) { place in
      for (index, value) in values.enumerated() { place[index] = value }
    }
  }

  /// Replaces the first samples by some of another batch of the same kind.
  func copy(_ other: TokenBatch, _ samples: Range<Int>) {
    precondition(
      samples.count <= capacity && samples.upperBound <= other.capacity,
      "the batch has no such sample")
    pointer(0).copyMemory(
      from: other.pointer(samples.lowerBound),
      byteCount: samples.count * count * precision.stride)
  }

  /// Where a sample's tokens lie.
  func pointer(_ sample: Int) -> UnsafeMutableRawPointer {
    UnsafeMutableRawPointer(memory.pointer) + sample * count * precision.stride
  }
}
