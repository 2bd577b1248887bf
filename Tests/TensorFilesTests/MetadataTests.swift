import Foundation
import TensorFiles
import TestSupport
import Testing

struct MetadataTests {
  private enum Fruit: String, CaseIterable { case apple, pear }

  private func metadata(_ values: [String: String]) throws -> Metadata {
    let folder = try TemporaryFolder()
    let path = folder.path("file")
    let writer = try SafetensorsWriter(
      path: path, tensors: [("x", .F64, [1])], metadata: values)
    try writer.write("x", doubles: [1])
    try writer.finish()
    return try Metadata(SafetensorsFile(path: path), format: .newton)
  }

  @Test func valuesHaveTheirTypes() throws {
    let metadata = try metadata([
      "format": "bvp-newton/1", "n": "60", "seed": "18446744073709551615",
      "tolerance": "1e-05", "fruit": "pear",
    ])
    #expect(try metadata.number("n", as: Int.self) == 60)
    #expect(try metadata.number("seed", as: UInt64.self) == .max)
    #expect(try metadata.number("tolerance", as: Double.self) == 1e-5)
    #expect(try metadata.choice("fruit", of: Fruit.self) == .pear)
    #expect(metadata.has("n") && !metadata.has("m"))
  }

  @Test func whatIsWrongIsNamed() throws {
    func complaint(
      _ change: [String: String], without key: String = "",
      _ read: (Metadata) throws -> Void
    ) -> String {
      var values = ["format": "bvp-newton/1", "n": "60", "fruit": "pear"]
      for (key, value) in change { values[key] = value }
      values[key] = nil
      let text = message { try read(metadata(values)) }
      return text.components(separatedBy: ": ").dropFirst()
        .joined(separator: ": ")
    }
    #expect(
      complaint([:], without: "format") { _ in }
        == "metadata have no 'format'; is this a dataset of Newton trajectories?"
    )
    #expect(
      complaint(["format": "bvp-dataset/1"]) { _ in }
        == "'format' is 'bvp-dataset/1', expected 'bvp-newton/1'")
    for bad in ["6.5", "1e3", "", "99999999999999999999"] {
      #expect(
        complaint(["n": bad]) { _ = try $0.number("n", as: Int.self) }
          == "'n' is '\(bad)', expected a whole number")
    }
    for bad in ["nan", "inf", "x"] {
      #expect(
        complaint(["n": bad]) { _ = try $0.number("n", as: Double.self) }
          == "'n' is '\(bad)', expected a number")
    }
    #expect(
      complaint(["fruit": "plum"]) {
        _ = try $0.choice("fruit", of: Fruit.self)
      }
        == "unknown fruit 'plum'; known are apple, pear")
  }

  /// What files say they are is a contract.
  @Test func theFormatsArePinned() {
    #expect(
      FileFormat.allCases.map(\.rawValue) == [
        "bvp-dataset/1", "bvp-checkpoint/1", "bvp-state/1", "bvp-prediction/1",
        "bvp-systems/1", "bvp-newton/1",
      ])
  }
}
