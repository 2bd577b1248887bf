import ArgumentParser
import Systems
import Training

/// Where the systems to train on come from.
struct TrainingDataOptions: ParsableArguments {
  @Option(
    help: "Dataset to train on. (default: made from the equation)",
    completion: .file(extensions: ["safetensors"]))
  var data: String?

  @Flag(help: "Fresh samples at every step.")
  var online = false

  @Option(
    help: ArgumentHelp(
      "Right-hand sides of each sample that greens learns from. (default: 8)",
      valueName: "count"))
  var rhs: Int?

  @Option(
    help: ArgumentHelp(
      "The share of them that are A z with random z. (default: 0.25)",
      valueName: "share"))
  var rhsRandom: Double?

  func validate() throws {
    if let rhs, !(1...1024).contains(rhs) {
      throw ValidationError("--rhs must lie between 1 and 1024, not \(rhs)")
    }
    if let rhsRandom, !(0...1).contains(rhsRandom) {
      throw ValidationError("--rhs-random must lie in [0, 1], not \(rhsRandom)")
    }
    if rhs == 1, let rhsRandom, rhsRandom > 0 {
      throw ValidationError(
        "--rhs-random means nothing with --rhs 1, which is the sample's own")
    }
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
    recipe.data.rhs = rhs ?? recipe.data.rhs
    recipe.data.rhsRandom = rhsRandom ?? recipe.data.rhsRandom
    guard let data, isNew else { return }
    let file = try SystemFile(path: data)
    try requireSamples(file.count, in: data)
    try requireCount(samples, "--samples", of: file.count, in: data)
    recipe.data.samples = samples ?? file.count
    recipe.network.nodes = file.n
  }
}
