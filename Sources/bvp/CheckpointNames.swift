import Foundation
import Tables

/// Names of checkpoints for tables: of the file, of the run's folder where the
/// file is its model.safetensors, or the whole path where that is not enough to
/// tell them apart.
///
/// - Throws: `CommandFailure` for one that is given twice: its rows could not be
///   told apart.
func checkpointNames(_ paths: [String], besides taken: [String] = []) throws
  -> [String]
{
  let files = paths.map {
    URL(fileURLWithPath: $0).resolvingSymlinksInPath().standardizedFileURL.path
  }
  for (path, file) in zip(paths, files)
  where files.count(where: { $0 == file }) > 1 {
    throw CommandFailure("\(path): is given more than once")
  }
  return shortNames(of: paths, unless: "model", besides: taken)
}
