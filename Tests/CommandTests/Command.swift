import Foundation
import TestSupport
import Testing

/// The command as a user runs it: a process, its output, its exit status.
struct Command {
  let status: Int32
  let output: String
  let messages: String

  var lines: [String] {
    output.split(separator: "\n").map(String.init)
  }

  /// The executable beside the tests'.
  static var executable: URL {
    URL(fileURLWithPath: CommandLine.arguments[0])
      .deletingLastPathComponent().appendingPathComponent("bvp")
  }

  static func process(_ arguments: [String]) -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    return process
  }

  /// Runs `bvp` to its end.
  @discardableResult
  static func run(_ arguments: String...) throws -> Command {
    try run(arguments)
  }

  static func run(
    _ arguments: [String], environment: [String: String] = [:],
    in workingFolder: TemporaryFolder? = nil, subfolder: String = ""
  ) throws -> Command {
    try run(
      process(arguments), environment,
      in: workingFolder.map {
        $0.path(subfolder)
      })
  }

  /// Runs a script of the shell in a folder; `bvp` is the command in it.
  static func shell(
    _ script: String, in folder: TemporaryFolder,
    environment: [String: String] = [:]
  ) throws -> Command {
    let process = process(["-c", "bvp() { \"$BVP\" \"$@\"; }\n" + script])
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    return try run(
      process,
      environment.merging(["BVP": executable.path]) { own, _ in own },
      in: folder.path)
  }

  private static func run(
    _ process: Process, _ environment: [String: String],
    in workingFolder: String?
  ) throws -> Command {
    let folder = try TemporaryFolder()
    if let workingFolder {
      process.currentDirectoryURL = URL(fileURLWithPath: workingFolder)
    }
    process.environment = ProcessInfo.processInfo.environment.merging(
      environment
    ) { _, new in new }
    let output = folder.path("output")
    let messages = folder.path("messages")
    for path in [output, messages] {
      try Data().write(to: URL(fileURLWithPath: path))
    }
    process.standardOutput = FileHandle(forWritingAtPath: output)
    process.standardError = FileHandle(forWritingAtPath: messages)
    try process.run()
    process.waitUntilExit()
    return Command(
      status: process.terminationStatus,
      output: try String(contentsOfFile: output, encoding: .utf8),
      messages: try String(contentsOfFile: messages, encoding: .utf8))
  }
}
