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
