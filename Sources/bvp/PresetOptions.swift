import ArgumentParser
import Training

extension Recipe.Preset: ExpressibleByArgument {}

/// Where hyper-parameters come from.
struct PresetOptions: ParsableArguments {
  @Option(
    help: """
      Where the defaults come from: compact, paper or smoke. \
      (default: compact)
      """)
  var preset: Recipe.Preset?

  var chosen: Recipe.Preset { preset ?? .compact }
}
