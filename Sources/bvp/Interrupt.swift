import CSignals
import Foundation
import Parallel

/// What happens when the user asks to stop: SIGINT, SIGTERM or, unless it was
/// ignored from the start as `nohup` has it, SIGHUP.
///
/// A verb that watches stops where it can, and a second request ends the
/// process at once; one that does not is ended by the first. The exit status is
/// the same.
enum Interrupt {
  nonisolated(unsafe) private static var flag: sig_atomic_t = 0
  nonisolated(unsafe) private static var isWatched: sig_atomic_t = 0

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
        if Interrupt.isWatched == 0 || Interrupt.flag != 0 {
          _exit(Interrupt.status)
        }
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
