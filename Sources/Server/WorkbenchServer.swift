import FlyingSocks
import Foundation
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
    /// Names of hosts, besides its own, under which proxies know it.
    public var names: [String]
    /// Of the workbench.
    public var version: String
    /// What processes are told that it begins.
    public var environment: [String: String]

    public init(
      folder: String, host: String, port: UInt16, names: [String] = [],
      version: String, environment: [String: String] = [:]
    ) {
      self.names = names
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
  private let folder: ServedFolder
  private let routes: Routes
  private let jobs: JobCenter
  private let token = Gate.newToken()
  private let queues = Dictionary(
    uniqueKeysWithValues: Routes.Lane.allCases.map { ($0, $0.queue) })

  /// Prepares a server about a folder, which becomes the working folder.
  ///
  /// - Throws: `SafetensorsError` if there is no such folder.
  public init(_ configuration: Configuration) throws {
    self.configuration = configuration
    folder = try ServedFolder(
      configuration.folder, environment: configuration.environment)
    jobs = JobCenter(folder)
    routes = Routes(folder, jobs, version: configuration.version)
    allowConnections()
  }

  /// Answers one request for a server, which has begun this process for it.
  ///
  /// - Parameters:
  ///   - input: the request, as the server writes it.
  ///   - configuration: the server's; where it listens does not matter.
  /// - Returns: what the server reads.
  /// - Throws: what is wrong with the folder or the input.
  public static func answer(_ input: Data, _ configuration: Configuration)
    throws -> Data
  {
    let folder = try ServedFolder(
      configuration.folder, environment: configuration.environment)
    return try IsolatedWork.output(
      for: input,
      Routes(folder, JobCenter(folder), version: configuration.version))
  }

  // MARK: Life

  /// Serves until there is a reason to stop, and ends when all that it has begun
  /// has saved its state; called from the main thread.
  ///
  /// - Parameters:
  ///   - isOver: asked ten times a second.
  ///   - announce: receives the address, and the fragment with the token that the
  ///     page reads there.
  /// - Throws: ``Failure`` if the port cannot be had; what `announce` throws.
  public func run(
    until isOver: () -> Bool, announce: @escaping Announcement
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

  /// Receives an address and its fragment.
  public typealias Announcement = @Sendable (String, String) throws -> Void

  private func listen(_ announce: @escaping Announcement) async throws {
    let (host, port) = (configuration.host, configuration.port)
    let listener: HTTPListener
    do {
      listener = try await open(host, port)
    } catch let SocketError.failed(_, code, _) {
      throw Failure(
        description: "\(host):\(port) cannot be listened on: "
          + String(cString: strerror(code)) + "; --port takes another")
    }
    let gate = gate
    try announce("http://\(urlHost):\(listener.port)/", "#token=\(token)")
    try await listener.run(
      refuse: { request in
        gate.admits(request) ? nil : Self.noToken
      }, respond: { [self] in await respond($0, $1, gate) })
  }

  private func open(_ host: String, _ port: UInt16) async throws -> HTTPListener
  {
    // What is no address of either kind is refused below.
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

  private var gate: Gate {
    let isLoopback =
      configuration.host.hasPrefix("127.") || configuration.host == "::1"
    let names =
      ["localhost", "127.0.0.1", "[::1]", urlHost] + configuration.names
    return Gate(
      token: token,
      hosts: isLoopback ? Set(names.map { $0.lowercased() }) : nil)
  }

  // MARK: Requests

  private func respond(
    _ request: HTTPRequest, _ work: Work, _ gate: Gate
  ) async -> HTTPResponse {
    do {
      try gate.checkOrigin(request)
      let request = request.withoutPrefix
      if request.path.hasPrefix("/api/") {
        return try await answer(request, work, gate)
      }
      return try page(request)
    } catch {
      return HTTPResponse(ServiceError(error))
    }
  }

  /// A file of the page.
  private func page(_ request: HTTPRequest) throws -> HTTPResponse {
    guard request.method == "GET" else { throw Self.wrongMethod("GET") }
    let name =
      request.path == "/" ? "index.html" : String(request.path.dropFirst())
    guard let file = Page.file(name) else {
      throw ServiceError.missing("there is no page '\(request.path)'")
    }
    return HTTPResponse(
      200, ["Content-Type": file.type, "Cache-Control": "no-cache"],
      .data(file.data))
  }

  private func answer(
    _ request: HTTPRequest, _ work: Work, _ gate: Gate
  ) async throws -> HTTPResponse {
    if request.path == "/api/openapi.json", let file = Page.file("openapi.json")
    {
      guard request.method == "GET" else { throw Self.wrongMethod("GET") }
      return HTTPResponse(200, ["Content-Type": file.type], .data(file.data))
    }
    guard gate.admits(request) else { throw Self.noToken }
    let there = routes.operations.filter { $0.path == request.path }
    guard !there.isEmpty else {
      throw ServiceError.missing("there is no '\(request.path)'")
    }
    guard let operation = there.first(where: { $0.method == request.method })
    else { throw Self.wrongMethod(there.map(\.method).joined(separator: ", ")) }
    if operation.lane != .slow {
      do {
        return HTTPResponse(
          try await run(work, operation.lane) {
            try operation.answer(Self.fields(of: request))
          })
      } catch is TakesLong {}
    }
    return HTTPResponse(
      try await run(work, .slow) { [folder] in
        _ = try Self.fields(of: request)
        return try IsolatedWork.answer(request, in: folder)
      })
  }

  private func run(
    _ work: Work, _ lane: Routes.Lane,
    _ body: @escaping @Sendable () throws -> Answer
  ) async throws -> Answer {
    guard let queue = queues[lane] else { throw ServiceError.busy }
    return try await queue.run(work, body)
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
    "the token is missing or wrong: open the address that bvp serve printed, or "
      + "send it as 'Authorization: Bearer TOKEN'")

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
      error.status, ["Content-Type": "application/json"], .data(error.json))
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
          "Content-Disposition": Self.attachment("report.html"),
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
