import FlyingSocks
import Foundation
import Parallel
import Tables

/// The workbench as a page and an API on this machine.
///
/// What is computed has threads of its own, and what takes long is done by processes
/// of the command.
public final class WorkbenchServer: @unchecked Sendable {
  /// Where it is and what it may do.
  public struct Configuration: Sendable {
    public var folder: String
    public var host: String
    public var port: UInt16
    /// Of the workbench.
    public var version: String
    /// What processes are told that it begins.
    public var environment: [String: String]

    public init(
      folder: String, host: String, port: UInt16, version: String,
      environment: [String: String] = [:]
    ) {
      self.environment = environment
      self.folder = folder
      self.host = host
      self.port = port
      self.version = version
    }
  }

  /// Why it does not begin.
  public struct Failure: Error, CustomStringConvertible {
    public let description: String
  }

  private let configuration: Configuration
  private let routes: Routes
  private let jobs: JobCenter
  private let token = Gate.newToken()
  private let light = WorkQueue(threads: 1, room: 256)
  private let listing = WorkQueue(threads: 1, room: 256)
  private let quick = WorkQueue(threads: ThreadPool.processorCount, room: 256)
  private let slow = WorkQueue(threads: ThreadPool.processorCount, room: 64)

  /// Prepares a server about a folder, which becomes the working folder.
  ///
  /// - Throws: `SafetensorsError` if there is no such folder.
  public init(_ configuration: Configuration) throws {
    self.configuration = configuration
    let folder = try ServedFolder(
      configuration.folder, environment: configuration.environment)
    jobs = JobCenter(folder)
    routes = Routes(folder, jobs, version: configuration.version)
    allowConnections()
  }

  // MARK: Life

  /// Serves until there is a reason to stop, and ends when all that it has begun
  /// has saved its state; called from the main thread.
  ///
  /// - Parameters:
  ///   - isOver: asked ten times a second.
  ///   - announce: receives the address, token included.
  /// - Throws: ``Failure`` if the port cannot be had.
  public func run(
    until isOver: () -> Bool, announce: @escaping @Sendable (String) -> Void
  ) throws {
    let failure = Latch<String>()
    let task = Task {
      do {
        try await listen(announce)
      } catch is CancellationError {
      } catch {
        failure.set("\(error)")
      }
    }
    jobs.run { isOver() || failure.value != nil }
    // What comes of ending it is no failure.
    let reason = failure.value
    task.cancel()
    if let reason { throw Failure(description: reason) }
  }

  private func listen(_ announce: @escaping @Sendable (String) -> Void)
    async throws
  {
    let (host, port) = (configuration.host, configuration.port)
    let listener: HTTPListener
    do {
      listener = try await open(host, port)
    } catch let SocketError.failed(_, code, _) {
      throw Failure(
        description: "\(host):\(port) cannot be listened on: "
          + String(cString: strerror(code)) + "; --port takes another")
    }
    let gate = gate(listener.port)
    announce(address(listener.port))
    try await listener.run(
      refuse: { request in
        gate.admits(request) ? nil : Self.noToken
      }, respond: { [self] in await respond($0, gate) })
  }

  private func open(_ host: String, _ port: UInt16) async throws -> HTTPListener
  {
    if host.contains(":"),
      let address = try? sockaddr_in6.inet6(ip6: host, port: port)
    {
      return try await HTTPListener(on: address)
    }
    guard let address = try? sockaddr_in.inet(ip4: host, port: port) else {
      throw Failure(
        description: "'\(host)' is no address of IPv4 or IPv6 to listen on")
    }
    return try await HTTPListener(on: address)
  }

  // MARK: Names

  private var urlHost: String {
    configuration.host.contains(":")
      ? "[\(configuration.host)]" : configuration.host
  }

  private func address(_ port: UInt16) -> String {
    "http://\(urlHost):\(port)/?token=\(token)"
  }

  private func gate(_ port: UInt16) -> Gate {
    let isLoopback =
      configuration.host.hasPrefix("127.") || configuration.host == "::1"
    let hosts = ["localhost", "127.0.0.1", "[::1]", urlHost].map {
      "\($0):\(port)"
    }
    return Gate(
      token: token, cookie: "bvp-\(port)",
      hosts: isLoopback ? Set(hosts) : nil)
  }

  // MARK: Requests

  private func respond(_ request: HTTPRequest, _ gate: Gate) async
    -> HTTPResponse
  {
    do {
      try gate.checkOrigin(request)
      if request.path.hasPrefix("/api/") {
        return try await answer(request, gate)
      }
      return try page(request, gate)
    } catch {
      return HTTPResponse(ServiceError(error))
    }
  }

  /// A file of the page; with the token in its address it sets the cookie.
  private func page(_ request: HTTPRequest, _ gate: Gate) throws -> HTTPResponse
  {
    guard request.method == "GET" else { throw Self.wrongMethod("GET") }
    if request.path == "/",
      let given = request.query.first(where: { $0.name == "token" })
    {
      guard gate.isSame(given.value, token) else {
        throw ServiceError(
          401, "the token is wrong: open the address that bvp serve printed")
      }
      return HTTPResponse(
        303,
        [
          "Location": "/",
          "Set-Cookie":
            "\(gate.cookie)=\(token); HttpOnly; SameSite=Strict; Path=/",
        ])
    }
    let name =
      request.path == "/" ? "index.html" : String(request.path.dropFirst())
    guard let file = Page.file(name) else {
      throw ServiceError.missing("there is no page '\(request.path)'")
    }
    return HTTPResponse(
      200, ["Content-Type": file.type, "Cache-Control": "no-cache"],
      .data(file.data))
  }

  private func answer(_ request: HTTPRequest, _ gate: Gate) async throws
    -> HTTPResponse
  {
    if request.path == "/api/openapi.json", let file = Page.file("openapi.json")
    {
      guard request.method == "GET" else { throw Self.wrongMethod("GET") }
      return HTTPResponse(200, ["Content-Type": file.type], .data(file.data))
    }
    guard gate.admits(request) else {
      throw ServiceError(
        401,
        "the token is missing or wrong: open the address that bvp serve printed"
      )
    }
    let there = routes.operations.filter { $0.path == request.path }
    guard !there.isEmpty else {
      throw ServiceError.missing("there is no '\(request.path)'")
    }
    guard let operation = there.first(where: { $0.method == request.method })
    else { throw Self.wrongMethod(there.map(\.method).joined(separator: ", ")) }
    return HTTPResponse(
      try await queue(operation.lane).run {
        try operation.answer(Self.fields(of: request))
      })
  }

  private func queue(_ lane: Routes.Lane) -> WorkQueue {
    switch lane {
    case .light: light
    case .listing: listing
    case .quick: quick
    case .slow: slow
    }
  }

  private static func fields(of request: HTTPRequest) throws -> RequestFields {
    guard request.method == "POST" else {
      return RequestFields(query: request.query)
    }
    let type = request.headers["content-type"] ?? ""
    guard type.lowercased().hasPrefix("application/json") else {
      throw ServiceError(415, "the body must be application/json")
    }
    return try RequestFields(body: request.body, query: request.query)
  }

  private static let noToken = ServiceError(
    401,
    "the token is missing or wrong: open the address that bvp serve printed")

  private static func wrongMethod(_ allowed: String) -> ServiceError {
    ServiceError(405, "the method must be \(allowed)")
  }
}

// MARK: Responses

extension HTTPResponse {
  /// A response with what all of them say.
  fileprivate init(
    _ status: Int, _ headers: [String: String], _ body: Body = .data(Data())
  ) {
    self.status = status
    self.headers = Self.common.merging(headers) { $1 }
    self.body = body
  }

  init(_ error: ServiceError) {
    self.init(
      error.status, ["Content-Type": "application/json"],
      .data((try? JSONEncoder().encode(error)) ?? Data()))
  }

  fileprivate init(_ answer: Answer) {
    switch answer {
    case .encoded(let data):
      self.init(200, ["Content-Type": "application/json"], .data(data))
    case .csv(let text, let name):
      self.init(
        200,
        [
          "Content-Type": "text/csv; charset=utf-8",
          "Content-Disposition": Self.attachment(name + ".csv"),
        ], .data(Data(text.utf8)))
    case .page(let data):
      self.init(
        200,
        [
          "Content-Type": "text/html; charset=utf-8",
          "Content-Security-Policy":
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
            + "sandbox",
        ], .data(data))
    case .file(let path):
      let name = URL(fileURLWithPath: path).lastPathComponent
      self.init(
        200,
        [
          "Content-Type": "application/octet-stream",
          "Content-Disposition": Self.attachment(name),
        ], .file(path))
    }
  }

  private static func attachment(_ name: String) -> String {
    let plain = name.map {
      $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0))
        ? $0 : "-"
    }
    return "attachment; filename=\"\(String(plain))\""
  }

  private static let common = [
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "X-Frame-Options": "SAMEORIGIN",
    "Content-Security-Policy":
      "default-src 'none'; script-src 'self'; style-src 'self'; "
      + "img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; "
      + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
    "Cache-Control": "no-store",
  ]
}

/// Lets the process have as many clients as the system grants.
private func allowConnections() {
  var limit = rlimit()
  guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0
  else { return }
  limit.rlim_cur = min(limit.rlim_max, 65_536)
  setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
}

/// A value that one thread sets and others see.
private final class Latch<Value: Sendable>: @unchecked Sendable {
  private let lock = NSLock()
  private var known: Value?

  var value: Value? { lock.withLock { known } }
  func set(_ value: Value) { lock.withLock { known = value } }
}
