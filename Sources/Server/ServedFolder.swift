import Equations
import Foundation
import Networks
import Systems
import TensorFiles
import Training

/// The folder that a server is about, and what is in it.
///
/// It is the process's working folder, so that paths in commands, messages and
/// requests are the same. Nothing outside of it is ever named or read.
final class ServedFolder: @unchecked Sendable {
  /// A file of it.
  struct Entry: Sendable {
    let path: String
    let bytes: Int
    /// Seconds since 1970.
    let modified: Double
  }

  /// What was last found at a path.
  private struct Known {
    let bytes: Int
    let modified: Double
    let value: any Sendable
  }

  /// Its absolute path, symbolic links resolved.
  let root: String
  private let lock = NSLock()
  private var known: [String: Known] = [:]

  private static let largestDepth = 8
  private static let mostEntries = 50_000

  /// What commands find in their environment.
  let environment: [String: String]

  /// Takes a folder, which becomes the working folder.
  ///
  /// - Parameters:
  ///   - folder: its path.
  ///   - environment: what commands are told besides what this process was.
  /// - Throws: ``WorkbenchServer/Failure`` if there is no such folder.
  init(_ folder: String, environment: [String: String] = [:]) throws {
    self.environment = ProcessInfo.processInfo.environment.merging(
      environment
    ) { $1 }
    guard let resolved = realpath(folder, nil) else {
      throw WorkbenchServer.Failure(
        description: "\(folder): \(String(cString: strerror(errno)))")
    }
    defer { free(resolved) }
    root = String(cString: resolved)
    guard FileManager.default.changeCurrentDirectoryPath(root) else {
      throw WorkbenchServer.Failure(
        description: "\(folder): \(String(cString: strerror(errno)))")
    }
  }

  // MARK: Paths

  /// A path that a request names, if it is one inside of the workspace.
  ///
  /// - Throws: ``ServiceError`` that names it, also where there is nothing.
  func existing(_ path: String) throws -> String {
    let path = try inside(path)
    guard let resolved = realpath(path, nil) else {
      throw ServiceError.missing("\(path): there is no such file or folder")
    }
    defer { free(resolved) }
    let target = String(cString: resolved)
    guard target == root || target.hasPrefix(root + "/") else {
      throw outside(path)
    }
    return path
  }

  /// A path that names something inside, whether there is anything or not.
  private func inside(_ path: String) throws -> String {
    if path == "." { return path }
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let isPlain = !path.unicodeScalars.contains {
      $0.value < 32 || $0.value == 127
    }
    guard isPlain, path.utf8.count <= 1024, !path.hasPrefix("-"),
      parts.allSatisfy({ !$0.isEmpty && !$0.hasPrefix(".") })
    else { throw outside(path) }
    return path
  }

  private func outside(_ path: String) -> ServiceError {
    .missing("'\(path)' is no path in the workspace")
  }

  /// The place of something new.
  ///
  /// - Throws: ``ServiceError`` for a name that is none, or one that is taken.
  func newPath(_ parent: String, _ name: String, ending: String = "") throws
    -> String
  {
    let isPlain = name.utf8.allSatisfy {
      switch UnicodeScalar($0) {
      case "A"..."Z", "a"..."z", "0"..."9", ".", "_", "-": true
      default: false
      }
    }
    guard isPlain, (1...100).contains(name.utf8.count),
      let first = name.first, first.isLetter || first.isNumber
    else {
      throw ServiceError.wrong(
        "'name' must be of letters, digits, '.', '_' and '-', and begin with a "
          + "letter or a digit")
    }
    let path = parent + "/" + name + ending
    var status = stat()
    if lstat(parent, &status) == 0 { _ = try existing(parent) }
    guard lstat(path, &status) != 0 else {
      throw ServiceError.taken("\(path): is there already")
    }
    return path
  }

  // MARK: Content

  /// Files and folders by their paths, in order; hidden ones and symbolic links to
  /// folders are passed over.
  private func walk(_ visit: (String, [String]) -> Void) {
    var seen = 0
    func walk(_ folder: String, depth: Int) {
      let here = folder.isEmpty ? "." : folder
      let content =
        ((try? FileManager.default.contentsOfDirectory(atPath: here)) ?? [])
        .filter { !$0.hasPrefix(".") }.sorted()
      seen += content.count
      guard seen <= Self.mostEntries else { return }
      visit(folder, content)
      guard depth < Self.largestDepth else { return }
      for name in content {
        let path = folder.isEmpty ? name : folder + "/" + name
        var status = stat()
        if lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
          walk(path, depth: depth + 1)
        }
      }
    }
    walk("", depth: 0)
  }

  /// The files with an extension.
  func files(_ ending: String) -> [Entry] {
    var result: [Entry] = []
    walk { folder, names in
      for name in names where name.hasSuffix("." + ending) {
        let path = folder.isEmpty ? name : folder + "/" + name
        if let entry = entry(path) { result.append(entry) }
      }
    }
    return result
  }

  /// A file, if it is one in the workspace.
  func entry(_ path: String) -> Entry? {
    var status = stat()
    guard (try? existing(path)) != nil, stat(path, &status) == 0,
      status.st_mode & S_IFMT == S_IFREG
    else { return nil }
    return Entry(
      path: path, bytes: Int(status.st_size),
      modified: Double(status.st_mtim.tv_sec)
        + 1e-9 * Double(status.st_mtim.tv_nsec))
  }

  /// Refuses a folder in which a symbolic link leads out of the workspace.
  func checkLinks(in path: String) throws {
    var seen = 0
    func check(_ path: String, depth: Int) throws {
      var status = stat()
      guard lstat(path, &status) == 0 else { return }
      switch status.st_mode & S_IFMT {
      case S_IFLNK: _ = try existing(path)
      case S_IFDIR where depth < Self.largestDepth && seen < Self.mostEntries:
        let content = try? FileManager.default.contentsOfDirectory(atPath: path)
        seen += content?.count ?? 0
        for name in content ?? [] where !name.hasPrefix(".") {
          try check(path + "/" + name, depth: depth + 1)
        }
      default: break
      }
    }
    try check(path, depth: 0)
  }

  /// The text of a file that is small.
  func text(_ path: String) -> String? {
    guard let entry = entry(path), entry.bytes <= 1 << 20 else { return nil }
    return try? String(contentsOfFile: path, encoding: .utf8)
  }

  /// The folders of training runs.
  var runs: [RunFolder] {
    var result: [RunFolder] = []
    walk { folder, names in
      if names.contains("recipe.yaml"),
        names.contains("metrics.csv") || names.contains("state.safetensors")
      {
        result.append(RunFolder(folder.isEmpty ? "." : folder))
      }
    }
    return result
  }

  /// What is made of a file, made anew when the file has changed.
  func cached<T: Sendable>(
    _ entry: Entry, as kind: String, _ make: (String) throws -> T
  ) rethrows -> T {
    let key = kind + ":" + entry.path
    let old = lock.withLock { known[key] }
    if let old, old.bytes == entry.bytes, old.modified == entry.modified,
      let value = old.value as? T
    {
      return value
    }
    let value = try make(entry.path)
    lock.withLock {
      if known.count >= 4096 { known.removeAll() }
      known[key] = Known(
        bytes: entry.bytes, modified: entry.modified, value: value)
    }
    return value
  }

  // MARK: Equations

  /// The equation of a name or a path.
  func equation(_ name: String) throws -> Equation {
    if let entry = entry(name) {
      return try cached(entry, as: "equation") { try Equation.load($0) }
    }
    guard Equation.shippedNames.contains(name) else {
      _ = try existing(name)
      throw ServiceError.missing("\(name): is no equation")
    }
    return try Equation.load(name)
  }

  /// The files that look like equations, and what is wrong with those that are
  /// none.
  var equations: [(path: String, name: String?, problem: String?)] {
    files("yaml").compactMap { entry in
      let found = cached(entry, as: "listed") { path -> EquationListing in
        do {
          return .equation(try Equation.load(path).name)
        } catch {
          let text = text(path) ?? ""
          let lines = text.split(separator: "\n")
          let isMeant = ["coefficients:", "boundary:"].allSatisfy { key in
            lines.contains { $0.hasPrefix(key) }
          }
          return isMeant ? .damaged("\(error)") : .other
        }
      }
      return switch found {
      case .equation(let name): (entry.path, name, nil)
      case .damaged(let problem): (entry.path, nil, problem)
      case .other: nil
      }
    }
  }

  private enum EquationListing: Sendable {
    case equation(String)
    case damaged(String)
    case other
  }

  // MARK: Tensors

  /// The safetensors files of a kind.
  func tensors(_ format: FileFormat) -> [Entry] {
    files("safetensors").filter {
      cached($0, as: "format") {
        (try? SafetensorsFile(path: $0)).flatMap { FileFormat(of: $0) }
      } == format
    }
  }

  /// A file that a request names.
  func file(_ path: String) throws -> Entry {
    _ = try existing(path)
    guard let entry = entry(path) else {
      throw ServiceError.missing("\(path): is no file")
    }
    return entry
  }

  /// A dataset.
  func dataset(_ path: String) throws -> DatasetReader {
    // Not kept: it holds the file open.
    try DatasetReader(path: file(path).path)
  }
}

// MARK: Commands

extension ServedFolder {
  /// Runs a command of the workbench to its end.
  ///
  /// - Throws: ``ServiceError`` with its last message if it fails.
  func command(_ arguments: [String]) throws {
    let process = Process()
    process.executableURL = CompanionProcess.executable
    process.arguments = arguments
    process.currentDirectoryURL = URL(fileURLWithPath: root)
    process.environment = environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    guard CompanionProcess.hasDescriptors else {
      throw ServiceError(503, "there are no file descriptors left; try again")
    }
    let pipe = Pipe()
    process.standardError = pipe
    do {
      try process.run()
    } catch {
      throw ServiceError(503, "a process cannot be started: \(error)")
    }
    let said = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus != 0 else { return }
    let last =
      String(decoding: said.suffix(10_000), as: UTF8.self)
      .split(separator: "\n").last ?? ""
    throw ServiceError.wrong(
      last.hasPrefix("bvp: ") ? String(last.dropFirst(5)) : String(last))
  }
}
