import Foundation
import Parallel

/// Remembers that the user asked to stop (SIGINT or SIGTERM); a second request
/// ends the process at once.
enum Interrupt {
  nonisolated(unsafe) private static var flag: sig_atomic_t = 0

  /// The exit status of a verb that was asked to stop.
  static let status: Int32 = 130

  /// Begins to watch, and tells when a signal has come.
  static func watch() -> Cancellation {
    unblock([SIGINT, SIGTERM])
    for number in [SIGINT, SIGTERM] {
      var action = sigaction()
      action.__sigaction_handler.sa_handler = { number in
        // The second request, by whichever signal, ends the process.
        if Interrupt.flag != 0 {
          signal(number, SIG_DFL)
          raise(number)
        }
        Interrupt.flag = 1
      }
      sigaction(number, &action, nil)
    }
    return Cancellation { flag != 0 }
  }

  /// Lets signals through that the parent process may have left blocked.
  static func unblock(_ signals: [Int32]) {
    var set = sigset_t()
    sigemptyset(&set)
    for number in signals { sigaddset(&set, number) }
    pthread_sigmask(SIG_UNBLOCK, &set, nil)
  }
}
