import Foundation
import Ranks

/// The right of one process to write into a folder, such as a run's.
///
/// It is a lock (`flock`) on the file `.lock` in the folder, which says who has it:
/// the process's number and its machine. Whether it is held is asked of the lock
/// alone, since a number means nothing to other users and other machines. The lock
/// goes with the process, however that ends. Of several processes of a job the
/// first has it.
public final class FolderLock {
  /// The lock's file, which is no part of what the folder holds.
  public static let fileName = ".lock"

  private let folder: String
  private let isNew: Bool
  private let descriptor: Int32
  private let identity: FileIdentity?
  private var file: String { folder + "/" + Self.fileName }

  /// The locks that this process has.
  private static let own = OwnLocks()

  /// Takes the lock; the folder is made if it is not there.
  ///
  /// - Throws: ``SafetensorsError`` if another process has it, or the folder
  ///   cannot be written to.
  public init(_ folder: String) throws(SafetensorsError) {
    self.folder = folder
    guard Ranks.all.isFirst else {
      (isNew, descriptor, identity) = (false, -1, nil)
      return
    }
    isNew = FileIdentity(folder) == nil
    try createFolder(folder)
    descriptor = try Self.open(folder)
    identity = FileIdentity(descriptor: descriptor)
    if let identity { Self.own.insert(identity) }
    let text = Array("\(getpid())\n\(Self.host)\n".utf8)
    ftruncate(descriptor, 0)
    pwrite(descriptor, text, text.count, 0)
  }

  /// Refuses a folder that another process has the right to.
  static func refuseOthers(in folder: String) throws(SafetensorsError) {
    let handle = Foundation.open(
      folder + "/" + fileName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    let code = errno
    guard handle >= 0 else {
      // One that cannot be asked may be held.
      guard code == EACCES else { return }
      throw .system(folder, "read its \(fileName)", code)
    }
    defer { close(handle) }
    if let identity = FileIdentity(descriptor: handle), own.has(identity) {
      return
    }
    // Others may lock files of that name for purposes of their own.
    guard let owner = owner(handle),
      case .held = lockFile(handle, isShared: true)
    else { return }
    throw .busy(path: folder, process: owner.isEmpty ? nil : owner)
  }

  /// Whether another process has the right to a folder.
  public static func isHeld(_ folder: String) -> Bool {
    do {
      try refuseOthers(in: folder)
      return false
    } catch { return true }
  }

  /// Whose an open lock is: the number of a process, with its machine if that is
  /// another; empty of one that has not said so yet, and nil of a file that is no
  /// lock of a folder.
  private static func owner(_ handle: Int32) -> String? {
    var bytes = [UInt8](repeating: 0, count: 300)
    let count = pread(handle, &bytes, bytes.count, 0)
    let lines = String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
      .split(separator: "\n")
    guard let number = lines.first else { return "" }
    guard Int32(number) != nil else { return nil }
    // Earlier versions did not name the machine.
    return lines.count > 1 && lines[1] != host
      ? "\(number) on \(lines[1])" : "\(number)"
  }

  private static let host: String = {
    var name = [CChar](repeating: 0, count: 256)
    gethostname(&name, name.count - 1)
    let bytes = name.prefix { $0 != 0 }.map(UInt8.init(bitPattern:))
    return String(decoding: bytes, as: UTF8.self)
  }()

  private static func open(_ folder: String) throws(SafetensorsError) -> Int32 {
    let file = folder + "/" + fileName
    var attempts = 0
    while true {
      let handle = Foundation.open(
        file, O_RDWR | O_CREAT | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0o666)
      guard handle >= 0 else {
        let code = errno
        if code == EINTR { continue }
        throw .system(folder, "write into the folder", code)
      }
      if case .held = lockFile(handle) {
        let owner = owner(handle)
        close(handle)
        attempts += 1
        // Whoever only asks holds it for a moment.
        if attempts < 5 {
          usleep(5_000)
          continue
        }
        throw .busy(path: folder, process: owner)
      }
      // The file that was locked may be one that its owner has just removed.
      if let own = FileIdentity(descriptor: handle), own == FileIdentity(file) {
        return handle
      }
      close(handle)
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    unlink(file)
    if let identity { Self.own.remove(identity) }
    close(descriptor)
    // A folder that was made for nothing; one that holds something stays.
    if isNew { rmdir(folder) }
  }
}

/// The locks of folders that this process has.
private final class OwnLocks: @unchecked Sendable {
  private var files: Set<FileIdentity> = []
  private let lock = NSLock()

  func insert(_ file: FileIdentity) { lock.withLock { _ = files.insert(file) } }
  func remove(_ file: FileIdentity) { lock.withLock { _ = files.remove(file) } }
  func has(_ file: FileIdentity) -> Bool {
    lock.withLock { files.contains(file) }
  }
}

/// What came of an attempt to lock a file.
enum LockResult {
  case taken
  /// By another process, or another descriptor of this one.
  case held
  /// The file system has no locks: there is nothing to know.
  case unsupported
}

/// Locks an open file until its descriptor is closed, without waiting.
///
/// - Parameters:
///   - descriptor: the open file.
///   - isShared: whether others may have the same lock, which is enough to ask, and
///     all that a file that is open for reading has everywhere.
/// - Returns: what came of it.
func lockFile(_ descriptor: Int32, isShared: Bool = false) -> LockResult {
  while flock(descriptor, (isShared ? LOCK_SH : LOCK_EX) | LOCK_NB) != 0 {
    let code = errno
    if code == EINTR { continue }
    return code == EWOULDBLOCK ? .held : .unsupported
  }
  return .taken
}
