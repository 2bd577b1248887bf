import Foundation

/// A folder of its own that is removed with the value.
final class TemporaryFolder {
  let path: String

  init() throws {
    path = NSTemporaryDirectory() + "tensors-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func file(_ name: String) -> String { path + "/" + name }

  /// Writes a file of a header and a body.
  func write(_ name: String, header: String, body: [UInt8] = []) throws
    -> String
  {
    var length = UInt64(header.utf8.count).littleEndian
    var data = withUnsafeBytes(of: &length) { Data($0) }
    data.append(Data(header.utf8))
    data.append(Data(body))
    try data.write(to: URL(fileURLWithPath: file(name)))
    return file(name)
  }

  var contents: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path) }
  }
}
