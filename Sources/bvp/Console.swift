import Foundation
import Ranks
import Tables

/// Where the command speaks: results on standard output, all else on standard
/// error.
///
/// Of several processes of a job the first speaks for all.
enum Console {
  // MARK: Messages

  /// Whether standard error is a terminal whose lines can be drawn anew.
  static let isTerminal: Bool = {
    let kind = ProcessInfo.processInfo.environment["TERM"] ?? ""
    return isatty(STDERR_FILENO) == 1 && !["", "dumb"].contains(kind)
  }()

  /// The width of standard error's terminal, 80 if it is not known.
  static var width: Int { width(of: STDERR_FILENO) }

  /// A terminal's width, 80 if it is not known.
  static func width(of descriptor: Int32) -> Int {
    var size = winsize()
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0
    else { return 80 }
    return Int(size.ws_col)
  }

  /// Says why the job has to end.
  ///
  /// Of what goes wrong in all processes the first
  /// has told by the time that another speaks.
  static func error(_ message: String) {
    let ranks = Ranks.all
    guard !ranks.isFirst else { return say(message) }
    // The launcher ends the others when one has failed.
    Interrupt.endWatch()
    Thread.sleep(forTimeInterval: 1)
    _ = write(
      Array("bvp: rank \(ranks.rank): \(message.onOneLine)\n".utf8),
      to: STDERR_FILENO)
  }

  static func warning(_ message: String) { say("warning: " + message) }
  static func notice(_ message: String) { say(message) }

  /// A message as one line of standard error: `bvp: what happened`.
  private static func say(_ message: String) {
    write("bvp: \(message.onOneLine)\n")
  }

  /// Writes to standard error as it is; one that cannot be written to is no
  /// reason to fail.
  static func write(_ text: String) {
    guard Ranks.all.isFirst else { return }
    _ = write(Array(text.utf8), to: STDERR_FILENO)
  }

  // MARK: Results

  /// What is printed and not yet written, by the one thread that prints.
  nonisolated(unsafe) private static var pending: [UInt8] = []
  /// Why results could not be written; what comes after is dropped.
  nonisolated(unsafe) private static var failure: Int32?

  /// Prints a line of results.
  static func print(_ line: String) {
    pending += line.utf8
    pending.append(UInt8(ascii: "\n"))
    if pending.count >= 1 << 16 { writeResults() }
  }

  /// Prints lines of results.
  static func print(_ lines: [String]) {
    for line in lines { print(line) }
  }

  private static func writeResults() {
    defer { pending.removeAll(keepingCapacity: true) }
    guard failure == nil, !pending.isEmpty, Ranks.all.isFirst else { return }
    Interrupt.endWatch()
    failure = write(pending, to: STDOUT_FILENO)
    // A reader that has seen enough (`| head`) is no failure of ours.
    guard failure == EPIPE else { return }
    signal(SIGPIPE, SIG_DFL)
    raise(SIGPIPE)
  }

  /// Prints a line at once, while the work goes on.
  static func announce(_ line: String) {
    failure = write(Array((line + "\n").utf8), to: STDOUT_FILENO)
  }

  /// Ends the results; a disk that was full on the way is a failure.
  static func flush() throws {
    writeResults()
    guard let failure else { return }
    throw CommandFailure(
      "standard output: \(String(cString: strerror(failure)))")
  }

  /// Writes all bytes, or returns the `errno` of what went wrong.
  private static func write(_ bytes: [UInt8], to descriptor: Int32) -> Int32? {
    bytes.withUnsafeBytes { bytes in
      var done = 0
      while done < bytes.count {
        let written = Foundation.write(
          descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done)
        let code = errno
        if written < 0, code == EINTR { continue }
        guard written > 0 else { return code }
        done += written
      }
      return nil
    }
  }

  // MARK: Descriptors

  /// Opens what stands for standard streams that are closed, so that no file
  /// of ours takes their place; results still cannot be written.
  static func reserveDescriptors() {
    for number in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO]
    where fcntl(number, F_GETFD) < 0 {
      let mode = number == STDERR_FILENO ? O_WRONLY : O_RDONLY
      let handle = open("/dev/null", mode)
      if handle >= 0, handle != number {
        dup2(handle, number)
        close(handle)
      }
    }
  }
}
