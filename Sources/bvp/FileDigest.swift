import Foundation

/// A digest of a file's bytes (FNV-1a, 64 bits) in hexadecimal: it tells whether
/// a file is still the one that it was, not whether somebody means ill.
func fileDigest(_ path: String) throws -> String {
  guard let file = FileHandle(forReadingAtPath: path) else {
    throw CommandFailure("\(path): cannot be read")
  }
  defer { try? file.close() }
  var digest: UInt64 = 0xcbf2_9ce4_8422_2325
  while true {
    let chunk: Data?
    do {
      chunk = try file.read(upToCount: 1 << 20)
    } catch {
      throw CommandFailure("\(path): cannot be read")
    }
    guard let chunk, !chunk.isEmpty else { break }
    chunk.withUnsafeBytes {
      for byte in $0 { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01b3 }
    }
  }
  let text = String(digest, radix: 16)
  return String(repeating: "0", count: 16 - text.count) + text
}
