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
    parsing: .unconditional,
    help: """
      The fresh samples' seed. (default: \(Self.evaluationSeed); to calibrate \
      \(Self.calibrationSeed), so that evaluate has others)
      """)
  var seed: UInt64?

  /// The fresh samples that a network is measured on, and those that its band is
  /// made of, which no measurement may use.
  static let evaluationSeed: UInt64 = 201
  static let calibrationSeed: UInt64 = 301

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
  ///   - freshSeed: of fresh samples, unless one is given.
  ///   - threads: threads to compare them with.
  /// - Returns: them and how many there are.
  /// - Throws: `CommandFailure` and what reading throws.
  func source(
    for checkpoint: Checkpoint, _ path: String, freshSeed: UInt64, threads: Int
  ) throws -> (systems: any SystemSource, count: Int) {
    try requireSystems(checkpoint, path)
    let source = try systems(checkpoint, path, freshSeed)
    try checkpoint.refuseTrainedSamples(
      of: SystemExamples(source), name: path, threads: threads)
    guard let count = source.count, count > 0 else {
      throw CommandFailure("\(data ?? source.identity): has no samples")
    }
    return (source, count)
  }

  private func systems(
    _ checkpoint: Checkpoint, _ path: String, _ freshSeed: UInt64
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
      equation, nodes: checkpoint.configuration.n, seed: seed ?? freshSeed,
      count: samples ?? 5000)
  }
}
