import Foundation

/// A number that tells contents apart (FNV-1a): not one that nobody could forge.
public struct Digest {
  private var hash: UInt64 = 0xcbf2_9ce4_8422_2325

  public init() {}

  /// Takes bytes in.
  public mutating func add(_ bytes: some Sequence<UInt8>) {
    for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
  }

  /// Takes a number in.
  public mutating func add(_ number: UInt64) {
    withUnsafeBytes(of: number.littleEndian) { add($0) }
  }

  /// In hexadecimal digits.
  public var text: String { String(hash, radix: 16) }

  /// Of all of a file.
  ///
  /// - Throws: ``SafetensorsError`` if it cannot be read.
  public init(contentsOf path: String) throws(SafetensorsError) {
    let handle = open(path, O_RDONLY | O_CLOEXEC)
    guard handle >= 0 else { throw .system(path, "open the file", errno) }
    defer { close(handle) }
    var part = [UInt8](repeating: 0, count: 1 << 20)
    while true {
      let count = read(handle, &part, part.count)
      let code = errno
      if count < 0, code == EINTR { continue }
      // What is not read would be taken for the whole.
      guard count >= 0 else { throw .system(path, "read", code) }
      if count == 0 { return }
      add(part[..<count])
    }
  }
}
