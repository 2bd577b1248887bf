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
func recordCommand(beside path: String) throws {
  try writeAtomically(shellCommand() + "\n", to: path + ".command")
}
