import Foundation

/// The text of a file; nil of what cannot be read, or is no UTF-8.
///
/// A pipe or a device, which might be read without an end, is no file.
public func textOfFile(_ path: String) -> String? {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
    let data = FileManager.default.contents(atPath: path)
  else { return nil }
  return String(data: data, encoding: .utf8)
}
