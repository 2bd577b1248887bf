import Equations
import Foundation
import Parallel

/// What the workbench answers, by method and path.
struct Routes: Sendable {
  /// An operation of the API.
  struct Operation: Sendable {
    let method: String
    let path: String
    /// Whether it is done between slider and curve; what takes longer has threads
    /// of its own.
    var isQuick = true
    let answer: @Sendable (RequestFields) throws -> Answer
  }

  let operations: [Operation]

  init(_ folder: ServedFolder, _ jobs: JobCenter, version: String) {
    let problems = ProblemService(folder: folder)
    let solvers = SolverService(folder: folder, networks: NetworkShelf())
    let datasets = DatasetService(folder: folder, jobs: jobs)
    let trainings = TrainingService(folder: folder, jobs: jobs)
    func get(
      _ path: String, isQuick: Bool = true,
      _ answer: @escaping @Sendable (RequestFields) throws -> Answer
    ) -> Operation {
      Operation(method: "GET", path: path, isQuick: isQuick, answer: answer)
    }
    func post(
      _ path: String, isQuick: Bool = true,
      _ answer: @escaping @Sendable (RequestFields) throws -> Answer
    ) -> Operation {
      Operation(method: "POST", path: path, isQuick: isQuick, answer: answer)
    }
    operations = [
      get("/api/workspace", isQuick: false) {
        try $0.finish()
        return try .json(WorkspaceDescription(folder, version: version))
      },
      get("/api/equation") { try problems.equation($0) },
      post("/api/equation") { try problems.check($0) },
      post("/api/equations", isQuick: false) { try problems.save($0) },
      post("/api/problem") { try problems.problem($0) },
      post("/api/matrix") { try problems.matrix($0) },
      get("/api/solvers", isQuick: false) { try solvers.solvers($0) },
      post("/api/solve", isQuick: false) { try solvers.solve($0) },
      post("/api/noise", isQuick: false) { try solvers.noise($0) },
      get("/api/datasets", isQuick: false) { try datasets.list($0) },
      post("/api/datasets", isQuick: false) { try datasets.generate($0) },
      get("/api/dataset/sample", isQuick: false) { try datasets.sample($0) },
      get("/api/dataset/distribution", isQuick: false) {
        try datasets.distribution($0)
      },
      get("/api/dataset/file", isQuick: false) { try datasets.file($0) },
      get("/api/jobs") {
        try $0.finish()
        return try .json(jobs.all)
      },
      get("/api/job") { fields in
        let id = try Self.id(fields)
        return try .json(jobs.status(id))
      },
      post("/api/job/stop") { fields in
        let id = try Self.id(fields)
        return try .json(jobs.stop(id))
      },
      get("/api/runs", isQuick: false) { try trainings.list($0) },
      post("/api/runs", isQuick: false) { try trainings.train($0) },
      get("/api/run", isQuick: false) { try trainings.detail($0) },
      post("/api/run/resume", isQuick: false) { try trainings.resume($0) },
      get("/api/runs/compare", isQuick: false) { try trainings.compare($0) },
      get("/api/report", isQuick: false) { try trainings.report($0) },
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
