import ArgumentParser
import Training

/// What a network is tested on while it is trained.
struct TestSetOptions: ParsableArguments {
  @Option(help: "Samples of the test set.")
  var testSamples: Int?

  @Option(help: "Dataset to test on. (default: made from the equation)")
  var testData: String?

  @Option(help: "Seed of the test samples.")
  var testSeed: UInt64?

  func validate() throws {
    try validatePositive(testSamples, "--test-samples")
  }

  func apply(to settings: inout Recipe.TestSettings) {
    settings.samples = testSamples ?? settings.samples
    settings.file = testData
    settings.seed = testSeed ?? settings.seed
  }
}
