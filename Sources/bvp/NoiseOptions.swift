import ArgumentParser
import Systems

extension Noise.Model: ExpressibleByArgument {}
extension Noise.Target: ExpressibleByArgument {}
extension Noise.Law: ExpressibleByArgument {}

/// The noise of an experiment.
struct NoiseOptions: ParsableArguments {
  @Option(help: "What noise is proportional to.")
  var noise = Noise.Model.standard

  @Option(help: "What is noisy.")
  var target = Noise.Target.A

  @Option(
    help: """
      The noise's distribution; of outliers, σ is the share of the entries that \
      are replaced.
      """)
  var law = Noise.Law.gaussian

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      "σ, one or many; 0 is clean. (default: 1e-6,1e-5,…,1e-1)",
      valueName: "levels"))
  var levels: CommaList<Double>?

  private static let defaultLevels = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]

  @Option(parsing: .unconditional, help: "The noise's seed.")
  var seed: UInt64 = 0

  func validate() throws {
    try levels?.check("--levels", "0 or between 1e-30 and 1e30") {
      $0 == 0 || Noise.levels.contains($0)
    }
    try levels?.checkDistinct("--levels")
    if law == .outliers {
      try levels?.check("--levels", "a share, 1 at most") { $0 <= 1 }
    }
  }

  /// One noise for each level.
  var noises: [Noise] {
    (levels?.values ?? Self.defaultLevels).map {
      Noise(model: noise, target: target, level: $0, seed: seed, law: law)
    }
  }
}

/// The noise that a network is trained with.
struct TrainingNoiseOptions: ParsableArguments {
  @Option(
    name: .customLong("train-noise"), parsing: .unconditional,

    help: ArgumentHelp(
      """
      Noise on the training systems, new each time: its largest σ; each \
      system's is log-uniform. Errors count by what is to be expected of the level.
      """, valueName: "sigma"))
  var level: Double?

  @Option(
    name: .customLong("train-noise-model"),
    help:
      "What that noise is proportional to. (default: \(Noise.Model.standard))"
  )
  var model: Noise.Model?

  @Option(
    name: .customLong("train-noise-target"),
    help: "What that noise is on. (default: A)")
  var target: Noise.Target?

  @Option(
    name: .customLong("train-noise-decades"), parsing: .unconditional,
    help: ArgumentHelp(
      "How many powers of ten the levels of that noise go down. (default: 5)",
      valueName: "decades"))
  var decades: Double?

  func validate() throws {
    guard level != nil || decades == nil else {
      throw ValidationError("--train-noise-decades needs --train-noise")
    }
    guard level != nil || (model == nil && target == nil) else {
      throw ValidationError(
        "--train-noise-\(model == nil ? "target" : "model") needs "
          + "--train-noise")
    }
  }

  /// The noise; what is not given is as it was.
  func applied(to noise: TrainingNoise?) -> TrainingNoise? {
    level.map {
      TrainingNoise(
        model: model ?? noise?.model ?? .standard,
        target: target ?? noise?.target ?? .A, level: $0,
        decades: decades
          ?? (noise == nil ? TrainingNoise.newDecades : noise?.decades),
        balanced: noise == nil ? true : noise?.balanced)
    } ?? noise
  }
}
