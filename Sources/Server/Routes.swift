import Equations
import Foundation
import Parallel

/// What the workbench answers, by method and path.
struct Routes: Sendable {
  /// Whom an operation waits for: others of its lane, and nobody else.
  enum Lane: Sendable, CaseIterable {
    /// It says what is known.
    case light
    /// It looks at what is in the folder.
    case listing
    /// It begins or keeps something.
    case starting
    /// It lies between sliders and curves; where it turns out to be long it is done
    /// as the slow ones are.
    case quick
    /// It takes longer, in a process of its own.
    case slow

    /// So long it may take.
    var limit: Duration { self == .slow ? .seconds(30) : .seconds(20) }

    /// Its threads, and how many may wait for them.
    var queue: WorkQueue {
      switch self {
      case .light, .listing: WorkQueue(threads: 1, room: 256, limit: limit)
      case .starting: WorkQueue(threads: 2, room: 64, limit: limit)
      case .quick:
        WorkQueue(
          threads: ThreadPool.processorCount, room: 256, limit: limit)
      case .slow:
        WorkQueue(threads: ThreadPool.processorCount, room: 64, limit: limit)
      }
    }
  }

  /// An operation of the API.
  struct Operation: Sendable {
    let method: String
    let path: String
    let lane: Lane
    let answer: @Sendable (RequestFields) throws -> Answer
  }

  let operations: [Operation]

  init(_ folder: ServedFolder, _ jobs: JobCenter, version: String) {
    let problems = ProblemService(folder: folder)
    let solvers = SolverService(folder: folder, networks: NetworkShelf())
    let datasets = DatasetService(folder: folder, jobs: jobs)
    let trainings = TrainingService(folder: folder, jobs: jobs)
    operations = [
      Self.get("/api/workspace", .listing) {
        try $0.finish()
        return try .json(WorkspaceDescription(folder, version: version))
      },
      Self.get("/api/equation", .quick) { try problems.equation($0) },
      Self.post("/api/equation", .quick) { try problems.check($0) },
      Self.post("/api/equations", .starting) { try problems.save($0) },
      Self.post("/api/problem", .quick) { try problems.problem($0) },
      Self.post("/api/matrix", .quick) { try problems.matrix($0) },
      Self.get("/api/unlisted", .listing) {
        try $0.finish()
        return try .json(folder.unlisted())
      },
      Self.get("/api/solvers", .listing) { try solvers.solvers($0) },
      Self.post("/api/solve", .quick) { try solvers.solve($0) },
      Self.post("/api/noise") { try solvers.noise($0) },
      Self.get("/api/datasets", .listing) { try datasets.list($0) },
      Self.post("/api/datasets", .starting) { try datasets.generate($0) },
      Self.get("/api/dataset/sample", .quick) { try datasets.sample($0) },
      Self.get("/api/dataset/distribution") {
        try datasets.distribution($0)
      },
      Self.get("/api/dataset/file", .quick) { try datasets.file($0) },
      Self.get("/api/jobs", .light) {
        try $0.finish()
        return try .json(jobs.all)
      },
      Self.get("/api/job", .light) { fields in
        let id = try Self.id(fields)
        return try .json(jobs.status(id))
      },
      Self.post("/api/job/stop", .light) { fields in
        let id = try Self.id(fields)
        return try .json(jobs.stop(id))
      },
      Self.get("/api/runs", .listing) { try trainings.list($0) },
      Self.post("/api/runs", .starting) { try trainings.train($0) },
      Self.get("/api/run", .listing) { try trainings.detail($0) },
      Self.post("/api/run/resume", .starting) { try trainings.resume($0) },
      Self.get("/api/runs/compare") { try trainings.compare($0) },
      Self.get("/api/report") { try trainings.report($0) },
    ]
  }

  private typealias Handler = @Sendable (RequestFields) throws -> Answer

  private static func get(
    _ path: String, _ lane: Lane = .slow, _ answer: @escaping Handler
  ) -> Operation {
    Operation(method: "GET", path: path, lane: lane, answer: answer)
  }

  private static func post(
    _ path: String, _ lane: Lane = .slow, _ answer: @escaping Handler
  ) -> Operation {
    Operation(method: "POST", path: path, lane: lane, answer: answer)
  }

  private static func id(_ fields: RequestFields) throws -> Int {
    guard let id = try fields.integer("id", in: SampleRequest.indices) else {
      throw fields.missing("id")
    }
    try fields.finish()
    return id
  }
}

/// What the server is about.
private struct WorkspaceDescription: Encodable {
  struct Listed: Encodable {
    let path: String
    let name: String
    let isShipped: Bool
    var problem: String?
  }
  struct Limits: Encodable {
    let nodes = SampleRequest.nodeCounts.upperBound
    let draws = 200
    let samples = 1_000_000_000
  }

  let version: String
  let folder: String
  let threads = ThreadPool.processorCount
  let equations: [Listed]
  let limits = Limits()

  init(_ folder: ServedFolder, version: String) throws {
    self.version = version
    self.folder = folder.root
    equations =
      try Equation.shippedNames.map {
        Listed(path: $0, name: $0, isShipped: true)
      }
      + folder.equations().map {
        Listed(
          path: $0.path, name: $0.name ?? $0.path, isShipped: false,
          problem: $0.problem)
      }
  }
}
