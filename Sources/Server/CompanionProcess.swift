import Foundation

/// The commands that a server begins.
enum CompanionProcess {
  /// The exit status of one that was asked to stop.
  static let stoppedStatus: Int32 = 130

  /// This program.
  static var executable: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
  }

  /// Whether there are descriptors enough to begin another process; without them
  /// `Pipe` ends this one.
  static var hasDescriptors: Bool {
    let spare = (0..<12).map { _ in open("/dev/null", O_RDONLY | O_CLOEXEC) }
    defer { for file in spare where file >= 0 { close(file) } }
    return spare.allSatisfy { $0 >= 0 }
  }

  /// What a process said.
  struct Outcome {
    let isGood: Bool
    let output: Data
    let messages: String

    /// Its last message, as it would stand on a terminal.
    var lastMessage: String {
      let last = messages.split(separator: "\n").last.map(String.init) ?? ""
      return last.hasPrefix("bvp: ") ? String(last.dropFirst(5)) : last
    }
  }

  /// Runs a command of the workbench to its end, or to that of the work that it is
  /// for, with which it is killed.
  ///
  /// - Throws: ``ServiceError`` if it cannot be begun or the work ends first.
  static func run(
    _ arguments: [String], input: Data = Data(), in folder: ServedFolder
  ) throws -> Outcome {
    guard hasDescriptors else {
      throw ServiceError(503, "there are no file descriptors left; try again")
    }
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: folder.root)
    process.environment = folder.environment
    let (given, said, messages) = (Pipe(), Pipe(), Pipe())
    process.standardInput = given
    process.standardOutput = said
    process.standardError = messages
    do {
      try process.run()
    } catch {
      throw ServiceError(503, "a process cannot be started: \(error)")
    }
    let reading = DispatchGroup()
    let output = Collected(said, reading)
    let errors = Collected(messages, reading)
    DispatchQueue.global().async {
      // One that has ended before it has read says why in its own words.
      do { try given.fileHandleForWriting.write(contentsOf: input) } catch {}
      given.fileHandleForWriting.closeFile()
    }
    var reason: ServiceError?
    while reading.wait(timeout: .now() + .milliseconds(20)) == .timedOut {
      if reason == nil, let found = Work.current.reason {
        reason = found
        kill(process.processIdentifier, SIGKILL)
      }
    }
    process.waitUntilExit()
    if let reason { throw reason }
    return Outcome(
      isGood: process.terminationReason == .exit
        && process.terminationStatus == 0,
      output: output.data,
      messages: String(decoding: errors.data.suffix(10_000), as: UTF8.self))
  }

  /// What comes out of a pipe until its end.
  private final class Collected: @unchecked Sendable {
    private let lock = NSLock()
    private var bytes = Data()

    var data: Data { lock.withLock { bytes } }

    init(_ pipe: Pipe, _ group: DispatchGroup) {
      DispatchQueue.global().async(group: group) { [self] in
        let found = pipe.fileHandleForReading.readDataToEndOfFile()
        lock.withLock { bytes = found }
      }
    }
  }
}
