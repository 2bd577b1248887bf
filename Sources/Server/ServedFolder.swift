import Equations
import Foundation
import Networks
import Systems
import Tables
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

  /// What no list has, and why.
  struct Unlisted: Encodable, Sendable {
    let path: String
    let reason: String

    init(_ path: String, _ reason: String) {
      self.path = path
      // Messages begin with the file that they are about.
      let own = path + ": "
      self.reason =
        (reason.hasPrefix(own) ? String(reason.dropFirst(own.count)) : reason)
        .onOneLine
    }
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
  ///
  /// - Returns: what else was passed over, and why.
  /// - Throws: ``ServiceError`` if nobody waits for it any more.
  @discardableResult
  private func walk(_ visit: (String, [String]) -> Void) throws -> [Unlisted] {
    var seen = 0
    var unlisted: [Unlisted] = []
    func walk(_ folder: String, depth: Int) throws {
      try Work.current.check()
      let here = folder.isEmpty ? "." : folder
      guard seen < Self.mostEntries else { return }
      let content: [String]
      do {
        content = try FileManager.default.contentsOfDirectory(atPath: here)
          .filter { !$0.hasPrefix(".") }.sorted()
      } catch {
        unlisted.append(Unlisted(here, "the folder cannot be read: \(error)"))
        return
      }
      seen += content.count
      guard seen <= Self.mostEntries else {
        unlisted.append(
          Unlisted(
            here,
            "from here on nothing is looked at: there are more than "
              + "\(Self.mostEntries) files and folders"))
        return
      }
      visit(folder, content)
      for name in content {
        let path = folder.isEmpty ? name : folder + "/" + name
        var status = stat()
        guard lstat(path, &status) == 0 else { continue }
        switch status.st_mode & S_IFMT {
        case S_IFDIR where depth < Self.largestDepth:
          try walk(path, depth: depth + 1)
        case S_IFDIR:
          unlisted.append(
            Unlisted(path, "lies more than \(Self.largestDepth) folders deep"))
        case S_IFLNK
        where stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR:
          unlisted.append(Unlisted(path, "is a symbolic link to a folder"))
        default: break
        }
      }
    }
    try walk("", depth: 0)
    return unlisted
  }

  /// The files with an extension.
  func files(_ ending: String) throws -> [Entry] {
    var result: [Entry] = []
    try walk { folder, names in
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
        let content: [String]
        do {
          content = try FileManager.default.contentsOfDirectory(atPath: path)
        } catch {
          throw ServiceError.wrong("\(path): cannot be read: \(error)")
        }
        seen += content.count
        for name in content where !name.hasPrefix(".") {
          try check(path + "/" + name, depth: depth + 1)
        }
      default: break
      }
    }
    try check(path, depth: 0)
  }

  /// The text of a file that is small; nil where there is none.
  ///
  /// - Throws: ``ServiceError`` for one that cannot be read.
  func text(_ path: String) throws -> String? {
    guard let entry = entry(path) else { return nil }
    guard entry.bytes <= 1 << 20 else {
      throw ServiceError.wrong("\(path): has more than 1 MiB")
    }
    guard let data = FileManager.default.contents(atPath: path),
      let text = String(data: data, encoding: .utf8)
    else { throw ServiceError.wrong("\(path): cannot be read as a text") }
    return text
  }

  /// The folders of training runs.
  func runs() throws -> [RunFolder] {
    var result: [RunFolder] = []
    try walk { folder, names in
      if Self.isRun(names) {
        result.append(RunFolder(folder.isEmpty ? "." : folder))
      }
    }
    return result
  }

  private static func isRun(_ names: [String]) -> Bool {
    names.contains("recipe.yaml")
      && (names.contains("metrics.csv") || names.contains("state.safetensors"))
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
  func equations() throws
    -> [(path: String, name: String?, problem: String?)]
  {
    try files("yaml").compactMap { entry in
      switch try listing(entry) {
      case .equation(let name): (entry.path, name, nil)
      case .damaged(let problem): (entry.path, nil, problem)
      case .other: nil
      }
    }
  }

  private enum EquationListing: Sendable {
    case equation(String)
    case damaged(String)
    case other(String)
  }

  private func listing(_ entry: Entry) throws -> EquationListing {
    try Work.current.check()
    return cached(entry, as: "listed") { path in
      do {
        return .equation(try Equation.load(path).name)
      } catch {
        let data = FileManager.default.contents(atPath: path) ?? Data()
        let lines = String(decoding: data.prefix(1 << 20), as: UTF8.self)
          .split(separator: "\n")
        let isMeant = ["coefficients:", "boundary:"].allSatisfy { key in
          lines.contains { $0.hasPrefix(key) }
        }
        return isMeant ? .damaged("\(error)") : .other("\(error)")
      }
    }
  }

  // MARK: Tensors

  /// What a safetensors file is; one that is damaged is not told from any other's.
  private enum TensorListing: Sendable {
    case known(FileFormat)
    case other(String)
  }

  private func tensorListing(_ entry: Entry) throws -> TensorListing {
    try Work.current.check()
    return cached(entry, as: "format") { path in
      do {
        let file = try SafetensorsFile(path: path)
        return FileFormat(of: file).map(TensorListing.known)
          ?? .other("is a safetensors file of another maker")
      } catch {
        return .other("\(error)")
      }
    }
  }

  /// The safetensors files of some kinds.
  func tensors(_ formats: FileFormat...) throws -> [Entry] {
    try files("safetensors").filter {
      if case .known(let format) = try tensorListing($0) {
        formats.contains(format)
      } else {
        false
      }
    }
  }

  // MARK: What is not listed

  /// So many files are named.
  private static let mostUnlisted = 200

  /// The files that no list has, and why, and where lists end.
  func unlisted() throws -> [Unlisted] {
    var found: [Unlisted] = []
    var own: [Unlisted] = []
    var failure: (any Error)?
    let passed = try walk { folder, names in
      do {
        for name in names where failure == nil {
          let path = folder.isEmpty ? name : folder + "/" + name
          if let reason = try reason(path, name, beside: names) {
            own.append(Unlisted(path, reason))
          }
        }
      } catch {
        failure = error
      }
    }
    if let failure { throw failure }
    found = passed + own
    guard found.count > Self.mostUnlisted else { return found }
    let rest = found.count - Self.mostUnlisted
    return found.prefix(Self.mostUnlisted) + [
      Unlisted(".", "\(rest) more are not listed")
    ]
  }

  /// Why a file is in no list; nil of one that is, and of what makes up a run.
  private func reason(_ path: String, _ name: String, beside names: [String])
    throws -> String?
  {
    let isRun = Self.isRun(names)
    guard name.hasSuffix(".yaml") || name.hasSuffix(".safetensors"),
      !isRun || !["recipe.yaml", "state.safetensors"].contains(name)
    else { return nil }
    guard let entry = entry(path) else {
      var status = stat()
      guard stat(path, &status) == 0 else {
        return "is a link to what is not there"
      }
      return status.st_mode & S_IFMT == S_IFDIR
        ? nil : "leads out of the workspace, or is no file"
    }
    if name == "recipe.yaml" {
      return "is the recipe of a run that has neither metrics nor a state yet"
    }
    if name.hasSuffix(".yaml") {
      guard case .other(let error) = try listing(entry) else { return nil }
      return "is no equation: \(Unlisted(path, error).reason)"
    }
    return switch try tensorListing(entry) {
    case .known(.dataset), .known(.systems), .known(.checkpoint): nil
    case .known(let format): "is \(format.noun), of which there is no list"
    case .other(let reason): reason
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
    let outcome = try CompanionProcess.run(arguments, in: self)
    guard outcome.isGood else { throw ServiceError.wrong(outcome.lastMessage) }
  }
}
