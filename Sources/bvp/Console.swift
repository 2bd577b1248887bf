import Foundation
import Logging

/// Where the command speaks: results on standard output, all else on standard
/// error.
enum Console {
  /// Whether standard error is a terminal.
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }

  /// The terminal's width, 80 if it is not known.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
    else { return 80 }
    return Int(size.ws_col)
  }

  private static let logger = Logger(label: "bvp") { _ in
    StandardErrorHandler()
  }

  static func error(_ message: String) { logger.error("\(message)") }
  static func warning(_ message: String) { logger.warning("\(message)") }
  static func notice(_ message: String) { logger.notice("\(message)") }

  /// Writes to standard error as it is.
  static func write(_ text: String) {
    FileHandle.standardError.write(Data(text.utf8))
  }

  /// Prints a line of results.
  static func print(_ line: String) { Swift.print(line) }

  /// Ends the results; a disk that was full on the way is a failure.
  static func flush() throws {
    guard fflush(nil) == 0 else {
      throw CommandFailure(
        "standard output: \(String(cString: strerror(errno)))")
    }
  }
}

/// Messages as one line of standard error: `bvp: what happened`.
private struct StandardErrorHandler: LogHandler {
  var metadata: Logger.Metadata = [:]
  var logLevel = Logger.Level.info

  subscript(metadataKey key: String) -> Logger.Metadata.Value? {
    get { metadata[key] }
    set { metadata[key] = newValue }
  }

  func log(event: LogEvent) {
    let kind = event.level == .warning ? "warning: " : ""
    let text = event.message.description.replacing("\n", with: " ")
    Console.write("bvp: \(kind)\(text)\n")
  }
}
