import Foundation
import TestSupport

extension TemporaryFolder {
  /// Writes a file of a header and a body.
  func write(_ name: String, header: String, body: [UInt8] = []) throws
    -> String
  {
    var length = UInt64(header.utf8.count).littleEndian
    var data = withUnsafeBytes(of: &length) { Data($0) }
    data.append(Data(header.utf8))
    data.append(Data(body))
    return try write(data, to: name)
  }
}
