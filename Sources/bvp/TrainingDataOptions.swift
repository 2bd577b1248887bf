import ArgumentParser
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

  func apply(to settings: inout Recipe.DataSettings) {
    settings.file = data
    settings.online = online
  }
}
