import Foundation
import TestSupport
import Testing

@testable import Server

/// Requests of HTTP, well-formed or not.
struct HTTPTests {
  private func request(_ lines: String...) throws -> HTTPRequest {
    try HTTPRequest(head: Array(lines.joined(separator: "\r\n").utf8))
  }

  @Test("Path, query and headers are read")
  func reads() throws {
    let found = try request(
      "GET /a%20b/c?x=1&y=a+b%2B&x=%C3%A4&z HTTP/1.1", "Host: h:1",
      "ACCEPT:  a ", "Accept: b")
    #expect(found.method == "GET" && found.path == "/a b/c")
    #expect(found.query.map(\.name) == ["x", "y", "x", "z"])
    #expect(found.query.map(\.value) == ["1", "a b+", "ä", ""])
    #expect(found.headers == ["host": "h:1", "accept": "a, b"])
    #expect(found.isKept)
    #expect(try !request("GET / HTTP/1.1", "Connection: close").isKept)
    #expect(try !request("GET / HTTP/1.0").isKept)
  }

  @Test(
    "What is no request is refused",
    arguments: [
      [""], ["GET /"], ["GET  / HTTP/1.1"], ["GET x HTTP/1.1"],
      ["GET / HTTP/2"], ["GET /%zz HTTP/1.1"], ["GET /?%zz HTTP/1.1"],
      ["GET / HTTP/1.1", "no colon"], ["GET / HTTP/1.1", " folded: x"],
      ["GET / HTTP/1.1", "space : x"],
      ["GET / HTTP/1.1", "Host: a", "Host: b"],
      ["GET / HTTP/1.1", "Content-Length: 1", "content-length: 2"],
    ])
  func refuses(_ lines: [String]) throws {
    let head = Array(lines.joined(separator: "\r\n").utf8)
    let error = refusal(ServiceError.self) { try HTTPRequest(head: head) }
    #expect(error?.status == 400)
  }

  @Test("A body says how long it is")
  func lengths() throws {
    func length(_ header: String) throws -> Int {
      try request("POST / HTTP/1.1", header).bodyLength(most: 100)
    }
    #expect(try length("A: b") == 0)
    #expect(try length("Content-Length: 100") == 100)
    for (header, status) in [
      ("Content-Length: 101", 413),
      ("Content-Length: 99999999999999999999", 413),
      ("Content-Length: -1", 400), ("Content-Length: +1", 400),
      ("Content-Length: ", 400), ("Transfer-Encoding: chunked", 411),
    ] {
      let error = refusal(ServiceError.self) { try length(header) }
      #expect(error?.status == status, "\(header)")
    }
  }
}
