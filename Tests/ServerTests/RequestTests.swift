import Foundation
import TestSupport
import Testing

@testable import Server

/// What a request may say.
struct RequestTests {
  private func fields(_ json: String) throws -> RequestFields {
    try RequestFields(body: Data(json.utf8), query: [])
  }

  @Test("A field of another kind is named")
  func kinds() throws {
    let cases: [(String, (RequestFields) throws -> Void, String)] = [
      (#"{"a": 1}"#, { _ = try $0.text("a") }, "'a' must be a text"),
      (
        #"{"a": "1"}"#, { _ = try $0.number("a", in: 0...1) }, "'a' must be a n"
      ),
      (#"{"a": 1.5}"#, { _ = try $0.integer("a", in: 0...9) }, "an integer"),
      (#"{"a": 10}"#, { _ = try $0.integer("a", in: 0...9) }, "from 0 to 9"),
      (#"{"a": true}"#, { _ = try $0.integer("a", in: 0...9) }, "an integer"),
      (#"{"a": 1}"#, { _ = try $0.flag("a") }, "true or false"),
      (
        #"{"a": "csw"}"#, { _ = try $0.choice("a", of: AnswerFormat.self) },
        "'json' or 'csv'"
      ),
      (#"{"a": []}"#, { _ = try $0.textList("a", most: 2) }, "not empty"),
      (#"{"a": ["b", "b"]}"#, { _ = try $0.textList("a", most: 2) }, "twice"),
      (#"{"a": {"b": "1"}}"#, { _ = try $0.numbers("a", most: 2) }, "numbers"),
      (
        #"{"alhpa": 1}"#,
        {
          _ = try $0.text("alpha")
          try $0.finish()
        }, "did you mean 'alpha'"
      ),
    ]
    for (json, read, expected) in cases {
      let fields = try fields(json)
      let error = try #require(refusal(ServiceError.self) { try read(fields) })
      #expect(error.message.contains(expected), "\(json): \(error.message)")
      #expect(error.status == 400)
    }
  }

  @Test("A body must be an object of JSON")
  func bodies() throws {
    for json in ["", "[]", "1", "{", "{\"a\": NaN}", "\u{0}"] {
      let error = try #require(
        refusal(ServiceError.self) { _ = try fields(json) })
      #expect(error.status == 400, "\(json)")
    }
  }

  @Test("What is null is not given, and a name of a query is given once")
  func absent() throws {
    #expect(try fields(#"{"a": null}"#).text("a") == nil)
    let twice = RequestFields(query: [("a", "1"), ("a", "2")])
    let error = try #require(
      refusal(ServiceError.self) { _ = try twice.text("a") })
    #expect(error.message == "'a' is given 2 times")
    let all = RequestFields(query: [("a", "1"), ("a", "2")])
    #expect(try all.texts("a", most: 2) == ["1", "2"])
  }

  @Test(
    "A path leads nowhere else",
    arguments: [
      "", "/etc/passwd", "..", "../a", "a/../../b", "a//b", "a/", ".git/config",
      "a/.lock", "-rf", "a\u{0}b", "a\nb", String(repeating: "a", count: 2000),
    ])
  func paths(_ path: String) throws {
    let folder = try ServedFolder(".")
    let error = try #require(
      refusal(ServiceError.self) { _ = try folder.existing(path) })
    #expect(error.status == 404)
    #expect(!error.message.contains("\n"))
  }

  @Test("A name of something new is plain")
  func names() throws {
    let folder = try ServedFolder(".")
    for name in ["", ".a", "a/b", "..", "-a", "a b", "ä", "a\u{0}"] {
      let error = try #require(
        refusal(ServiceError.self) { _ = try folder.newPath("runs", name) })
      #expect(error.status == 400, "\(name)")
    }
    #expect(
      try folder.newPath("no-such-folder", "a.b-c_1", ending: ".st")
        == "no-such-folder/a.b-c_1.st")
  }

  @Test("Tokens are long, differ, and are compared whole")
  func tokens() {
    let token = Gate.newToken()
    #expect(token.count == 64 && token != Gate.newToken())
    let gate = Gate(token: token, cookie: "c", hosts: nil)
    #expect(gate.isSame(token, token))
    #expect(!gate.isSame(String(token.dropLast()), token))
    #expect(!gate.isSame("", token))
  }
}
