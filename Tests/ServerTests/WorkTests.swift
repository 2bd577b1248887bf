import Foundation
import Parallel
import TestSupport
import Testing

@testable import Server

/// Whether something has begun.
private final class Begun: @unchecked Sendable {
  private let lock = NSLock()
  private var value = false

  var isSet: Bool { lock.withLock { value } }
  func set() { lock.withLock { value = true } }
}

/// Work for requests, and whom it waits for.
struct WorkTests {
  private func reason(_ body: () async throws -> Void) async -> String? {
    do {
      try await body()
      return nil
    } catch {
      return (error as? ServiceError)?.message
    }
  }

  @Test("Work ends with its client, or with its time")
  func ends() throws {
    let work = Work()
    try work.check()
    work.begin(within: .seconds(60))
    try work.check()
    work.leave()
    #expect(work.cancellation.isRequested)
    #expect(work.reason?.status == 503)
    let late = Work()
    late.begin(within: .milliseconds(-1))
    #expect(late.reason?.message.contains("takes more than") == true)
  }

  @Test("What is long goes into a process of its own, and stays there")
  func isolation() throws {
    #expect(throws: TakesLong.self) { try Work().isolate(if: true) }
    try Work().isolate(if: false)
    try Work(isIsolated: true).isolate(if: true)
  }

  @Test("What waits is not begun when its client has left, and makes room")
  func waiting() async throws {
    let queue = WorkQueue(threads: 1, room: 2, limit: .seconds(3600))
    let gate = DispatchSemaphore(value: 0)
    let begun = Begun()
    let first = Task {
      try await queue.run(Work()) {
        begun.set()
        gate.wait()
      }
    }
    defer { gate.signal() }
    func wait(until isSo: () -> Bool) async throws {
      // Not by the clock: other tests may have all threads for minutes.
      var looks = 0
      while !isSo() {
        looks += 1
        try #require(looks < 20_000, "in vain waited")
        try await Task.sleep(for: .milliseconds(5))
      }
    }
    let left = [Work(), Work()]
    // The thread is at the first one, and these wait.
    try await wait { begun.isSet }
    let waiting = left.map { work in
      Task<String?, Never> {
        await reason {
          try await queue.run(work) { _ = Issue.record("it was begun") }
        }
      }
    }
    try await wait { queue.length == 2 }
    let busy = await reason { try await queue.run(Work()) {} }
    #expect(busy == ServiceError.busy.message)
    for work in left { work.leave() }
    let next = Task { try await queue.run(Work()) { 7 } }
    for task in waiting {
      #expect(await task.value?.contains("has left") == true)
    }
    gate.signal()
    #expect(try await next.value == 7)
    try await first.value
  }

  @Test("Starts and saves wait for nobody else")
  func lanes() throws {
    let folder = try ServedFolder(".")
    let routes = Routes(folder, JobCenter(folder), version: "0").operations
    func lane(_ method: String, _ path: String) -> Routes.Lane? {
      routes.first { ($0.method, $0.path) == (method, path) }?.lane
    }
    for path in [
      "/api/equations", "/api/datasets", "/api/runs", "/api/run/resume",
    ] { #expect(lane("POST", path) == .starting, "\(path)") }
    for path in ["/api/job", "/api/jobs"] {
      #expect(lane("GET", path) == .light, "\(path)")
    }
    for operation in routes where operation.lane == .slow {
      // A process of its own begins nothing that outlives it.
      #expect(operation.path != "/api/job/stop")
    }
    #expect(lane("POST", "/api/noise") == .slow)
    #expect(lane("POST", "/api/solve") == .quick)
  }
}
