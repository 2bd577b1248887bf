import Foundation
import TensorFiles
import TestSupport
import Testing

struct DamagedFileTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func complaint(_ path: String) -> String {
    do {
      _ = try SafetensorsFile(path: path)
      return "none"
    } catch {
      return "\(error)"
    }
  }

  @Test func headersAreCheckedBeforeAnythingIsBelieved() throws {
    let x = #""dtype":"F32","shape":[2],"data_offsets""#
    let cases = [
      ("", "the header is not a JSON object"),
      ("[]", "the header is not a JSON object"),
      (#"{"x":3}"#, "tensor 'x' lacks a dtype, a shape or data_offsets"),
      (#"{"x":{\#(x):[0,4]}}"#, "tensor 'x' of shape [2] takes 8 bytes, not 4"),
      (#"{"x":{\#(x):[4,12]}}"#, "there is a gap or an overlap before"),
      (#"{"x":{\#(x):[8,0]}}"#, "tensor 'x' has its bytes end before"),
      (#"{"x":{\#(x):[0,8]}}"#, "the tensors take 8 bytes, the file has 12"),
      (
        #"{"x":{\#(x):[0,8]},"y":{\#(x):[4,12]}}"#,
        "there is a gap or an overlap before"
      ),
      (
        #"{"x":{"dtype":"F12","shape":[2],"data_offsets":[0,12]}}"#,
        "tensor 'x' has the unknown dtype 'F12'"
      ),
      (
        #"{"x":{"dtype":"F32","shape":[-1],"data_offsets":[0,12]}}"#,
        "tensor 'x' has a negative dimension"
      ),
      (
        #"{"x":{"dtype":"F32","shape":[1.5],"data_offsets":[0,12]}}"#,
        "tensor 'x' lacks a dtype, a shape or data_offsets"
      ),
      (
        #"{"x":{"dtype":"F32","shape":[4294967296,4294967296],"#
          + #""data_offsets":[0,12]}}"#, "tensor 'x' is larger than any memory"
      ),
      (#"{"__metadata__":{"a":1}}"#, "__metadata__ does not map names"),
    ]
    for (header, expected) in cases {
      let path = try folder.write(
        "case", header: header, body: Array(repeating: 0, count: 12))
      let message = complaint(path)
      #expect(message.contains(expected), "\(header) gave \(message)")
      #expect(message.hasPrefix(path))
      #expect(!message.contains("\n"))
    }
  }

  @Test func missingFilesFoldersAndStumpsAreNamed() throws {
    #expect(complaint(folder.path("no")).contains("No such file or directory"))
    #expect(complaint(folder.path).contains("not a regular file"))
    let stump = folder.path("stump")
    try Data([1, 2, 3]).write(to: URL(fileURLWithPath: stump))
    #expect(complaint(stump).contains("it has only 3 bytes"))
    try Data(repeating: 0xff, count: 64).write(to: URL(fileURLWithPath: stump))
    #expect(complaint(stump).contains("the header claims to be"))
  }

  @Test func everyTruncationAndNoMutationIsAcceptedOrTraps() throws {
    let path = folder.path("whole")
    let writer = try SafetensorsWriter(
      path: path, tensors: [("a", .F64, [3]), ("b", .F32, [2, 2])],
      metadata: ["format": "test/1"])
    try writer.write("a", doubles: [1, 2, 3])
    try writer.write("b", floats: [1, 2, 3, 4])
    try writer.finish()
    let whole = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    let mutant = folder.path("mutant")
    for length in 0..<whole.count {
      try Data(whole[0..<length]).write(to: URL(fileURLWithPath: mutant))
      #expect(complaint(mutant) != "none", "\(length) bytes were accepted")
    }
    // A damaged header either still means something or is refused; what it
    // means is consistent with the file.
    var state: UInt64 = 1
    var accepted = 0
    for _ in 0..<3000 {
      var bytes = whole
      for _ in 0..<2 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let place = Int((state >> 33) % UInt64(bytes.count))
        bytes[place] = UInt8(truncatingIfNeeded: state >> 25)
      }
      try Data(bytes).write(to: URL(fileURLWithPath: mutant))
      guard let file = try? SafetensorsFile(path: mutant) else { continue }
      accepted += 1
      for tensor in file.tensors where [.F64, .F32].contains(tensor.dtype) {
        #expect(try file.doubles(tensor.name).count == tensor.count)
      }
    }
    // Those whose padding, names or numbers alone have changed.
    #expect((50..<1500).contains(accepted), "\(accepted)")
  }

  @Test func readingAsksForWhatIsThere() throws {
    let path = try folder.write(
      "integers",
      header: #"{"i":{"dtype":"I32","shape":[2],"data_offsets":[0,8]}}"#,
      body: Array(repeating: 0, count: 8))
    let file = try SafetensorsFile(path: path)
    let wrong: [() throws -> Void] = [
      { _ = try file.doubles("i") }, { _ = try file.doubles("j") },
    ]
    for action in wrong {
      #expect(throws: SafetensorsError.self) { try action() }
    }
  }
}
