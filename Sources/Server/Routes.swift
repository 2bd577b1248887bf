import Equations
import Foundation
import Parallel

/// What the workbench answers, by method and path.
struct Routes: Sendable {
  /// Whom an operation waits for.
  enum Lane: Sendable {
    /// Nobody: it says what is known.
    case light
    /// Those that look at what is in the folder.
    case listing
    /// What lies between sliders and curves.
    case quick
    /// What takes longer.
    case slow
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
    func get(
      _ path: String, _ lane: Lane = .slow,
      _ answer: @escaping @Sendable (RequestFields) throws -> Answer
    ) -> Operation {
      Operation(method: "GET", path: path, lane: lane, answer: answer)
    }
    func post(
      _ path: String, _ lane: Lane = .slow,
      _ answer: @escaping @Sendable (RequestFields) throws -> Answer
    ) -> Operation {
      Operation(method: "POST", path: path, lane: lane, answer: answer)
    }
    operations = [
      get("/api/workspace", .listing) {
        try $0.finish()
        return try .json(WorkspaceDescription(folder, version: version))
      },
      get("/api/equation", .quick) { try problems.equation($0) },
      post("/api/equation", .quick) { try problems.check($0) },
      post("/api/equations") { try problems.save($0) },
      post("/api/problem", .quick) { try problems.problem($0) },
      post("/api/matrix", .quick) { try problems.matrix($0) },
      get("/api/solvers", .listing) { try solvers.solvers($0) },
      post("/api/solve") { try solvers.solve($0) },
      post("/api/noise") { try solvers.noise($0) },
      get("/api/datasets", .listing) { try datasets.list($0) },
      post("/api/datasets") { try datasets.generate($0) },
      get("/api/dataset/sample") { try datasets.sample($0) },
      get("/api/dataset/distribution") {
        try datasets.distribution($0)
      },
      get("/api/dataset/file") { try datasets.file($0) },
      get("/api/jobs", .light) {
        try $0.finish()
        return try .json(jobs.all)
      },
      get("/api/job", .light) { fields in
        let id = try Self.id(fields)
        return try .json(jobs.status(id))
      },
      post("/api/job/stop", .light) { fields in
        let id = try Self.id(fields)
        return try .json(jobs.stop(id))
      },
      get("/api/runs", .listing) { try trainings.list($0) },
      post("/api/runs") { try trainings.train($0) },
      get("/api/run", .listing) { try trainings.detail($0) },
      post("/api/run/resume") { try trainings.resume($0) },
      get("/api/runs/compare") { try trainings.compare($0) },
      get("/api/report") { try trainings.report($0) },
    ]
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

  init(_ folder: ServedFolder, version: String) {
    self.version = version
    self.folder = folder.root
    equations =
      Equation.shippedNames.map {
        Listed(path: $0, name: $0, isShipped: true)
      }
      + folder.equations.map {
        Listed(
          path: $0.path, name: $0.name ?? $0.path, isShipped: false,
          problem: $0.problem)
      }
  }
}
