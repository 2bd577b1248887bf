import Foundation

/// Files of the checkout that tests look at.
public enum Repository {
  /// The path of a file, relative to the checkout's root.
  public static func path(_ name: String) -> String {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent()
      .deletingLastPathComponent().deletingLastPathComponent()
      .appendingPathComponent(name).path
  }

  /// A file as text.
  public static func text(_ name: String) throws -> String {
    try String(contentsOfFile: path(name), encoding: .utf8)
  }

  /// A shipped checkpoint.
  public static func checkpoint(_ name: String) -> String {
    path("checkpoints/\(name).safetensors")
  }
}
