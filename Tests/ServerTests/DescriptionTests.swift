import Foundation
import TestSupport
import Testing

@testable import Server

/// The description of the API against what is answered.
struct DescriptionTests {
  private func description() throws -> [String: Any] {
    let file = try #require(Page.file("openapi.json"))
    return try #require(
      try JSONSerialization.jsonObject(with: file.data) as? [String: Any])
  }

  @Test("Every operation is described, and none else")
  func operations() throws {
    let folder = try ServedFolder(".")
    let routes = Routes(folder, JobCenter(folder), version: "0")
    let answered = Set(routes.operations.map { "\($0.method) \($0.path)" })
    let paths = try #require(try description()["paths"] as? [String: Any])
    var described: Set<String> = []
    for (path, operations) in paths {
      for method in try #require(operations as? [String: Any]).keys {
        described.insert("\(method.uppercased()) \(path)")
      }
    }
    described.remove("GET /api/openapi.json")
    #expect(answered == described)
    #expect(answered.count == routes.operations.count)
  }

  @Test("What is embedded is what the files say")
  func embedded() throws {
    let folder = Repository.path("Sources/Server/Page")
    let names = try FileManager.default.contentsOfDirectory(atPath: folder)
    #expect(Set(names) == Set(Page.files.keys))
    for name in names {
      let text = try Repository.text("Sources/Server/Page/" + name)
      #expect(Page.files[name] == text, "scripts/embed-page")
    }
  }

  @Test("The page has its files, and asks for nothing from elsewhere")
  func page() throws {
    let html = try #require(Page.file("index.html"))
    let text = String(decoding: html.data, as: UTF8.self)
    for match in text.matches(of: /(?:src|href)="([^"#]+)"/) {
      let name = String(match.1)
      #expect(Page.file(name) != nil, "\(name)")
    }
    for name in Page.files.keys where name.hasSuffix(".js") {
      let script = String(
        decoding: try #require(Page.file(name)).data, as: UTF8.self)
      for match in script.matches(of: /from "\.\/([^"]+)"/) {
        #expect(Page.file(String(match.1)) != nil, "\(name): \(match.1)")
      }
      for word in ["innerHTML", "eval(", "http://", "https://"] {
        let isNamespace = script.replacing(
          "http://www.w3.org/2000/svg", with: "")
        #expect(!isNamespace.contains(word), "\(name): \(word)")
      }
    }
    #expect(Page.file("../index.html") == nil)
  }
}
