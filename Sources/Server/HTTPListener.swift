import FlyingSocks
import Foundation

/// Takes connections and hands on the requests that come over them.
///
/// A head has 32 KiB at most and half a minute to come, a body 1 MiB and a minute,
/// and a client that neither sends nor reads is given up after two minutes. What
/// is done for one that closes its connection is told within a tenth of a second.
struct HTTPListener: Sendable {
  /// The most bytes of a head.
  static let mostHeadBytes = 32_768
  /// The most bytes of a body.
  static let mostBodyBytes = 1 << 20
  /// The most connections at a time: some descriptors are left for files.
  private static var mostConnections: Int {
    var limit = rlimit()
    getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit)
    return min(4096, Int(clamping: limit.rlim_cur) / 2)
  }

  private static let headTime: Duration = .seconds(30)
  private static let bodyTime: Duration = .seconds(60)
  private static let idleTime: Duration = .seconds(120)
  /// How often somebody looks whether a client still waits.
  private static let watchTime: Duration = .milliseconds(50)

  private let socket: AsyncSocket
  private let pool: PatientPool<SocketPool<ePoll>>

  /// The port.
  let port: UInt16

  /// Opens a port.
  ///
  /// - Throws: `SocketError` if it cannot be had.
  init(on address: some SocketAddress) async throws {
    pool = PatientPool(base: .ePoll(), patience: Self.idleTime)
    try await pool.prepare()
    let socket = try Socket(domain: Int32(type(of: address).family))
    do {
      try socket.setValue(true, for: .localAddressReuse)
      // Connections have this from the socket that they come to: a short answer does
      // not wait until what came before it is acknowledged, which may take 40 ms.
      try socket.setValue(
        true,
        for: BoolSocketOption(level: Int32(IPPROTO_TCP), name: TCP_NODELAY))
      try socket.bind(to: address)
      try socket.listen()
      switch try socket.sockname() {
      case .ip4(_, let port), .ip6(_, let port): self.port = port
      default: port = 0
      }
      self.socket = try AsyncSocket(socket: socket, pool: pool)
    } catch {
      try? socket.close()
      throw error
    }
  }

  /// Answers requests until the task is cancelled.
  ///
  /// - Parameters:
  ///   - refuse: why a request that has a body is refused before that is read; nil
  ///     lets it in.
  ///   - respond: answers a request.
  /// - Throws: `SocketError` if the system refuses to wait for sockets.
  func run(
    refuse: @escaping @Sendable (HTTPRequest) -> ServiceError?,
    respond: @escaping @Sendable (HTTPRequest, Work) async -> HTTPResponse
  ) async throws {
    defer { try? socket.close() }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { try await pool.run() }
      group.addTask { try await accept(refuse, respond) }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  private func accept(
    _ refuse: @escaping @Sendable (HTTPRequest) -> ServiceError?,
    _ respond: @escaping @Sendable (HTTPRequest, Work) async -> HTTPResponse
  ) async throws {
    let connections = ConnectionCount()
    let most = Self.mostConnections
    try await withThrowingDiscardingTaskGroup { group in
      while true {
        let client: AsyncSocket
        do {
          client = try await socket.accept()
        } catch is CancellationError {
          throw CancellationError()
        } catch {
          // A client that has gone, or no descriptors for now.
          try await Task.sleep(for: .milliseconds(50))
          continue
        }
        guard connections.add(most: most) else {
          try? client.close()
          continue
        }
        group.addTask {
          var connection = Connection(socket: client, pool: pool)
          // A connection that breaks has nobody who could be told.
          try? await connection.serve(refuse, respond)
          try? client.close()
          connections.remove()
        }
      }
    }
  }

  // MARK: One connection

  private struct Connection: ~Copyable {
    let socket: AsyncSocket
    let pool: PatientPool<SocketPool<ePoll>>
    /// What has come and is not used yet.
    private var buffer: [UInt8] = []

    init(socket: AsyncSocket, pool: PatientPool<SocketPool<ePoll>>) {
      self.socket = socket
      self.pool = pool
    }

    mutating func serve(
      _ refusal: @Sendable (HTTPRequest) -> ServiceError?,
      _ respond: @Sendable (HTTPRequest, Work) async -> HTTPResponse
    ) async throws {
      while true {
        var request: HTTPRequest
        do {
          guard let head = try await readHead() else { return }
          request = try HTTPRequest(head: head)
          let length = try request.bodyLength(
            most: HTTPListener.mostBodyBytes)
          if length > 0, let reason = refusal(request) { throw reason }
          if length > 0, request.headers["expect"] != nil {
            try await socket.write(Data("HTTP/1.1 100 Continue\r\n\r\n".utf8))
          }
          request.body = try await readBody(length)
        } catch let error as ServiceError {
          // Where the next request begins is not known.
          return try await refuse(error)
        }
        let response = await watched { await respond(request, $0) }
        try await send(
          response, isKept: request.isKept, hasBody: request.method != "HEAD")
        guard request.isKept else { return }
      }
    }

    /// Answers while somebody looks whether the client is still there.
    private func watched(
      _ respond: (Work) async -> HTTPResponse
    ) async -> HTTPResponse {
      let work = Work()
      let file = socket.socket.file.rawValue
      let watch = Task {
        while !Task.isCancelled, !HTTPListener.hasLeft(file) {
          do {
            try await Task.sleep(for: HTTPListener.watchTime)
          } catch { return }
        }
        if !Task.isCancelled { work.leave() }
      }
      defer { watch.cancel() }
      return await respond(work)
    }

    /// Reads up to the empty line; nil if the client has gone before it began.
    private mutating func readHead() async throws -> [UInt8]? {
      var scanned = 0
      var began: ContinuousClock.Instant?
      while true {
        if let end = end(from: max(0, scanned - 3)) {
          defer { buffer.removeFirst(end + 4) }
          return Array(buffer[..<end])
        }
        scanned = buffer.count
        guard buffer.count < HTTPListener.mostHeadBytes else {
          throw ServiceError(431, "the request's head has more than 32 KiB")
        }
        if !buffer.isEmpty {
          let start = began ?? .now
          began = start
          try HTTPListener.check(start, HTTPListener.headTime)
        }
        do {
          buffer += try await read()
        } catch SocketError.disconnected where buffer.isEmpty {
          return nil
        }
      }
    }

    /// Where the empty line begins.
    private func end(from start: Int) -> Int? {
      guard buffer.count >= start + 4 else { return nil }
      return (start...(buffer.count - 4)).first {
        buffer[$0] == 13 && buffer[$0 + 1] == 10 && buffer[$0 + 2] == 13
          && buffer[$0 + 3] == 10
      }
    }

    private mutating func readBody(_ length: Int) async throws -> Data {
      let start = ContinuousClock.now
      while buffer.count < length {
        try HTTPListener.check(start, HTTPListener.bodyTime)
        buffer += try await read()
      }
      defer { buffer.removeFirst(length) }
      return Data(buffer[..<length])
    }

    private func read() async throws -> [UInt8] {
      while true {
        do {
          return try socket.socket.read(atMost: 65_536)
        } catch SocketError.blocked {
          try await pool.suspendSocket(socket.socket, untilReadyFor: .read)
        }
      }
    }

    private func refuse(_ error: ServiceError) async throws {
      try await send(.init(error), isKept: false, hasBody: true)
      // What is on its way would make the system throw the answer away.
      shutdown(socket.socket.file.rawValue, Int32(SHUT_WR))
      let start = ContinuousClock.now
      var rest = 4 * HTTPListener.mostBodyBytes
      while rest > 0, start.duration(to: .now) < .seconds(2) {
        rest -= try await read().count
      }
    }

    private func send(
      _ response: HTTPResponse, isKept: Bool, hasBody: Bool
    ) async throws {
      switch response.body {
      case .data(let data):
        let head = response.head(length: data.count, isKept: isKept)
        try await socket.write(hasBody ? head + data : head)
      case .file(let path):
        let file = try FileHandle(forReadingFrom: URL(fileURLWithPath: path))
        defer { try? file.close() }
        let length = Int(try file.seekToEnd())
        try file.seek(toOffset: 0)
        try await socket.write(response.head(length: length, isKept: isKept))
        var rest = hasBody ? length : 0
        while rest > 0 {
          guard let part = try file.read(upToCount: min(rest, 1 << 18)),
            !part.isEmpty
          else { throw SocketError.disconnected }
          try await socket.write(part)
          rest -= part.count
        }
      }
    }
  }

  /// Whether a client has closed its connection, or its half of it.
  private static func hasLeft(_ file: Int32) -> Bool {
    // POLLRDHUP, which is not among what is imported.
    let closed: Int16 = 0x2000
    var state = pollfd(fd: file, events: closed, revents: 0)
    return poll(&state, 1, 0) > 0
      && state.revents & (closed | Int16(POLLHUP | POLLERR)) != 0
  }

  /// Gives a client up that takes too long over one thing.
  private static func check(
    _ start: ContinuousClock.Instant, _ limit: Duration
  ) throws {
    guard start.duration(to: .now) < limit else {
      throw ServiceError(408, "the request does not come to an end")
    }
  }
}

/// Counts connections.
private final class ConnectionCount: @unchecked Sendable {
  private let lock = NSLock()
  private var count = 0

  /// Counts one more, if there is room.
  func add(most: Int) -> Bool {
    lock.withLock {
      guard count < most else { return false }
      count += 1
      return true
    }
  }

  func remove() { lock.withLock { count -= 1 } }
}
