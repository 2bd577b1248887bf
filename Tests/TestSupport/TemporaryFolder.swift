import Foundation

/// A folder of its own that is removed with the value.
public final class TemporaryFolder {
  public let path: String

  /// Makes a folder, in memory where that is asked for and there is such a
  /// place: what is written there need not reach a disk.
  public init(inMemory: Bool = false) throws {
    let memory = "/dev/shm/"
    let parent =
      inMemory && FileManager.default.isWritableFile(atPath: memory)
      ? memory : NSTemporaryDirectory()
    path = parent + "bvp-\(UUID().uuidString)"
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  /// The path of a file in the folder.
  public func path(_ name: String) -> String { path + "/" + name }

  /// The bytes of a file.
  public func bytes(_ name: String) throws -> Data {
    try Data(contentsOf: URL(fileURLWithPath: path(name)))
  }

  /// A file as text.
  public func text(_ name: String) throws -> String {
    String(decoding: try bytes(name), as: UTF8.self)
  }

  /// Writes a file and returns its path.
  @discardableResult
  public func write(_ data: Data, to name: String) throws -> String {
    try data.write(to: URL(fileURLWithPath: path(name)))
    return path(name)
  }

  /// Writes a file and returns its path.
  @discardableResult
  public func write(_ text: String, to name: String) throws -> String {
    try write(Data(text.utf8), to: name)
  }

  /// The names of what is in the folder.
  public var content: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path) }
  }
}
