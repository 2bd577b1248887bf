import Foundation

/// Bytes on the disk that nobody else sees, and that go with their owner: a file
/// without a name.
///
/// Several threads may append and read.
public final class ScratchFile: @unchecked Sendable {
  private let path: String
  private let descriptor: Int32
  private var end = 0
  private let lock = NSLock()

  /// Makes an empty one in the folder of a file, on whose disk it takes room.
  ///
  /// - Throws: ``SafetensorsError`` that names the file.
  public init(beside path: String) throws(SafetensorsError) {
    self.path = path
    let temporary: String
    (temporary, descriptor) = try OutputPath(path).createTemporary(
      mode: 0o600)
    unlink(temporary)
  }

  deinit { close(descriptor) }

  /// Appends numbers.
  ///
  /// - Returns: where they begin.
  /// - Throws: ``SafetensorsError`` if they cannot be written.
  public func append(_ values: [Double]) throws(SafetensorsError) -> Int {
    let size = 8 * values.count
    let start = lock.withLock {
      defer { end += size }
      return end
    }
    var done = 0
    while done < size {
      let written = values.withUnsafeBytes {
        pwrite(
          descriptor, $0.baseAddress.map { $0 + done }, size - done,
          off_t(start + done))
      }
      let code = errno
      if written < 0, code == EINTR { continue }
      guard written > 0 else {
        throw .system(path, "write", written < 0 ? code : ENOSPC)
      }
      done += written
    }
    return start
  }

  /// The numbers from a place on.
  ///
  /// - Throws: ``SafetensorsError`` if they cannot be read.
  public func read(_ count: Int, at start: Int) throws(SafetensorsError)
    -> [Double]
  {
    var values = [Double](repeating: 0, count: count)
    var done = 0
    while done < 8 * count {
      let got = values.withUnsafeMutableBytes {
        pread(
          descriptor, $0.baseAddress.map { $0 + done }, 8 * count - done,
          off_t(start + done))
      }
      let code = errno
      if got < 0, code == EINTR { continue }
      guard got > 0 else { throw .system(path, "read", got < 0 ? code : EIO) }
      done += got
    }
    return values
  }
}
