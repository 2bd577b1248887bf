import Foundation
import Tables

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

  static func error(_ message: String) { say(message) }
  static func warning(_ message: String) { say("warning: " + message) }
  static func notice(_ message: String) { say(message) }

  /// A message as one line of standard error: `bvp: what happened`.
  private static func say(_ message: String) {
    write("bvp: \(message.onOneLine)\n")
  }

  /// Writes to standard error as it is; one that cannot be written to is no
  /// reason to fail.
  static func write(_ text: String) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let written = bytes.withUnsafeBytes {
        Foundation.write(STDERR_FILENO, $0.baseAddress, $0.count)
      }
      if written < 0, errno == EINTR { continue }
      guard written > 0 else { return }
      bytes = bytes.dropFirst(written)
    }
  }

  /// Prints a line of results.
  static func print(_ line: String) { Swift.print(line) }

  /// Prints lines of results.
  static func print(_ lines: [String]) {
    for line in lines { Swift.print(line) }
  }

  /// Ends the results; a disk that was full on the way is a failure.
  static func flush() throws {
    guard fflush(nil) == 0 else {
      throw CommandFailure(
        "standard output: \(String(cString: strerror(errno)))")
    }
  }
}
