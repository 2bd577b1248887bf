import ArgumentParser
import Training

extension Recipe.Preset: ExpressibleByArgument {}

/// Where hyper-parameters come from.
struct PresetOptions: ParsableArguments {
  @Option(help: "Where the defaults come from: compact, paper or smoke.")
  var preset: Recipe.Preset = .compact
}
