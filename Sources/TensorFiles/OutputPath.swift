import Foundation
import Ranks

/// Where an output really goes: a name that is a symbolic link stands for what
/// the link points to, whether or not that is there.
struct OutputPath {
  /// The file, which is no link.
  let path: String
  /// Whether there is such a file.
  let exists: Bool
  /// What the user called it.
  private let given: String

  /// The folder of the file.
  var folder: String { parentFolder(of: path) }

  /// Follows links.
  ///
  /// - Throws: ``SafetensorsError`` for what is no file, and can be none.
  init(_ given: String) throws(SafetensorsError) {
    self.given = given
    try requireOutputName(given)
    var status = stat()
    if stat(given, &status) == 0 {
      switch status.st_mode & S_IFMT {
      case S_IFREG: break
      case S_IFDIR: throw .output(path: given, reason: "is a folder")
      default:
        throw .output(
          path: given, reason: "is a device, pipe or socket; name a file")
      }
      exists = true
    } else {
      let code = errno
      guard code == ENOENT else {
        throw .system(given, "create the file", code)
      }
      exists = false
    }
    path = try Self.followingLinks(given)
  }

  private static func followingLinks(_ given: String) throws(SafetensorsError)
    -> String
  {
    var path = given
    for _ in 0..<40 {
      var buffer = [CChar](repeating: 0, count: Int(PATH_MAX))
      let length = readlink(path, &buffer, buffer.count)
      guard length >= 0 else { return path }
      let bytes = buffer.prefix(length).map(UInt8.init(bitPattern:))
      let link = String(decoding: bytes, as: UTF8.self)
      path = link.hasPrefix("/") ? link : parentFolder(of: path) + "/" + link
    }
    throw .system(given, "create the file", ELOOP)
  }

  // MARK: The temporary file

  /// Creates a temporary file beside the file, and locks it; `mode` is what others
  /// may do with it, as far as the process's mask allows.
  func createTemporary(mode: mode_t) throws(SafetensorsError) -> (
    String, Int32
  ) {
    let letters = Array("abcdefghijklmnopqrstuvwxyz0123456789")
    while true {
      let word = String((0..<6).compactMap { _ in letters.randomElement() })
      let name = "\(folder)/\(stem)\(getpid())-\(word).tmp"
      let handle = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, mode)
      guard handle >= 0 else {
        let code = errno
        if code == EEXIST || code == EINTR { continue }
        throw .system(given, "create the file", code)
      }
      // Another process that begins may have taken it for one that was left.
      if case .held = lockFile(handle) {
        close(handle)
        continue
      }
      var status = stat()
      if fstat(handle, &status) == 0, status.st_nlink > 0 {
        return (name, handle)
      }
      close(handle)
    }
  }

  /// Removes what killed writers of the file left.
  ///
  /// - Parameter own: the temporary file of this writer; it is removed as well
  ///   if there is another.
  /// - Throws: ``SafetensorsError`` if a writer of the same file is alive.
  func sweep(except own: String) throws(SafetensorsError) {
    let ownName = fileName(of: own)
    // A folder that may be written to and not listed is swept by nobody.
    let names = try? FileManager.default.contentsOfDirectory(atPath: folder)
    for name in names ?? [] where name != ownName {
      guard let writer = writer(of: name) else { continue }
      let other = folder + "/" + name
      let handle = open(other, O_RDWR | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
      guard handle >= 0 else { continue }
      defer { close(handle) }
      switch lockFile(handle) {
      case .taken: unlink(other)
      case .unsupported: break
      case .held:
        unlink(own)
        throw .busy(path: given, process: writer)
      }
    }
  }

  /// The process that made a temporary file of this output; nil for any other
  /// file.
  private func writer(of name: String) -> String? {
    guard name.hasPrefix(stem), name.hasSuffix(".tmp") else { return nil }
    let parts = name.dropFirst(stem.count).dropLast(4).split(
      separator: "-", omittingEmptySubsequences: false)
    guard parts.count == 2, parts[1].count == 6, let process = Int32(parts[0]),
      parts[1].allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber) })
    else { return nil }
    return "\(process)"
  }

  /// How the temporary files of this output begin: with its name, of which a long
  /// one is cut, since theirs have more to say.
  private var stem: String {
    let name = fileName(of: path)
    // File systems have names of 255 bytes at most.
    let longest = 255 - ".-2147483647-abcdef.tmp".utf8.count
    guard name.utf8.count > longest else { return name + "." }
    var digest = Digest()
    digest.add(name.utf8)
    let end = "~" + digest.text
    var start = name
    while start.utf8.count + end.utf8.count > longest { start.removeLast() }
    return start + end + "."
  }

  private func fileName(of path: String) -> String {
    path.lastIndex(of: "/").map { String(path[path.index(after: $0)...]) }
      ?? path
  }
}

// MARK: Folders

/// The folder that a path's last part is in; "." for a mere name.
///
/// Foundation's own traps on a name of one character on Linux.
public func parentFolder(of path: String) -> String {
  guard let slash = path.lastIndex(of: "/") else { return "." }
  return slash == path.startIndex ? "/" : String(path[..<slash])
}

/// Refuses what is no name of an output: nothing, and what stands for a standard
/// stream elsewhere.
public func requireOutputName(_ path: String) throws(SafetensorsError) {
  guard !path.isEmpty else { throw .noName }
  guard path != "-" else {
    throw .output(
      path: path,
      reason: "is not standard output here, where results are printed that are "
        + "text; ./- is a file of that name")
  }
}

/// Makes a folder, and those above it, unless it is there.
public func createFolder(_ path: String) throws(SafetensorsError) {
  try requireOutputName(path)
  guard Ranks.all.isFirst else { return }
  var made = ""
  for part in path.split(separator: "/", omittingEmptySubsequences: false) {
    made += part
    defer { made += "/" }
    if part.isEmpty || mkdir(made, 0o777) == 0 { continue }
    let code = errno
    var status = stat()
    guard stat(made, &status) == 0 else {
      throw .system(path, "create the folder", code)
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw .system(path, "create the folder", ENOTDIR)
    }
  }
}
