import Foundation

/// Names of checkpoints for tables: of the file, of the run's folder where the
/// file is its model.safetensors, or the whole path where that is not enough to
/// tell them apart.
func checkpointNames(_ paths: [String], besides taken: [String] = [])
  -> [String]
{
  let short = paths.map { path in
    let url = URL(fileURLWithPath: path)
    let name = url.deletingPathExtension().lastPathComponent
    return name == "model"
      ? url.deletingLastPathComponent().lastPathComponent : name
  }
  return zip(paths, short).map { path, name in
    taken.contains(name) || short.count(where: { $0 == name }) > 1
      ? path : name
  }
}
