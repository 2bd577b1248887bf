import CSignals
import Foundation
import Parallel

/// What happens when the user asks to stop: SIGINT, SIGTERM or, unless it was
/// ignored from the start as `nohup` has it, SIGHUP.
///
/// A verb that watches stops where it can, and a second request ends the
/// process at once, but for one within half a second: schedulers send one to a job
/// and one to each of its processes. A verb that does not watch is ended by the
/// first. The exit status is the same.
enum Interrupt {
  nonisolated(unsafe) private static var flag: sig_atomic_t = 0
  nonisolated(unsafe) private static var isWatched: sig_atomic_t = 0
  /// When the first request came.
  nonisolated(unsafe) private static var first = timespec()

  /// The exit status of a verb that was asked to stop.
  static let status: Int32 = 130

  /// Takes the signals; nothing of the process's own is at stake yet.
  static func prepare() {
    unblock([SIGINT, SIGTERM, SIGHUP])
    (flag, isWatched) = (0, 0)
    for number in [SIGINT, SIGTERM, SIGHUP] {
      var action = sigaction()
      if number == SIGHUP, cs_hangup_was_ignored() != 0 {
        signal(SIGHUP, SIG_IGN)
        continue
      }
      action.__sigaction_handler.sa_handler = { _ in
        var now = timespec()
        clock_gettime(CLOCK_MONOTONIC, &now)
        let elapsed =
          Double(now.tv_sec - Interrupt.first.tv_sec)
          + 1e-9 * Double(now.tv_nsec - Interrupt.first.tv_nsec)
        if Interrupt.isWatched == 0 || (Interrupt.flag != 0 && elapsed > 0.5) {
          _exit(Interrupt.status)
        }
        if Interrupt.flag == 0 { Interrupt.first = now }
        Interrupt.flag = 1
      }
      sigaction(number, &action, nil)
    }
  }

  /// Begins to watch, and tells when a signal has come.
  static func watch() -> Cancellation {
    isWatched = 1
    return Cancellation { flag != 0 }
  }

  /// The work is done: from now on a request ends the process at once, which
  /// may be waiting for somebody to read its results.
  static func endWatch() { isWatched = 0 }

  /// Lets signals through that the parent process may have left blocked.
  private static func unblock(_ signals: [Int32]) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in signals { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }
}
