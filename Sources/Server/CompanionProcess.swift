import Foundation

/// What a server and the commands that it begins agree on.
public enum CompanionProcess {
  /// The variable of the environment that holds the server's process.
  public static let parentKey = "BVP_SERVED_BY"

  /// The exit status of a command that was asked to stop.
  static let stoppedStatus: Int32 = 130

  /// This program.
  static var executable: URL {
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
  }
}
