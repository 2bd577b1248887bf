import Foundation

/// Who is let in: those who have the token, and no page of another origin.
struct Gate: Sendable {
  let token: String
  /// The names of hosts under which the server is known, without ports, as one that
  /// is forwarded has another; nil is any.
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
    let host = (request.headers["host"] ?? "").lowercased()
    if let hosts, !hosts.contains(Self.name(ofHost: host)) {
      throw ServiceError(
        403,
        "the host '\(host)' is not this server's; bvp serve --known-as lets a "
          + "name in")
    }
    if let site = request.headers["sec-fetch-site"] {
      // The browser knows, also behind a proxy that has another name.
      guard ["same-origin", "none"].contains(site) || isNavigation(request)
      else { throw ServiceError(403, "requests of another site are refused") }
      return
    }
    if let origin = request.headers["origin"],
      !["http://" + host, "https://" + host].contains(origin.lowercased())
    {
      throw ServiceError(403, "requests of '\(origin)' are refused")
    }
  }

  /// The name in "name", "name:port", "[::1]" or "[::1]:port".
  static func name(ofHost host: String) -> String {
    let parts = host.split(separator: ":", omittingEmptySubsequences: false)
    guard let last = parts.last, parts.count > 1, !last.isEmpty,
      last.utf8.allSatisfy({ (48...57).contains($0) })
    else { return host }
    return parts.dropLast().joined(separator: ":")
  }

  /// Whether a person follows a link to the page, which does nothing.
  private func isNavigation(_ request: HTTPRequest) -> Bool {
    request.method == "GET" && !request.path.contains("/api/")
  }

  /// Whether a request has the token, in the one place that a browser sends to
  /// nobody by itself.
  func admits(_ request: HTTPRequest) -> Bool {
    isSame(request.headers["authorization"] ?? "", "Bearer " + token)
  }

  /// Whether a text is the other, in a time that does not tell how much of it.
  func isSame(_ given: String, _ expected: String) -> Bool {
    let (a, b) = (Array(given.utf8), Array(expected.utf8))
    guard a.count == b.count else { return false }
    return zip(a, b).reduce(0) { $0 | ($1.0 ^ $1.1) } == 0
  }
}
