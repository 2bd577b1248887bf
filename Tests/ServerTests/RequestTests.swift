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
    let deep = String(repeating: #"{"a":"#, count: 480)
    for json in ["", "[]", "1", "{", "{\"a\": NaN}", "\u{0}", deep] {
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

  @Test("JSON that is nested deep is refused at once, by its depth")
  func depth() throws {
    let close = String(repeating: "}", count: 480)
    let deep = String(repeating: #"{"a":"#, count: 480) + "1" + close
    let error = try #require(
      refusal(ServiceError.self) { _ = try fields(deep) })
    #expect(error.message == "the body is nested more than 32 deep")
    let braces = String(repeating: "{", count: 480)
    #expect(try fields("{\"a\": \"\(braces)\"}").text("a") == braces)
  }

  private func get(_ lines: String...) throws -> HTTPRequest {
    try get(lines)
  }

  private func get(_ lines: [String]) throws -> HTTPRequest {
    let head = ["GET /api/jobs HTTP/1.1"] + lines
    return try HTTPRequest(head: Array(head.joined(separator: "\r\n").utf8))
  }

  @Test("Nothing but the header lets in: no cookie, no address")
  func onlyTheHeader() throws {
    let gate = Gate(token: "secret", hosts: nil)
    #expect(gate.admits(try get("Authorization: Bearer secret")))
    for line in [
      "Authorization: secret", "Authorization: Bearer secre", "A: b",
      "Cookie: bvp=secret", "Cookie: bvp-8080=secret", "Cookie: token=secret",
    ] { #expect(!gate.admits(try get(line)), "\(line)") }
  }

  @Test("A host is known by its name, whatever port was forwarded")
  func hosts() throws {
    let gate = Gate(token: "", hosts: ["localhost", "127.0.0.1", "[::1]"])
    for host in [
      "localhost", "localhost:80", "LOCALHOST:9090", "127.0.0.1", "[::1]",
      "[::1]:8080",
    ] { try gate.checkOrigin(get("Host: \(host)")) }
    for host in [
      "", "example.com", "example.com:8080", "localhost.example.com",
      "localhost:", "localhost:a", "127.0.0.1:80.example.com", "::1", "[::1",
      "127.0.0.2",
    ] {
      let error = try #require(
        refusal(ServiceError.self) {
          try gate.checkOrigin(get("Host: \(host)"))
        }, "\(host)")
      #expect(error.status == 403)
    }
  }

  @Test("A request of another origin is refused, one through a proxy is not")
  func origins() throws {
    let gate = Gate(token: "", hosts: nil)
    for lines in [
      ["Host: a:1", "Origin: http://a:1"], ["Host: a", "Origin: https://a"],
      ["Host: node:1", "Origin: https://hub", "Sec-Fetch-Site: same-origin"],
    ] { try gate.checkOrigin(get(lines)) }
    for line in [
      "Origin: http://b", "Origin: http://a", "Origin: null",
      "Sec-Fetch-Site: cross-site", "Sec-Fetch-Site: same-site",
    ] {
      #expect(throws: ServiceError.self) {
        try gate.checkOrigin(get("Host: a:1", line))
      }
    }
  }

  @Test("A proxy's prefix is no part of a path")
  func prefixes() throws {
    func path(_ given: String) throws -> String {
      let head = "GET \(given) HTTP/1.1\r\nHost: a"
      return try HTTPRequest(head: Array(head.utf8)).withoutPrefix.path
    }
    for (given, expected) in [
      ("/", "/"), ("/app.js", "/app.js"), ("/api/jobs", "/api/jobs"),
      ("/node/n1/8080/", "/"), ("/node/n1/8080/app.js", "/app.js"),
      ("/user/a/proxy/8080/api/dataset/sample", "/api/dataset/sample"),
      ("/node/n1/8080/none.js", "/node/n1/8080/none.js"), ("//", "//"),
      ("/a//app.js", "/a//app.js"), ("/a/", "/"), ("/api/", "/api/"),
    ] { #expect(try path(given) == expected, "\(given)") }
  }

  @Test("Tokens are long, differ, and are compared whole")
  func tokens() {
    let token = Gate.newToken()
    #expect(token.count == 64 && token != Gate.newToken())
    let gate = Gate(token: token, hosts: nil)
    #expect(gate.isSame(token, token))
    #expect(!gate.isSame(String(token.dropLast()), token))
    #expect(!gate.isSame("", token))
  }
}
