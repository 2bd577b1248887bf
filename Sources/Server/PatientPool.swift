import FlyingSocks
import Foundation

/// Waits for clients, but not for ever: one that neither sends nor reads is given up.
struct PatientPool<Base: AsyncSocketPool>: AsyncSocketPool {
  let base: Base
  let patience: Duration

  func prepare() async throws { try await base.prepare() }
  func run() async throws { try await base.run() }

  func suspendSocket(
    _ socket: Socket, untilReadyFor events: Socket.Events
  ) async throws {
    guard !isListening(socket) else {
      return try await base.suspendSocket(socket, untilReadyFor: events)
    }
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask {
        try await base.suspendSocket(socket, untilReadyFor: events)
      }
      group.addTask {
        try await Task.sleep(for: patience)
        throw SocketError.disconnected
      }
      defer { group.cancelAll() }
      try await group.next()
    }
  }

  /// Whether it is the socket that clients come to.
  private func isListening(_ socket: Socket) -> Bool {
    var value: Int32 = 0
    var size = socklen_t(MemoryLayout<Int32>.size)
    return getsockopt(
      socket.file.rawValue, SOL_SOCKET, SO_ACCEPTCONN, &value, &size) == 0
      && value != 0
  }
}
