import ArgumentParser
import Equations
import Networks
import Systems
import Training

/// Systems to measure a network on: a dataset, or fresh samples of an equation.
struct TestSystemsOptions: ParsableArguments {
  @Option(
    help: "The dataset. (default: fresh samples)",
    completion: .file(extensions: ["safetensors"]))
  var data: String?

  @Option(
    help: ArgumentHelp(
      "The equation, file or name, of the fresh samples. "
        + "(default: the checkpoint's)"), completion: .equation)
  var equation: String?

  @Option(
    parsing: .unconditional, help: "The fresh samples' seed. (default: 201)")
  var seed: UInt64?

  @Option(
    parsing: .unconditional,
    help: "Use the first samples only. (default: all; 5000 fresh ones)")
  var samples: Int?

  func validate() throws {
    try validatePositive(samples, "--samples")
    if data != nil, seed != nil || equation != nil {
      throw ValidationError("--data goes with neither --equation nor --seed")
    }
  }

  /// The systems, none of which the network has learned from.
  ///
  /// - Parameters:
  ///   - checkpoint: the network.
  ///   - path: its file.
  /// - Returns: them and how many there are.
  /// - Throws: `CommandFailure` and what reading throws.
  func source(
    for checkpoint: Checkpoint, _ path: String
  ) throws -> (systems: any SystemSource, count: Int) {
    try requireSystems(checkpoint, path)
    let source = try systems(checkpoint, path)
    try checkpoint.refuseTrainedSamples(
      source.origin, name: path, identity: source.identity)
    guard let count = source.count, count > 0 else {
      throw CommandFailure("\(data ?? source.identity): has no samples")
    }
    return (source, count)
  }

  private func systems(
    _ checkpoint: Checkpoint, _ path: String
  ) throws -> any SystemSource {
    if let data {
      let file = try SystemFile(path: data)
      try requireCount(samples, "--samples", of: file.count, in: data)
      return try file.source(limit: samples)
    }
    let trained = try checkpoint.notes["recipe"].map {
      try Recipe(note: $0, path: path)
    }
    let equation: Equation
    if let name = self.equation {
      equation = try Equation.load(name)
    } else if let source = trained?.data.equation {
      equation = try Equation(yaml: source, path: path)
    } else {
      throw CommandFailure(
        "\(path): does not say what it was trained on; give --data or "
          + "--equation")
    }
    return try EquationSource(
      equation, nodes: checkpoint.configuration.n, seed: seed ?? 201,
      count: samples ?? 5000)
  }
}
