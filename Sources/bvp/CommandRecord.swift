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

/// Writes the lines of a table, with the command beside them.
func writeTable(_ lines: [String], to path: String) throws {
  try writeAtomically(lines.joined(separator: "\n") + "\n", to: path)
  try recordCommand(beside: path)
}

/// Names of checkpoints for tables: of the file, of the run's folder where the
/// file is its model.safetensors, or the whole path where that is not enough to
/// tell them apart.
func checkpointNames(_ paths: [String], besides taken: [String] = [])
  -> [String]
{
  let short = paths.map { path in
    let url = URL(fileURLWithPath: path)
    let name = url.deletingPathExtension().lastPathComponent
    return name == "model"
      ? url.deletingLastPathComponent().lastPathComponent : name
  }
  return zip(paths, short).map { path, name in
    taken.contains(name) || short.count(where: { $0 == name }) > 1
      ? path : name
  }
}
