import ArgumentParser
import Foundation
import TensorFiles
import Training

/// Where a run is kept.
struct RunOptions: ParsableArguments {
  @Option(
    name: .shortAndLong, help: "The run's folder.", completion: .directory)
  var output: String

  @Flag(help: "Go on from where the run in the folder stopped.")
  var resume = false

  @Flag(name: .shortAndLong, help: "Begin anew in a folder that is in use.")
  var force = false

  func validate() throws {
    if resume, force {
      throw ValidationError("--resume and --force exclude each other")
    }
  }

  /// Whether a file is one that a run leaves which was killed before it had any
  /// state.
  private static func isLeftover(_ name: String) -> Bool {
    name == FolderLock.fileName || name == "metrics.csv.command"
      || name.hasSuffix(".tmp")
  }

  /// Refuses a folder that holds something, unless that is wanted.
  func check() throws {
    try requireOutputName(output)
    let manager = FileManager.default
    var isFolder: ObjCBool = false
    guard manager.fileExists(atPath: output, isDirectory: &isFolder) else {
      if resume {
        throw CommandFailure("\(output): there is no run to resume")
      }
      return
    }
    guard isFolder.boolValue else {
      throw CommandFailure("\(output): is a file, a run needs a folder")
    }
    let content: [String]
    do {
      content = try manager.contentsOfDirectory(atPath: output).filter {
        !Self.isLeftover($0)
      }
    } catch { throw CommandFailure("\(output): the folder cannot be read") }
    let folder = RunFolder(output)
    if force {
      for file in [folder.model, folder.state, folder.metrics, folder.recipe] {
        try refuseReplacedInput(file)
      }
    }
    if resume {
      guard folder.hasState else {
        throw CommandFailure(
          "\(folder.state): is not there to resume from; without --resume the "
            + "run begins")
      }
    } else if !content.isEmpty, !force {
      // The run may be under way, which is the better reason.
      _ = try FolderLock(output)
      throw CommandFailure(
        "\(output): is not empty; --resume goes on, --force begins anew")
    }
  }
}
