import ArgumentParser
import Foundation
import Parallel
import Studies

/// Processes of this program that share the runs of a study: each takes those that no
/// other is at.
struct StudyWorkers {
  private let arguments: [String]
  private let count: Int
  private let messages: MessageOptions

  init(_ arguments: [String], count: Int, messages: MessageOptions) {
    self.arguments = arguments
    self.count = count
    self.messages = messages
  }

  /// Waits until all runs are taken and ended.
  ///
  /// - Throws: `Cancelled`, when all have saved their states; `ExitCode` if one
  ///   failed, which has said why.
  func run(
    _ folder: StudyFolder, _ entries: [StudyFolder.Entry],
    _ cancellation: Cancellation
  ) throws {
    let workers = try (0..<min(count, entries.count)).map { _ in try start() }
    var isStopping = false
    messages.progress("study", total: entries.count, unit: "runs") { bar in
      var polls = 0
      while workers.contains(where: \.isRunning) {
        Thread.sleep(forTimeInterval: 0.1)
        polls += 1
        let hasFailed = workers.contains {
          !$0.isRunning && $0.terminationStatus != 0
        }
        if !isStopping, cancellation.isRequested || hasFailed {
          isStopping = true
          for worker in workers where worker.isRunning { worker.terminate() }
        }
        if polls.isMultiple(of: 10) {
          bar.update(entries.count { folder.isMeasured($0) })
        }
      }
    }
    try cancellation.check()
    // One that was stopped because another failed has nothing to tell.
    let statuses = workers.map {
      $0.terminationReason == .exit ? $0.terminationStatus : 1
    }.filter { $0 != 0 }
    let isStopped = { (status: Int32) in status == Interrupt.status }
    if let status = statuses.first(where: { !isStopped($0) }) ?? statuses.first
    {
      throw ExitCode(status)
    }
  }

  private func start() throws -> Process {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/proc/self/exe")
      .resolvingSymlinksInPath()
    process.arguments = arguments
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    do {
      try process.run()
    } catch {
      throw CommandFailure("another process cannot be started: \(error)")
    }
    return process
  }
}
