import Foundation
import Ranks

/// The right of one process to write into a folder, such as a run's.
///
/// It is a lock on the file `.lock` in the folder, which holds the process's
/// number. The lock goes with the process, however that ends. Of several
/// processes of a job the first has it.
public final class FolderLock {
  /// The lock's file, which is no part of what the folder holds.
  public static let fileName = ".lock"

  private let folder: String
  private let isNew: Bool
  private let descriptor: Int32
  private var file: String { folder + "/" + Self.fileName }

  /// Takes the lock; the folder is made if it is not there.
  ///
  /// - Throws: ``SafetensorsError`` if another process has it, or the folder
  ///   cannot be written to.
  public init(_ folder: String) throws(SafetensorsError) {
    self.folder = folder
    guard Ranks.all.isFirst else {
      (isNew, descriptor) = (false, -1)
      return
    }
    var status = stat()
    isNew = stat(folder, &status) != 0
    try createFolder(folder)
    descriptor = try Self.open(folder)
    let text = Array("\(getpid())\n".utf8)
    ftruncate(descriptor, 0)
    pwrite(descriptor, text, text.count, 0)
  }

  /// Refuses a folder that another process has the right to.
  static func refuseOthers(in folder: String) throws(SafetensorsError) {
    let handle = Foundation.open(
      folder + "/" + fileName, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
    guard handle >= 0 else { return }
    defer { close(handle) }
    let text = owner(handle)
    guard let owner = text.flatMap({ Int32($0) }), owner != getpid(),
      kill(owner, 0) == 0, case .held = lockFile(handle)
    else { return }
    throw .busy(path: folder, process: text.map(String.init))
  }

  /// Whether another process has the right to a folder.
  public static func isHeld(_ folder: String) -> Bool {
    do {
      try refuseOthers(in: folder)
      return false
    } catch { return true }
  }

  /// The process whose number an open lock holds.
  private static func owner(_ handle: Int32) -> Substring? {
    var bytes = [UInt8](repeating: 0, count: 16)
    let count = pread(handle, &bytes, bytes.count, 0)
    return String(decoding: bytes.prefix(max(0, count)), as: UTF8.self)
      .split(separator: "\n").first
  }

  private static func open(_ folder: String) throws(SafetensorsError) -> Int32 {
    let file = folder + "/" + fileName
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
        throw .busy(path: folder, process: owner.map(String.init))
      }
      // The file that was locked may be one that its owner has just removed.
      var own = stat()
      var named = stat()
      if fstat(handle, &own) == 0, stat(file, &named) == 0,
        own.st_ino == named.st_ino
      {
        return handle
      }
      close(handle)
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    unlink(file)
    close(descriptor)
    // A folder that was made for nothing; one that holds something stays.
    if isNew { rmdir(folder) }
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
func lockFile(_ descriptor: Int32) -> LockResult {
  while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
    let code = errno
    if code == EINTR { continue }
    return code == EWOULDBLOCK ? .held : .unsupported
  }
  return .taken
}
