import Foundation
import Tables

/// Work that takes longer than a request: processes of the command, each in a
/// process of its own, so that what it does is what the command does, and it may
/// be stopped as a command is.
///
/// Processes are begun by one thread, that of ``run(until:)``, and follow it: when
/// it is gone, however that happened, they save their states and end.
final class JobCenter: @unchecked Sendable {
  enum Kind: String, Encodable { case generate, pretrain, finetune }
  enum State: String, Encodable {
    case running, stopping, finished, stopped, failed
  }

  /// How a job stands.
  struct Status: Encodable, Sendable {
    let id: Int
    let kind: Kind
    var state = State.running
    let path: String
    let command: String
    var done = 0
    var total: Int
    let unit: String
    var rate: Double?
    var secondsLeft: Double?
    var message = ""
    let began = Date.now.timeIntervalSince1970
  }

  fileprivate final class Job: @unchecked Sendable {
    var status: Status
    let process = Process()
    /// What it has said since the last whole line.
    var rest = ""

    init(_ status: Status) { self.status = status }
  }

  private struct Start {
    let job: Job
    let done: DispatchSemaphore
  }

  /// So many at a time.
  private static let mostRunning = 4
  /// So many are remembered.
  private static let mostKnown = 200

  private let folder: ServedFolder
  private let condition = NSCondition()
  private var jobs: [Job] = []
  private var waiting: [Start] = []
  private var isClosed = false
  private var last = 0

  init(_ folder: ServedFolder) { self.folder = folder }

  // MARK: Requests

  /// Begins a job.
  ///
  /// - Throws: ``ServiceError`` if somebody is at the same path, or too many run.
  func start(
    _ kind: Kind, path: String, arguments: [String], total: Int, unit: String
  ) throws -> Status {
    condition.lock()
    let isFree = !jobs.contains { $0.status.path == path && $0.isLive }
    let running = jobs.count { $0.isLive }
    guard isFree, running < Self.mostRunning, !isClosed else {
      defer { condition.unlock() }
      if !isFree { throw ServiceError.taken("\(path): a job is at it") }
      throw ServiceError(
        503, "\(running) jobs are running; stop one, or wait for one to end")
    }
    last += 1
    let job = Job(
      Status(
        id: last, kind: kind, path: path,
        command: shellLine(["bvp"] + arguments), total: total, unit: unit))
    job.process.arguments = arguments
    jobs.append(job)
    forget()
    let start = Start(job: job, done: DispatchSemaphore(value: 0))
    waiting.append(start)
    condition.signal()
    condition.unlock()
    start.done.wait()
    return condition.withLock { job.status }
  }

  /// Forgets the oldest that have ended.
  private func forget() {
    while jobs.count > Self.mostKnown,
      let oldest = jobs.firstIndex(where: { !$0.isLive })
    {
      jobs.remove(at: oldest)
    }
  }

  var all: [Status] { condition.withLock { jobs.map(\.status) } }

  func status(_ id: Int) throws -> Status {
    guard let status = all.first(where: { $0.id == id }) else {
      throw ServiceError.missing("there is no job \(id)")
    }
    return status
  }

  /// The job that is at a path.
  func live(at path: String) -> Status? {
    condition.withLock {
      jobs.first { $0.status.path == path && $0.isLive }?.status
    }
  }

  /// Asks a job to stop.
  func stop(_ id: Int) throws -> Status {
    _ = try status(id)
    return try condition.withLock {
      guard let job = jobs.first(where: { $0.status.id == id }) else {
        throw ServiceError.missing("there is no job \(id)")
      }
      job.stop()
      return job.status
    }
  }

  // MARK: Processes

  /// Begins and watches processes until there is a reason to end, and then ends
  /// them, which takes as long as they need to save what they have.
  ///
  /// - Parameter isOver: asked ten times a second.
  func run(until isOver: () -> Bool) {
    while !isOver() {
      condition.lock()
      if waiting.isEmpty {
        _ = condition.wait(until: .now.addingTimeInterval(0.1))
      }
      beginWaiting()
      watch()
      condition.unlock()
    }
    condition.lock()
    isClosed = true
    for start in waiting { start.done.signal() }
    waiting = []
    for job in jobs { job.stop() }
    while jobs.contains(where: \.process.isRunning) {
      _ = condition.wait(until: .now.addingTimeInterval(0.05))
    }
    watch()
    condition.unlock()
  }

  private func beginWaiting() {
    for start in waiting {
      begin(start.job)
      start.done.signal()
    }
    waiting = []
  }

  private func begin(_ job: Job) {
    guard job.status.state == .running else {
      job.status.state = .stopped
      return
    }
    guard CompanionProcess.hasDescriptors else {
      job.status.state = .failed
      job.status.message = "there are no file descriptors left"
      return
    }
    let pipe = Pipe()
    let process = job.process
    process.executableURL = CompanionProcess.executable
    process.currentDirectoryURL = URL(fileURLWithPath: folder.root)
    process.environment = folder.environment
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    process.standardError = pipe
    pipe.fileHandleForReading.readabilityHandler = { [weak self] handle in
      let data = handle.availableData
      if data.isEmpty {
        handle.readabilityHandler = nil
      } else {
        self?.hear(data, of: job)
      }
    }
    do {
      try process.run()
    } catch {
      job.status.state = .failed
      job.status.message = "another process cannot be started: \(error)"
      pipe.fileHandleForReading.readabilityHandler = nil
    }
  }

  /// Notes which processes have ended.
  private func watch() {
    for job in jobs where job.isLive && job.hasBegun && !job.process.isRunning {
      let status = job.process.terminationStatus
      let isExit = job.process.terminationReason == .exit
      if isExit, status == 0 {
        job.status.state = .finished
        job.status.done = job.status.total
      } else if job.status.state == .stopping
        || (isExit && status == CompanionProcess.stoppedStatus)
      {
        job.status.state = .stopped
      } else {
        job.status.state = .failed
        if !isExit {
          job.status.message = "was ended by signal \(status)"
        } else if job.status.message.isEmpty {
          job.status.message = "ended with status \(status)"
        }
      }
      job.status.rate = nil
      job.status.secondsLeft = nil
    }
  }

  // MARK: What they say

  private func hear(_ data: Data, of job: Job) {
    condition.withLock {
      job.rest += String(decoding: data, as: UTF8.self)
      var lines = job.rest.split(
        separator: "\n", omittingEmptySubsequences: false)
      job.rest = String((lines.popLast() ?? "").suffix(10_000))
      for line in lines { job.hear(String(line)) }
    }
  }
}

extension JobCenter.Job {
  var isLive: Bool { status.state == .running || status.state == .stopping }

  var hasBegun: Bool { process.processIdentifier > 0 }

  /// Asks it to stop, once: a second time would end it before its state is saved.
  fileprivate func stop() {
    guard status.state == .running else { return }
    status.state = .stopping
    if process.isRunning { process.terminate() }
  }

  /// Reads "pretrain 12 %  1234/10000 samples, 103/s, …", or a message.
  fileprivate func hear(_ line: String) {
    for prefix in ["bvp: ", "Error: "] where line.hasPrefix(prefix) {
      status.message = String(line.dropFirst(prefix.count))
      return
    }
    guard
      let found = line.firstMatch(of: /(\d+)\/(\d+) \w+(?:, ([0-9.e+-]+)\/s)?/),
      let done = Int(found.1), let total = Int(found.2)
    else { return }
    (status.done, status.total) = (done, total)
    guard let rate = found.3.flatMap({ Double($0) }), rate > 0 else { return }
    status.rate = rate
    status.secondsLeft = Double(total - done) / rate
  }
}
