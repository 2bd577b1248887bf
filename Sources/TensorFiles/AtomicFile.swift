import Foundation

/// A file that appears under its name complete or not at all.
///
/// It is written under a temporary name in the same folder, flushed to the
/// disk and renamed; until ``commit()``, and if the writer goes away before,
/// whatever had the name keeps it.
public final class AtomicFile {
  public let path: String
  private let temporary: String
  private let descriptor: Int32
  private var isOpen = true

  /// Creates the temporary file.
  public init(path: String) throws(SafetensorsError) {
    self.path = path
    var template = Array("\(path).XXXXXX.tmp".utf8CString)
    descriptor = mkstemps(&template, 4)
    temporary = template.withUnsafeBufferPointer {
      String(
        decoding: $0.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }
    guard descriptor >= 0 else { throw .last(path, "create the file") }
    let mask = umask(0)
    umask(mask)
    fchmod(descriptor, 0o666 & ~mask)
  }

  deinit {
    guard isOpen else { return }
    close(descriptor)
    unlink(temporary)
  }

  /// Writes bytes at an offset; gaps read as zeros.
  public func write(_ bytes: UnsafeRawBufferPointer, at offset: Int)
    throws(SafetensorsError)
  {
    var done = 0
    while done < bytes.count {
      let written = pwrite(
        descriptor, bytes.baseAddress.map { $0 + done }, bytes.count - done,
        off_t(offset + done))
      if written < 0 {
        if errno == EINTR { continue }
        throw .last(path, "write")
      }
      done += written
    }
  }

  /// Makes the file what the name stands for.
  public func commit() throws(SafetensorsError) {
    guard fsync(descriptor) == 0 else { throw .last(path, "write") }
    guard rename(temporary, path) == 0 else {
      throw .last(path, "replace the file")
    }
    isOpen = false
    guard close(descriptor) == 0 else { throw .last(path, "write") }
    // The new name itself has to reach the disk; a file system that cannot
    // flush a folder is no reason to fail.
    let handle = open(parentFolder(of: path), O_RDONLY)
    if handle >= 0 {
      fsync(handle)
      close(handle)
    }
  }
}

/// Replaces the file at `path` by `text` in one stroke.
public func writeAtomically(_ text: String, to path: String)
  throws(SafetensorsError)
{
  let file = try AtomicFile(path: path)
  var failure: SafetensorsError?
  Data(text.utf8).withUnsafeBytes { bytes in
    do throws(SafetensorsError) {
      try file.write(bytes, at: 0)
    } catch { failure = error }
  }
  if let failure { throw failure }
  try file.commit()
}

/// The folder that a path's last part is in; "." for a mere name.
///
/// Foundation's own traps on a name of one character on Linux.
public func parentFolder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Makes a folder, and those above it, unless it is there.
public func createFolder(_ path: String) throws(SafetensorsError) {
  do {
    try FileManager.default.createDirectory(
      atPath: path, withIntermediateDirectories: true)
  } catch {
    throw .system(
      path: path, action: "create the folder",
      reason: "there is a file, or no right to")
  }
}
