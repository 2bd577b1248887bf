import FlyingFox
import FlyingSocks
import Foundation
import Parallel
import Tables

/// The workbench as a page and an API on this machine.
///
/// FlyingFox talks HTTP; what is computed has threads of its own, and what takes
/// long is done by processes of the command.
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
  private let quick = WorkQueue(threads: ThreadPool.processorCount, room: 256)
  private let slow = WorkQueue(threads: ThreadPool.processorCount, room: 64)

  /// The most bytes of a body.
  static let mostBytes = 1 << 20

  /// Prepares a server about a folder, which becomes the working folder.
  ///
  /// - Throws: `SafetensorsError` if there is no such folder.
  public init(_ configuration: Configuration) throws {
    self.configuration = configuration
    let folder = try ServedFolder(configuration.folder)
    jobs = JobCenter(folder, environment: configuration.environment)
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
    task.cancel()
    if let reason = failure.value { throw Failure(description: reason) }
  }

  /// Listens, and does so again where that was cut short.
  private func listen(_ announce: @escaping @Sendable (String) -> Void)
    async throws
  {
    var port = configuration.port
    var isFirst = true
    while !Task.isCancelled {
      let server = HTTPServer(
        config: .init(
          address: try Self.address(configuration.host, port), timeout: 3600,
          pool: PatientPool(
            base: HTTPServer.defaultPool(), patience: .seconds(120)),
          logger: .disabled))
      let gate = Latch<Gate>()
      await server.appendRoute("*") { [self] request in
        guard let gate = gate.value else {
          return HTTPResponse(statusCode: .serviceUnavailable)
        }
        return await respond(request, gate)
      }
      let running = Task { try await server.run() }
      do {
        try await server.waitUntilListening(timeout: 5)
        port = try await server.port ?? port
      } catch {
        running.cancel()
        if isFirst {
          throw Failure(
            description: "\(configuration.host):\(port) cannot be listened on: "
              + "\(await reason(running)); --port takes another")
        }
      }
      gate.set(self.gate(port))
      if isFirst { announce(address(port)) }
      isFirst = false
      await withTaskCancellationHandler {
        _ = await running.result
      } onCancel: {
        running.cancel()
      }
      try await Task.sleep(for: .milliseconds(200))
    }
  }

  private func reason(_ running: Task<Void, any Error>) async -> String {
    guard case .failure(let error) = await running.result else { return "?" }
    if case SocketError.failed(_, let code, _)? = error as? SocketError {
      return String(cString: strerror(code))
    }
    return "\(error)"
  }

  private static func address(_ host: String, _ port: UInt16) throws
    -> any SocketAddress
  {
    do {
      if host.contains(":") { return try .inet6(ip6: host, port: port) }
      return try .inet(ip4: host, port: port)
    } catch {
      throw Failure(
        description: "'\(host)' is no address of IPv4 or IPv6 to listen on")
    }
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
      return Self.response(ServiceError(error))
    }
  }

  /// A file of the page; with the token in its address it sets the cookie.
  private func page(_ request: HTTPRequest, _ gate: Gate) throws -> HTTPResponse
  {
    guard request.method == .GET else { throw Self.wrongMethod("GET") }
    if request.path == "/",
      let given = request.query.first(where: { $0.name == "token" })
    {
      guard gate.isSame(given.value, token) else {
        throw ServiceError(
          401, "the token is wrong: open the address that bvp serve printed")
      }
      return HTTPResponse(
        statusCode: HTTPStatusCode(303, phrase: "See Other"),
        headers: Self.headers([
          .location: "/",
          .setCookie:
            "\(gate.cookie)=\(token); HttpOnly; SameSite=Strict; Path=/",
        ]))
    }
    let name =
      request.path == "/" ? "index.html" : String(request.path.dropFirst())
    guard let file = Page.file(name) else {
      throw ServiceError.missing("there is no page '\(request.path)'")
    }
    return HTTPResponse(
      statusCode: .ok,
      headers: Self.headers([
        .contentType: file.type, .cacheControl: "no-cache",
      ]), body: file.data)
  }

  private func answer(_ request: HTTPRequest, _ gate: Gate) async throws
    -> HTTPResponse
  {
    if request.path == "/api/openapi.json", request.method == .GET,
      let file = Page.file("openapi.json")
    {
      return HTTPResponse(
        statusCode: .ok, headers: Self.headers([.contentType: file.type]),
        body: file.data)
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
    guard
      let operation = there.first(where: {
        $0.method == request.method.rawValue
      })
    else { throw Self.wrongMethod(there.map(\.method).joined(separator: ", ")) }
    let query = request.query.map { (name: $0.name, value: $0.value) }
    let fields =
      operation.method == "POST"
      ? try RequestFields(body: try await Self.body(of: request), query: query)
      : RequestFields(query: query)
    let isQuick = operation.isQuick
    let box = UncheckedBox(fields)
    let result = try await (isQuick ? quick : slow).run {
      try operation.answer(box.value)
    }
    return try Self.response(result)
  }

  private static func wrongMethod(_ allowed: String) -> ServiceError {
    ServiceError(405, "the method must be \(allowed)")
  }

  /// The body of a request, if it is JSON and small enough.
  private static func body(of request: HTTPRequest) async throws -> Data {
    let tooLarge = ServiceError(413, "the body has more than 1 MiB")
    let type = request.headers[.contentType] ?? ""
    guard type.lowercased().hasPrefix("application/json") else {
      throw ServiceError(415, "the body must be application/json")
    }
    if let count = request.bodySequence.count, count > mostBytes {
      throw tooLarge
    }
    var body = Data()
    for try await part in request.bodySequence {
      body += part
      guard body.count <= mostBytes else { throw tooLarge }
    }
    return body
  }

  // MARK: Responses

  private static func headers(_ own: [HTTPHeader: String]) -> HTTPHeaders {
    HTTPHeaders(
      [
        HTTPHeader("X-Content-Type-Options"): "nosniff",
        HTTPHeader("Referrer-Policy"): "no-referrer",
        HTTPHeader("Cross-Origin-Opener-Policy"): "same-origin",
        HTTPHeader("Cross-Origin-Resource-Policy"): "same-origin",
        HTTPHeader("X-Frame-Options"): "SAMEORIGIN",
        HTTPHeader("Content-Security-Policy"):
          "default-src 'none'; script-src 'self'; style-src 'self'; "
          + "img-src 'self' data: blob:; connect-src 'self'; frame-src 'self'; "
          + "base-uri 'none'; form-action 'none'; frame-ancestors 'self'",
        .cacheControl: "no-store",
      ].merging(own) { $1 })
  }

  private static func response(_ answer: Answer) throws -> HTTPResponse {
    func attachment(_ name: String) -> String {
      let plain = name.map {
        $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0))
          ? $0 : "-"
      }
      return "attachment; filename=\"\(String(plain))\""
    }
    switch answer {
    case .json(let data):
      return HTTPResponse(
        statusCode: .ok,
        headers: headers([.contentType: "application/json"]), body: data)
    case .csv(let text, let name):
      return HTTPResponse(
        statusCode: .ok,
        headers: headers([
          .contentType: "text/csv; charset=utf-8",
          .contentDisposition: attachment(name + ".csv"),
        ]), body: Data(text.utf8))
    case .page(let data):
      return HTTPResponse(
        statusCode: .ok,
        headers: headers([
          .contentType: "text/html; charset=utf-8",
          HTTPHeader("Content-Security-Policy"):
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
            + "sandbox",
        ]), body: data)
    case .file(let path):
      let name = URL(fileURLWithPath: path).lastPathComponent
      return HTTPResponse(
        statusCode: .ok,
        headers: headers([
          .contentType: "application/octet-stream",
          .contentDisposition: attachment(name),
        ]),
        body: try HTTPBodySequence(
          file: URL(fileURLWithPath: path), suggestedBufferSize: 1 << 16))
    }
  }

  private static let phrases = [
    400: "Bad Request", 401: "Unauthorized", 403: "Forbidden",
    404: "Not Found", 405: "Method Not Allowed", 409: "Conflict",
    413: "Content Too Large", 415: "Unsupported Media Type",
    503: "Service Unavailable",
  ]

  private static func response(_ error: ServiceError) -> HTTPResponse {
    var own: [HTTPHeader: String] = [.contentType: "application/json"]
    if error.status == 413 { own[.connection] = "close" }
    return HTTPResponse(
      statusCode: HTTPStatusCode(
        error.status, phrase: phrases[error.status] ?? "Error"),
      headers: headers(own), body: (try? JSONEncoder().encode(error)) ?? Data())
  }
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

/// A value that is handed from one thread to another and used by that alone.
private struct UncheckedBox<Value>: @unchecked Sendable {
  let value: Value
  init(_ value: Value) { self.value = value }
}

extension HTTPServer {
  /// The port that it listens on.
  fileprivate var port: UInt16? {
    get async throws {
      switch listeningAddress {
      case .ip4(_, let port)?, .ip6(_, let port)?: port
      default: nil
      }
    }
  }
}
