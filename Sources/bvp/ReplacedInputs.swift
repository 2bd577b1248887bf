import Foundation
import TensorFiles

/// Refuses to replace what the command line also names as something to read.
///
/// - Parameters:
///   - output: the file that is replaced.
///   - isNamed: whether the command line names it as the output.
///   - words: the command line.
/// - Throws: `CommandFailure` that names both.
func refuseReplacedInput(
  _ output: String, isNamed: Bool = false,
  among words: [String] = CommandLine.arguments
) throws {
  guard let own = realPath(output) else { return }
  var places = words.dropFirst().map { word in
    word.hasPrefix("-")
      ? word.firstIndex(of: "=").map { String(word[word.index(after: $0)...]) }
        ?? "" : word
  }
  if isNamed, let index = places.firstIndex(of: output) {
    places.remove(at: index)
  }
  for place in places where !place.isEmpty {
    guard realPath(place) == own else { continue }
    throw CommandFailure(
      "\(output): is also an input, \(place); it stays as it is")
  }
}

/// A path without links; nil where nothing is.
private func realPath(_ path: String) -> String? {
  guard let resolved = realpath(path, nil) else { return nil }
  defer { free(resolved) }
  return String(cString: resolved)
}

/// Refuses a file where a folder is to be.
func refuseFile(at path: String) throws {
  var isFolder: ObjCBool = false
  guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder),
    !isFolder.boolValue
  else { return }
  throw CommandFailure("\(path): is a file; a folder is needed")
}
