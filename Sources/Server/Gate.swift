import Foundation

/// Who is let in: those who have the token, and no page of another origin.
struct Gate: Sendable {
  let token: String
  /// The cookie's name has the port, as cookies are those of a host.
  let cookie: String
  /// The hosts under which the server is known; nil is any.
  let hosts: Set<String>?

  /// A token that nobody guesses.
  static func newToken() -> String {
    var random = SystemRandomNumberGenerator()
    return (0..<4).map { _ in
      let digits = String(random.next() as UInt64, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  /// Refuses other hosts, which an address that resolves to this machine may have,
  /// and requests that pages of other origins make.
  func checkOrigin(_ request: HTTPRequest) throws {
    let host = request.headers["host"] ?? ""
    if let hosts, !hosts.contains(host.lowercased()) {
      throw ServiceError(403, "the host '\(host)' is not this server's")
    }
    let site = request.headers["sec-fetch-site"]
    if let origin = request.headers["origin"],
      origin.lowercased() != "http://" + host.lowercased()
    {
      throw ServiceError(403, "requests of '\(origin)' are refused")
    }
    if let site, !["same-origin", "none"].contains(site), !isNavigation(request)
    {
      throw ServiceError(403, "requests of another site are refused")
    }
  }

  /// Whether a person follows a link to the page, which does nothing.
  private func isNavigation(_ request: HTTPRequest) -> Bool {
    request.method == "GET" && !request.path.hasPrefix("/api/")
  }

  /// Whether a request has the token.
  func admits(_ request: HTTPRequest) -> Bool {
    if let header = request.headers["authorization"] {
      return isSame(header, "Bearer " + token)
    }
    let cookies = (request.headers["cookie"] ?? "").split(
      separator: ";")
    return cookies.contains {
      isSame($0.trimmingCharacters(in: .whitespaces), cookie + "=" + token)
    }
  }

  /// Whether a text is the other, in a time that does not tell how much of it.
  func isSame(_ given: String, _ expected: String) -> Bool {
    let (a, b) = (Array(given.utf8), Array(expected.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
