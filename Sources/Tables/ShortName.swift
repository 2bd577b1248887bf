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

/// The short names of files, or the whole path where that is not enough to tell
/// them apart.
///
/// - Parameters:
///   - paths: the files.
///   - common: the name that says nothing.
///   - taken: names that others have.
/// - Returns: the names, in order.
public func shortNames(
  of paths: [String], unless common: String, besides taken: [String] = []
) -> [String] {
  let short = paths.map { shortName(of: $0, unless: common) }
  return zip(paths, short).map { path, name in
    taken.contains(name) || short.count(where: { $0 == name }) > 1
      ? path : name
  }
}
