import CSignals
import Foundation

/// A process that `bvp serve` has begun.
enum ServedProcess {
  /// The variable of the environment that holds the server's process.
  private static let key = "BVP_SERVED_BY"

  /// What tells a process that this one has begun it.
  static var environment: [String: String] { [key: "\(getpid())"] }

  private static let server =
    ProcessInfo.processInfo.environment[key].flatMap { Int32($0) }

  /// Whether this process is one.
  static var isThis: Bool { server != nil }

  /// Ends with the server, and leaves the processor to it when it wants it.
  static func follow() {
    guard let server else { return }
    if cs_follow_parent(server, SIGTERM) == 0 { raise(SIGTERM) }
    setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 5)
  }
}
