import ArgumentParser
import Foundation
import Tables
import TensorFiles

/// The command line, quoted for a shell.
func shellCommand() -> String {
  shellLine(["bvp"] + CommandLine.arguments.dropFirst())
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
  var status = stat()
  guard lstat(record, &status) == 0 else {
    guard errno == ENAMETOOLONG else { return }
    throw CommandFailure(
      "\(path): the name is too long for that of the command's record, which is "
        + "beside it and ends in .command")
  }
  guard status.st_mode & S_IFMT == S_IFREG, status.st_size < 1 << 20,
    let text = textOfFile(record),
    isRecord(text)
  else {
    throw CommandFailure(
      "\(record): is no command's record, and one would replace it; move it, "
        + "or name another file than \(path)")
  }
}

/// Whether a text is a line that begins with the program and one of its verbs.
private func isRecord(_ text: String) -> Bool {
  let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
  let words = lines[0].split(separator: " ")
  guard lines.count == 1 || (lines.count == 2 && lines[1].isEmpty),
    words.count > 1, words[0] == "bvp"
  else { return false }
  let groups = BVP.configuration.groupedSubcommands.flatMap(\.subcommands)
  return (BVP.configuration.subcommands + groups).contains {
    ($0.configuration.commandName ?? "") == words[1]
  }
}
