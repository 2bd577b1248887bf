import Foundation

/// A request of HTTP/1.1, as it came.
struct HTTPRequest: Sendable {
  let method: String
  /// Percent encoding resolved.
  private(set) var path: String
  let query: [(name: String, value: String)]
  /// By names in lower case.
  let headers: [String: String]
  var body = Data()
  /// Whether the client goes on after the answer.
  let isKept: Bool

  /// Reads the lines of a head.
  ///
  /// - Throws: ``ServiceError`` for what is no request.
  init(head: [UInt8]) throws {
    let wrong = ServiceError(400, "this is no request of HTTP")
    guard let text = String(validating: head, as: UTF8.self) else {
      throw wrong
    }
    var lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
    let words = lines.removeFirst().split(
      separator: " ", omittingEmptySubsequences: false)
    guard words.count == 3, words[2].hasPrefix("HTTP/1."),
      words[1].hasPrefix("/"), !words[0].isEmpty
    else { throw wrong }
    method = String(words[0])
    let parts = words[1].split(
      separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    guard let path = Self.decoded(parts[0]) else { throw wrong }
    self.path = path
    query = try parts.dropFirst().flatMap { $0.split(separator: "&") }.map {
      let pair = $0.split(
        separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = Self.decoded(pair[0], isForm: true),
        let value = Self.decoded(pair.count > 1 ? pair[1] : "", isForm: true)
      else { throw wrong }
      return (name, value)
    }
    headers = try Self.headers(lines, wrong)
    let connection = headers["connection"]?.lowercased() ?? ""
    isKept =
      words[2] == "HTTP/1.1"
      ? !connection.contains("close") : connection.contains("keep-alive")
  }

  private static func headers(_ lines: [Substring], _ wrong: ServiceError)
    throws -> [String: String]
  {
    var headers: [String: String] = [:]
    for line in lines {
      let pair = line.split(
        separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
      guard pair.count == 2, let last = pair[0].last, !last.isWhitespace,
        pair[0].first?.isWhitespace == false
      else { throw wrong }
      let name = pair[0].lowercased()
      let value = pair[1].trimmingCharacters(in: .whitespaces)
      // What decides who is let in, or where a request ends, is said once.
      guard headers[name] == nil || !Self.single.contains(name) else {
        throw wrong
      }
      headers[name] = headers[name].map { $0 + ", " + value } ?? value
    }
    return headers
  }

  private static let single = [
    "host", "origin", "content-length", "transfer-encoding", "authorization",
    "content-type", "sec-fetch-site",
  ]

  /// The request as it is where no proxy stands before the server: those of Open
  /// OnDemand and Jupyter pass on paths such as `/node/HOST/PORT/app.js`.
  var withoutPrefix: HTTPRequest {
    let parts = path.split(separator: "/", omittingEmptySubsequences: false)
    let last = parts.dropFirst().dropLast()
    guard !last.isEmpty, !last.contains(where: \.isEmpty) else { return self }
    var result = self
    if let api = last.lastIndex(of: "api") {
      result.path = "/" + parts[api...].joined(separator: "/")
    } else if let name = parts.last.map(String.init),
      name.isEmpty || Page.file(name) != nil
    {
      result.path = "/" + name
    }
    return result
  }

  /// A part of an address without its percent signs, and of a form without its plus
  /// signs.
  private static func decoded(_ text: Substring, isForm: Bool = false)
    -> String?
  {
    (isForm ? String(text.replacing("+", with: " ")) : String(text))
      .removingPercentEncoding
  }

  /// The bytes of the body that follows.
  ///
  /// - Throws: ``ServiceError`` if it does not say, or they are too many.
  func bodyLength(most: Int) throws -> Int {
    guard headers["transfer-encoding"] == nil else {
      throw ServiceError(411, "the length of the body must be given")
    }
    guard let text = headers["content-length"] else { return 0 }
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw ServiceError(400, "the length of the body is no number")
    }
    guard let length = Int(text), length <= most else {
      throw ServiceError(413, "the body has more than 1 MiB")
    }
    return length
  }
}

extension String {
  /// The text of bytes, if they are one.
  fileprivate init?(validating bytes: [UInt8], as encoding: UTF8.Type) {
    guard let text = String(bytes: bytes, encoding: .utf8) else { return nil }
    self = text
  }
}

/// An answer of HTTP/1.1.
struct HTTPResponse: Sendable {
  enum Body: Sendable {
    case data(Data)
    /// A file, as it is.
    case file(String)
  }

  var status: Int
  var headers: [String: String] = [:]
  var body = Body.data(Data())

  /// The head, for a body of so many bytes.
  func head(length: Int, isKept: Bool) -> Data {
    var lines = [
      "HTTP/1.1 \(status) \(Self.phrases[status] ?? "Error")",
      "Content-Length: \(length)",
      "Connection: \(isKept ? "keep-alive" : "close")",
    ]
    lines += headers.sorted { $0.key < $1.key }.map { "\($0): \($1)" }
    return Data((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }

  private static let phrases = [
    200: "OK", 303: "See Other", 400: "Bad Request", 401: "Unauthorized",
    403: "Forbidden", 404: "Not Found", 405: "Method Not Allowed",
    408: "Request Timeout", 409: "Conflict", 411: "Length Required",
    413: "Content Too Large", 415: "Unsupported Media Type",
    431: "Request Header Fields Too Large", 503: "Service Unavailable",
  ]
}
