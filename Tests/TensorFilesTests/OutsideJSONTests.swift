import Foundation
import TestSupport
import Testing

@testable import TensorFiles

/// The depth of JSON that others have written.
struct OutsideJSONTests {
  private func nested(_ depth: Int, _ open: String, _ close: String) -> Data {
    Data(
      (String(repeating: open, count: depth) + "0"
        + String(repeating: close, count: depth)).utf8)
  }

  @Test("Depth is bounded, of arrays, objects and both")
  func depth() throws {
    let most = OutsideJSON.deepest
    for (open, close, size) in [
      ("[", "]", 1), ("{\"a\":", "}", 1), ("[{\"[\":", "}]", 2),
    ] {
      _ = try OutsideJSON.object(nested(most / size, open, close))
      for depth in [most / size + 1, 480, 100_000] {
        #expect(throws: OutsideJSON.Failure.tooDeep) {
          _ = try OutsideJSON.object(nested(depth, open, close))
        }
      }
    }
    // What never closes is as deep.
    #expect(throws: OutsideJSON.Failure.tooDeep) {
      try OutsideJSON.check(Data(String(repeating: "[", count: 999).utf8))
    }
  }

  @Test("Brackets in texts are text, whatever is escaped before them")
  func texts() throws {
    let brackets = String(repeating: "[{", count: 100)
    for text in [
      brackets, "\\\"" + brackets, "\\\\\\\"" + brackets, brackets + "\\\\",
      "\\u005b" + brackets,
    ] {
      let json = Data("{\"a\": [\"\(text)\"]}".utf8)
      let found = try OutsideJSON.decode([String: [String]].self, from: json)
      #expect(found["a"]?.first?.contains(brackets) == true)
    }
    // Here the text has ended before they begin.
    for text in ["\\\\\"", "\""] {
      #expect(throws: OutsideJSON.Failure.tooDeep) {
        try OutsideJSON.check(Data("[\"\(text),\(brackets)".utf8))
      }
    }
  }

  @Test("Other encodings, whose brackets are other bytes, are refused")
  func encodings() throws {
    // U+225B has a quote's byte in it.
    let text = "[\"\u{225b}\", " + String(repeating: "[", count: 100)
    for encoding in [
      String.Encoding.utf16LittleEndian, .utf16BigEndian,
      .utf32LittleEndian, .utf16,
    ] {
      let data = try #require(text.data(using: encoding))
      #expect(throws: OutsideJSON.Failure.encoding) {
        try OutsideJSON.check(data)
      }
    }
    #expect(try OutsideJSON.decode([Int].self, from: Data("[1]".utf8)) == [1])
  }

  @Test("A header that is nested too deep is named")
  func header() throws {
    let folder = try TemporaryFolder()
    let path = folder.path("deep.safetensors")
    let json = nested(480, "{\"a\":", "}")
    var length = UInt64(json.count).littleEndian
    try (withUnsafeBytes(of: &length) { Data($0) } + json).write(
      to: URL(fileURLWithPath: path))
    let error = refusal(SafetensorsError.self) {
      _ = try SafetensorsFile(path: path)
    }
    #expect(error?.description.contains("nested more than 32 deep") == true)
    #expect(error?.description.contains(path) == true)
  }

  @Test("Nothing else of the sources reads JSON")
  func home() throws {
    let files = try #require(
      FileManager.default.enumerator(atPath: Repository.path("Sources")))
    var readers: [String] = []
    for case let file as String in files where file.hasSuffix(".swift") {
      let text = try Repository.text("Sources/" + file)
      if text.contains("JSONDecoder()")
        || text.contains("JSONSerialization.jsonObject")
      {
        readers.append(file)
      }
    }
    #expect(readers == ["TensorFiles/OutsideJSON.swift"])
  }

  @Test func aKeyThatIsNoTextIsRefused() {
    let json = Data([0x7b, 0x22, 0xc9, 0xd4, 0x22, 0x3a, 0x31, 0x7d])
    #expect(throws: OutsideJSON.Failure.encoding) {
      try OutsideJSON.decode([String: Int].self, from: json)
    }
  }
}
