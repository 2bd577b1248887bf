import Networks
import TensorFiles
import TestSupport
import Testing

/// What a file says is not believed where it cannot be.
@Suite(.serialized)
struct RefusedFileTests {
  /// The complaint about a checkpoint with other metadata, without its path.
  private func complaint(
    _ change: [String: String?], of name: String = "bidirectional"
  ) throws -> String {
    let folder = try TemporaryFolder()
    let path = folder.path("checkpoint")
    let golden = try GoldenNetwork(name)
    let encoding = Encoding.system(
      SystemEncoding(kind: .raw, matrixGain: 2, vectorGain: 3))
    let checkpoint = Checkpoint(
      try golden.network(engine: ComputeEngine(threads: 1)), encoding: encoding)
    try checkpoint.write(to: path)
    try rewrite(
      path,
      metadata: { metadata in
        for (key, value) in change { metadata[key] = value }
      })
    return message { _ = try Checkpoint(path: path) }
      .replacing(path + ": ", with: "")
  }

  @Test(arguments: ["matrix_gain", "vector_gain", "target_gain"])
  func gainsArePositiveNumbers(_ key: String) throws {
    for value in ["-1.0", "0.0", "-0.0", "5e-324", "1e-310"] {
      #expect(
        try complaint([key: value])
          == "'\(key)' is \(value), must be a positive number")
    }
    for value in ["nan", "inf", "1e400", "two", ""] {
      #expect(
        try complaint([key: value])
          == "'\(key)' is '\(value)', expected a number")
    }
    #expect(try complaint([key: "1.0"]) == "no error")
  }

  @Test func whetherItIsCausalIsTrueOrFalse() throws {
    for value in ["yes", "True", "1", ""] {
      #expect(
        try complaint(["causal": value])
          == "'causal' is '\(value)', expected true or false")
    }
    // The first checkpoints did not say it.
    for value in ["true", "false", nil] {
      #expect(try complaint(["causal": value]) == "no error")
    }
    #expect(try complaint([:], of: "gru") == "no error")
  }

  @Test func solutionsAreNumbers() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("prediction")
    let writer = try SafetensorsWriter(
      path: path, tensors: [("x", .F64, [2]), ("solutions", .F32, [3, 2])],
      metadata: ["format": "bvp-prediction/1"])
    try writer.write("x", doubles: [1, 0])
    try writer.write("solutions", floats: [1, 2, 3, .nan, 5, -.infinity])
    try writer.finish()
    let file = try PredictionFile(path: path)
    #expect(try file.solution(0) == [1, 2])
    for sample in [1, 2] {
      #expect(
        message { _ = try file.solution(sample) }
          == "\(path): sample \(sample): 'solutions' is not finite")
    }
  }
}
