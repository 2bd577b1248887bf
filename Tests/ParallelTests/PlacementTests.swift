import Foundation
import Testing

@testable import Parallel

/// Where the threads of a job may run.
struct PlacementTests {
  /// The processors that the calling thread may use, as the system has them.
  private func allowed() -> String {
    let status = try? String(
      contentsOfFile: "/proc/thread-self/status", encoding: .utf8)
    return (status ?? "").split(separator: "\n").first {
      $0.hasPrefix("Cpus_allowed:")
    }.map(String.init) ?? ""
  }

  /// A worker that was moved off another's processor is free again.
  @Test func noThreadStaysTiedToAProcessor() throws {
    let own = allowed()
    let threads = max(2, ThreadPool.processorCount)
    let lock = NSLock()
    nonisolated(unsafe) var seen: Set<String> = []
    nonisolated(unsafe) var workers: Set<Int> = []
    for _ in 0..<50 {
      try parallelTasks(4 * threads, threads: threads) { _, worker in
        usleep(200)
        let set = allowed()
        lock.withLock {
          seen.insert(set)
          workers.insert(worker)
        }
      }
    }
    #expect(!own.isEmpty && seen == [own])
    #expect(workers.count > 1)
  }
}
