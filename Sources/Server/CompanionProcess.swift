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
}
