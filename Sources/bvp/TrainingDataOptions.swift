import ArgumentParser
import Systems
import Training

/// Where the systems to train on come from.
struct TrainingDataOptions: ParsableArguments {
  @Option(help: "Dataset to train on. (default: made from the equation)")
  var data: String?

  @Flag(help: "Fresh samples at every step.")
  var online = false

  func validate() throws {
    if online, data != nil {
      throw ValidationError("--online and --data exclude each other")
    }
  }

  /// Sets where the systems come from: all of a file's samples unless the
  /// command says how many, on the file's grid.
  ///
  /// - Parameters:
  ///   - recipe: receives it.
  ///   - samples: how many samples the command asks for.
  ///   - isNew: whether the run begins; one that goes on has its samples.
  /// - Throws: `CommandFailure` if the file has fewer, and what reading it
  ///   throws.
  func apply(to recipe: inout Recipe, samples: Int?, isNew: Bool) throws {
    if online { recipe.data.online = true }
    recipe.data.file = data ?? recipe.data.file
    guard let data, isNew else { return }
    let file = try DatasetReader(path: data)
    try requireSamples(file.count, in: data)
    try requireCount(samples, "--samples", of: file.count, in: data)
    recipe.data.samples = samples ?? file.count
    recipe.network.nodes = file.n
  }
}
