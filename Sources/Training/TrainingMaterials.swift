import Foundation
import Networks
import TensorFiles

/// What a run is made of besides its recipe, as its state remembers it: a run
/// goes on with the same data, wherever they lie by then.
struct TrainingMaterials: Equatable {
  /// What the examples say they are, and the digests of their files.
  var data = ""
  var dataDigest = ""
  var testData = ""
  var testDataDigest = ""
  /// The digest of the checkpoint that the run began from; empty if there is
  /// none.
  var fromDigest = ""
  /// The samples that it had learned from, as a note.
  var trainedBefore = ""
  /// The folder that relative paths in the recipe begin at.
  var workingFolder = FileManager.default.currentDirectoryPath

  /// Takes what a run begins with.
  ///
  /// - Parameters:
  ///   - sources: its examples.
  ///   - start: the checkpoint that it begins from, and where that is.
  /// - Throws: what reading the checkpoint throws.
  init(
    _ sources: TrainingSources,
    from start: (path: String, checkpoint: Checkpoint)? = nil
  ) throws {
    data = sources.training.identity
    dataDigest = sources.training.digest
    testData = sources.test.identity
    testDataDigest = sources.test.digest
    guard let start else { return }
    fromDigest = try SafetensorsFile(path: start.path).digest()
    trainedBefore = try Checkpoint.note(start.checkpoint.trainedSamples)
  }

  private static var keys:
    [(name: String, value: WritableKeyPath<TrainingMaterials, String>)]
  {
    [
      ("data", \.data), ("data_digest", \.dataDigest),
      ("test_data", \.testData), ("test_data_digest", \.testDataDigest),
      ("from_digest", \.fromDigest), ("trained_before", \.trainedBefore),
      ("working_folder", \.workingFolder),
    ]
  }

  var metadata: [String: String] {
    Dictionary(
      uniqueKeysWithValues: Self.keys.map { ($0.name, self[keyPath: $0.value]) }
    )
  }

  /// Reads what a state knows; the first ones knew nothing.
  init(_ metadata: Metadata) {
    workingFolder = ""
    for (name, value) in Self.keys {
      self[keyPath: value] = metadata.values[name] ?? ""
    }
  }

  /// Throws what is not what it was.
  ///
  /// - Parameters:
  ///   - other: what there is now.
  ///   - path: the state, for the error.
  /// - Throws: ``TrainingError/state(path:reason:)``.
  func check(_ other: TrainingMaterials, path: String) throws {
    for (noun, mine, theirs, isFile) in [
      ("training", data, other.data, dataDigest == other.dataDigest),
      (
        "test", testData, other.testData, testDataDigest == other.testDataDigest
      ),
    ] where !mine.isEmpty && (mine != theirs || !isFile) {
      let found =
        mine == theirs ? "in another file, which says the same" : theirs
      throw TrainingError.state(
        path: path,
        reason: "the run's \(noun) data were \(mine); these are \(found)")
    }
  }
}
