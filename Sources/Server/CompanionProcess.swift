import Foundation

/// The commands that a server begins.
enum CompanionProcess {
  /// The exit status of one that was asked to stop.
  static let stoppedStatus: Int32 = 130

  /// This program.
  static var executable: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
  }
}
