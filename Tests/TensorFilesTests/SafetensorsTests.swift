import Foundation
import TensorFiles
import TestSupport
import Testing

struct SafetensorsTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func example() throws -> String {
    let path = folder.path("example.safetensors")
    let writer = try SafetensorsWriter(
      path: path,
      tensors: [("a", .F64, [2, 3]), ("b", .F32, [4]), ("c", .BF16, [2])],
      metadata: ["format": "test/1", "text": "tab\t\"quotes\" \\ é\n\u{1}"])
    try writer.write("a", doubles: [1, -2.5, .pi])
    try writer.write("a", at: 3, doubles: [1e-300, -0.0, 1e300])
    try writer.write("b", floats: [1, 2, 3.25, .greatestFiniteMagnitude])
    try writer.write("c", floats: [1.5, -0.333])
    try writer.finish()
    return path
  }

  @Test func whatIsWrittenIsRead() throws {
    let file = try SafetensorsFile(path: try example())
    #expect(file.tensors.map(\.name) == ["a", "b", "c"])
    #expect(file["a"]?.shape == [2, 3])
    #expect(file.metadata["text"] == "tab\t\"quotes\" \\ é\n\u{1}")
    #expect(try file.doubles("a") == [1, -2.5, .pi, 1e-300, -0.0, 1e300])
    #expect(try file.doubles("a", 2..<4) == [.pi, 1e-300])
    #expect(
      try file.floats("b") == [1, 2, 3.25, .greatestFiniteMagnitude])
    // -0.333 is nearest to −170/512 among numbers of eight significant bits.
    #expect(try file.floats("c") == [1.5, -0.33203125])
    #expect(try file.doubles("b", 0..<0).isEmpty)
  }

  @Test func theBytesAreThoseOfTheFormat() throws {
    let path = folder.path("golden.safetensors")
    let writer = try SafetensorsWriter(
      path: path, tensors: [("x", .F32, [2])], metadata: ["k": "v"])
    try writer.write("x", floats: [1, -2])
    try writer.finish()
    let header =
      #"{"__metadata__":{"k":"v"},"x":{"dtype":"F32","shape":[2],"#
      + #""data_offsets":[0,8]}}"#
    let padded = header + String(repeating: " ", count: 120 - header.count)
    var expected: [UInt8] = [120, 0, 0, 0, 0, 0, 0, 0]
    expected += Array(padded.utf8)
    expected += [0, 0, 0x80, 0x3f, 0, 0, 0, 0xc0]
    #expect(
      [UInt8](try Data(contentsOf: URL(fileURLWithPath: path))) == expected)
  }

  @Test func halfPrecisionRoundsToNearestEven() {
    // Halfway cases around 1, whose neighbours are 1 ± 2⁻⁷ and 1 − 2⁻⁸.
    #expect(BFloat16.float(BFloat16.bits(1 + 0x1p-8)) == 1)
    #expect(BFloat16.float(BFloat16.bits(1 + 0x3p-8)) == 1 + 0x1p-6)
    #expect(BFloat16.float(BFloat16.bits(1 + 0x1.01p-8)) == 1 + 0x1p-7)
    #expect(BFloat16.float(BFloat16.bits(.infinity)) == .infinity)
    #expect(
      BFloat16.float(BFloat16.bits(.greatestFiniteMagnitude)) == .infinity)
    #expect(BFloat16.float(BFloat16.bits(.nan)).isNaN)
    let lowNaN = Float(bitPattern: 0x7f80_0001)
    #expect(BFloat16.float(BFloat16.bits(lowNaN)).isNaN)
  }

  @Test func aWriterThatIsDroppedLeavesTheOldFile() throws {
    let path = try example()
    let before = try Data(contentsOf: URL(fileURLWithPath: path))
    do {
      let writer = try SafetensorsWriter(
        path: path, tensors: [("a", .F64, [1])])
      try writer.write("a", doubles: [7])
    }
    #expect(try Data(contentsOf: URL(fileURLWithPath: path)) == before)
    #expect(try folder.content == ["example.safetensors"])
  }

  @Test func aWriterRefusesWhatWasNotAnnounced() throws {
    let writer = try SafetensorsWriter(
      path: folder.path("x"), tensors: [("a", .F64, [2])])
    #expect(throws: SafetensorsError.self) {
      try writer.write("b", doubles: [1])
    }
    #expect(throws: SafetensorsError.self) {
      try writer.write("a", floats: [1])
    }
    #expect(throws: SafetensorsError.self) {
      try writer.write("a", at: 1, doubles: [1, 2])
    }
    #expect(throws: SafetensorsError.self) {
      _ = try SafetensorsWriter(
        path: folder.path("missing/x"), tensors: [("a", .F64, [2])])
    }
  }

  @Test func anEmptyTensorIsNoProblem() throws {
    let path = folder.path("empty.safetensors")
    let writer = try SafetensorsWriter(
      path: path, tensors: [("none", .F64, [3, 0]), ("one", .F64, [])])
    try writer.write("one", doubles: [5])
    try writer.finish()
    let file = try SafetensorsFile(path: path)
    #expect(try file.doubles("none").isEmpty)
    #expect(try file.doubles("one") == [5])
  }
}
