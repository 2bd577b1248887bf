/// Zeroed memory aligned to a cache line, freed with its owner.
///
/// It is not thread-safe: whoever owns it orders the accesses.
public final class AlignedBuffer<Element: BitwiseCopyable> {
  public let pointer: UnsafeMutablePointer<Element>
  public let count: Int

  /// Allocates `count` elements, every byte zero.
  public init(count: Int) {
    let bytes = max(count, 1) * MemoryLayout<Element>.stride
    let raw = UnsafeMutableRawPointer.allocate(
      byteCount: bytes, alignment: 64)
    raw.initializeMemory(as: UInt8.self, repeating: 0, count: bytes)
    pointer = raw.bindMemory(to: Element.self, capacity: max(count, 1))
    self.count = count
  }

  deinit { UnsafeMutableRawPointer(pointer).deallocate() }

  /// The elements as a collection.
  public var elements: UnsafeMutableBufferPointer<Element> {
    UnsafeMutableBufferPointer(start: pointer, count: count)
  }
}

extension AlignedBuffer: @unchecked Sendable where Element: Sendable {}
