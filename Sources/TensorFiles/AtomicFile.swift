import Foundation
import Ranks

/// A file that appears under its name complete or not at all.
///
/// It is written under a temporary name in the same folder, flushed to the
/// disk and renamed; until ``commit()``, and if the writer goes away before,
/// whatever had the name keeps it. A name that is a symbolic link stays one:
/// what it points to is replaced.
///
/// The temporary file is locked as long as its writer lives. A second writer
/// of the same file is refused, and what a killed one left is removed.
///
/// Of several processes of a job the first writes the file, and the others
/// nothing; `share()` lets them.
public final class AtomicFile: @unchecked Sendable {
  public let path: String
  private let replaces: Bool
  private let target: OutputPath
  private var temporary: String
  private var descriptor: Int32
  private var end = 0
  private var isOpen = true
  private let isFirst = Ranks.all.isFirst
  private let lock = NSLock()

  /// Creates the temporary file.
  ///
  /// - Parameters:
  ///   - path: the file that ``commit()`` makes.
  ///   - replaces: whether a file of that name is replaced.
  ///   - sweeps: whether to look for other writers, and for what they left; one
  ///     of very many files in a folder that is locked does without.
  ///   - mode: the file's permissions, as far as the process's mask allows.
  /// - Throws: ``SafetensorsError`` if there is something that is not to be
  ///   replaced, if another process writes the file, or if it cannot be made.
  public init(
    path: String, replaces: Bool = true, sweeps: Bool = true,
    mode: mode_t = 0o666
  ) throws(SafetensorsError) {
    self.path = path
    self.replaces = replaces
    target = try OutputPath(path)
    guard isFirst else {
      (temporary, descriptor, isOpen) = ("", -1, false)
      return
    }
    try FolderLock.refuseOthers(in: target.folder)
    if target.exists, !replaces { throw .exists(path) }
    (temporary, descriptor) = try target.createTemporary(
      mode: mode)
    if sweeps { try target.sweep(except: temporary) }
  }

  deinit {
    guard isOpen else { return }
    if isFirst { unlink(temporary) }
    close(descriptor)
  }

  /// Lets the other processes write into the same file; all of them call it.
  ///
  /// - Throws: ``SafetensorsError`` if one cannot open it, `RanksError`.
  func share() throws {
    let name = try Ranks.all.fromFirst(temporary)
    guard !isFirst else { return }
    temporary = name
    descriptor = open(name, O_WRONLY | O_CLOEXEC)
    let code = errno
    guard descriptor >= 0 else {
      throw SafetensorsError.system(path, "open", code)
    }
    isOpen = true
  }

  /// Writes bytes at an offset; gaps read as zeros, and several threads may write.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int)
    throws(SafetensorsError)
  {
    guard isOpen else { return }
    var done = 0
    while done < bytes.count {
      let written = pwrite(
        descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done,
        off_t(offset + done))
      let code = errno
      if written < 0, code == EINTR { continue }
      guard written > 0 else {
        throw .system(path, "write", written < 0 ? code : ENOSPC)
      }
      done += written
    }
    lock.withLock { end = max(end, offset + done) }
  }

  /// Refuses to begin what the disk has no room for.
  ///
  /// - Parameter bytes: the file's size in the end.
  /// - Throws: ``SafetensorsError`` with the size needed and the size there is.
  func requireSpace(_ bytes: Double) throws(SafetensorsError) {
    guard isFirst else { return }
    var status = statvfs()
    guard fstatvfs(descriptor, &status) == 0, status.f_blocks > 0 else {
      return
    }
    let free = Double(status.f_bavail) * Double(status.f_frsize)
    guard bytes > free else { return }
    func size(_ bytes: Double) -> String {
      bytes < 1e9
        ? String(format: "%.1f MB", bytes / 1e6)
        : String(format: "%.1f GB", bytes / 1e9)
    }
    throw .system(
      path: path, action: "write",
      reason: "it needs \(size(bytes)), the disk has \(size(free)) left")
  }

  /// Makes the file what the name stands for.
  public func commit() throws(SafetensorsError) {
    guard isFirst else { return }
    try flush()
    var status = stat()
    guard fstat(descriptor, &status) == 0, Int(status.st_size) >= end else {
      throw .system(
        path: path, action: "write", reason: "the file has lost bytes")
    }
    try giveName()
    isOpen = false
    // Nothing that matters is left to fail: the bytes are on the disk.
    close(descriptor)
    // The new name itself has to reach the disk; a file system that cannot
    // flush a folder is no reason to fail.
    let handle = open(target.folder, O_RDONLY | O_CLOEXEC)
    if handle >= 0 {
      fsync(handle)
      close(handle)
    }
  }

  /// Brings what was written to the disk.
  func flush() throws(SafetensorsError) {
    while isOpen, fsync(descriptor) != 0 {
      let code = errno
      guard code == EINTR else { throw .system(path, "write", code) }
    }
  }

  private func giveName() throws(SafetensorsError) {
    if !replaces {
      // Unlike a renaming, a second name is not given where there is a first.
      if link(temporary, target.path) == 0 {
        unlink(temporary)
        return
      }
      let code = errno
      if code == EEXIST { throw .exists(path) }
      // A file system without links has to be asked and told in two steps.
      guard [EPERM, EOPNOTSUPP, ENOSYS, EMLINK, EINVAL].contains(code) else {
        throw .system(path, "name the file", code)
      }
      if try OutputPath(path).exists { throw .exists(path) }
    }
    guard rename(temporary, target.path) == 0 else {
      throw .system(path, "replace the file", errno)
    }
  }
}

/// Writes `text` to the file at `path` in one stroke.
///
/// - Parameters:
///   - text: all of it.
///   - path: the file.
///   - replaces: whether a file of that name is replaced.
///   - sweeps: as in ``AtomicFile``.
///   - mode: as in ``AtomicFile``.
/// - Throws: ``SafetensorsError`` if it cannot be written.
public func writeAtomically(
  _ text: String, to path: String, replaces: Bool = true, sweeps: Bool = true,
  mode: mode_t = 0o666
) throws(SafetensorsError) {
  try AtomicFile(path: path, replaces: replaces, sweeps: sweeps, mode: mode)
    .commit(text)
}

extension AtomicFile {
  /// Writes all of a text and makes it what the name stands for.
  public func commit(_ text: String) throws(SafetensorsError) {
    try commit(Data(text.utf8))
  }

  /// Writes all of a file and makes it what the name stands for.
  public func commit(_ data: Data) throws(SafetensorsError) {
    var failure: SafetensorsError?
    data.withUnsafeBytes { bytes in
      do throws(SafetensorsError) {
        try write(bytes, at: 0)
      } catch { failure = error }
    }
    if let failure { throw failure }
    try commit()
  }
}
