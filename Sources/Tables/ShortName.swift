import Foundation

/// The name of a file for tables: without its folder and extension, or that of
/// its folder where every folder has a file of that name.
///
/// - Parameters:
///   - path: the file.
///   - common: the name that says nothing.
/// - Returns: the name.
public func shortName(of path: String, unless common: String) -> String {
  let url = URL(fileURLWithPath: path)
  // Folders have dots in their names too.
  let isFile = ["csv", "safetensors", "yaml"].contains(url.pathExtension)
  let name = (isFile ? url.deletingPathExtension() : url).lastPathComponent
  return name == common
    ? url.deletingLastPathComponent().lastPathComponent : name
}

/// The shortest names of files that tell them apart: their own, with as many of the
/// folders that they are in as it takes.
///
/// - Parameters:
///   - paths: the files, no two of which are one.
///   - common: the name that says nothing.
///   - taken: names that others have.
/// - Returns: the names, in order.
public func shortNames(
  of paths: [String], unless common: String, besides taken: [String] = []
) -> [String] {
  let own = paths.map { shortName(of: $0, unless: common) }
  let folders = paths.map { foldersAbove($0, unless: common) }
  var names = own
  var counts = own.map { _ in 0 }
  while true {
    let shared = names.indices.filter { index in
      taken.contains(names[index])
        || names.count(where: { $0 == names[index] }) > 1
    }
    let longer = shared.filter { counts[$0] < folders[$0].count }
    guard !longer.isEmpty else {
      // Such as two that differ in what comes after the dot.
      for index in shared { names[index] = paths[index] }
      return names
    }
    for index in longer {
      counts[index] += 1
      names[index] =
        (folders[index].suffix(counts[index]) + [own[index]])
        .joined(separator: "/")
    }
  }
}

/// The folders above what the short name of a file names, from the outermost.
private func foldersAbove(_ path: String, unless common: String) -> [String] {
  var url = URL(fileURLWithPath: path).standardizedFileURL
  if shortName(of: path, unless: "") == common { url.deleteLastPathComponent() }
  return url.pathComponents.dropLast().filter { $0 != "/" }
}

extension Sequence {
  /// Names of parts of something where an item names itself, those that it has
  /// twice told apart by their numbers: "model" and "model (2)".
  ///
  /// - Parameters:
  ///   - name: what an item calls itself.
  ///   - key: what there is once of each name.
  /// - Returns: the names, in order.
  public func distinctNames<Key: Hashable>(
    _ name: (Element) -> String, once key: (Element) -> Key
  ) -> [String] {
    var counts: [[AnyHashable]: Int] = [:]
    return map { item in
      let place: [AnyHashable] = [name(item), key(item)]
      counts[place, default: 0] += 1
      let count = counts[place] ?? 1
      return count > 1 ? "\(name(item)) (\(count))" : name(item)
    }
  }
}
