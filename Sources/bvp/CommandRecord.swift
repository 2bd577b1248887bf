import Foundation
import TensorFiles

/// The command line, quoted for a shell.
func shellCommand() -> String {
  let plain = CharacterSet(
    charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
      + "0123456789-_./=,:@%+")
  let words = CommandLine.arguments.dropFirst().map { word in
    !word.isEmpty && word.unicodeScalars.allSatisfy(plain.contains)
      ? word : "'" + word.replacing("'", with: "'\\''") + "'"
  }
  return (["bvp"] + words).joined(separator: " ")
}

/// Writes the command line beside what it made, as `FILE.command`, for reports.
///
/// - Throws: as ``checkRecord(beside:)`` does, `SafetensorsError`.
func recordCommand(beside path: String) throws {
  try checkRecord(beside: path)
  try writeAtomically(shellCommand() + "\n", to: path + ".command")
}

/// Refuses a place for a command's record that holds anything but another.
///
/// - Throws: `CommandFailure` that names it.
func checkRecord(beside path: String) throws {
  let record = path + ".command"
  try refuseReplacedInput(record)
  guard FileManager.default.fileExists(atPath: record) else { return }
  guard let size = fileSize(record), size < 1 << 20,
    let text = try? String(contentsOfFile: record, encoding: .utf8),
    text.hasPrefix("bvp ")
  else {
    throw CommandFailure(
      "\(record): is no command's record, and one would replace it; move it, "
        + "or name another file than \(path)")
  }
}

/// The bytes of a regular file; nil of anything else.
private func fileSize(_ path: String) -> Int? {
  var status = stat()
  guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
    return nil
  }
  return Int(status.st_size)
}
