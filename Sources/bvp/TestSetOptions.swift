import ArgumentParser
import Systems
import Training

/// What a network is tested on while it is trained.
struct TestSetOptions: ParsableArguments {
  @Option(help: "Samples of the test set.")
  var testSamples: Int?

  @Option(
    help: "Dataset to test on. (default: made from the equation)",
    completion: .file(extensions: ["safetensors"]))
  var testData: String?

  @Option(help: "Seed of the test samples.")
  var testSeed: UInt64?

  func validate() throws {
    try validatePositive(testSamples, "--test-samples")
    if testData != nil, testSeed != nil {
      throw ValidationError("--test-data and --test-seed exclude each other")
    }
  }

  /// Sets what a network is tested on: all of a file's samples unless the
  /// command says how many.
  ///
  /// - Parameters:
  ///   - settings: receive it.
  ///   - isNew: whether the run begins; one that goes on has its samples.
  ///   - count: how many samples are in a file.
  /// - Throws: `CommandFailure` if the file has fewer than were asked for, and
  ///   what reading it throws.
  func apply(
    to settings: inout Recipe.TestSettings, isNew: Bool,
    count: (String) throws -> Int = { try SystemFile(path: $0).count }
  ) throws {
    settings.samples = testSamples ?? settings.samples
    settings.seed = testSeed ?? settings.seed
    settings.file = testData ?? settings.file
    guard let testData, isNew else { return }
    let available = try count(testData)
    try requireSamples(available, in: testData)
    try requireCount(
      testSamples, "--test-samples", of: available, in: testData)
    settings.samples = testSamples ?? available
  }
}
