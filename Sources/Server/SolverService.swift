import Chebyshev
import DenseSolvers
import Equations
import Experiments
import Foundation
import Networks
import Parallel
import Systems
import Tables
import TensorFiles
import Training

/// Solvers side by side on one system, clean or noisy.
struct SolverService: Sendable {
  let folder: ServedFolder
  let networks: NetworkShelf

  static let mostSolvers = 32

  // MARK: Who there is

  private struct SolverDescription: Encodable, Sendable {
    let name: String
    let kind: String
    var knowledge = ""
    var model = ""
    var equation = ""
    var nodes: Int?
    var parameters: Int?
    var isLinear: Bool?
    var isSlow = false
    var testRelativeMSE: Double?
    var problem = ""
    /// What cannot be told of it.
    var remark = ""
  }

  func solvers(_ fields: RequestFields) throws -> Answer {
    try fields.finish()
    let knowledge = Dictionary(
      SolverCatalogue.knowledge.flatMap { line -> [(String, String)] in
        let parts = line.components(separatedBy: ": ")
        return parts[0].components(separatedBy: ", ").map {
          ($0, parts.dropFirst().joined(separator: ": "))
        }
      }, uniquingKeysWith: { first, _ in first })
    let classical = SolverCatalogue.names.map {
      SolverDescription(
        name: $0, kind: "classical", knowledge: knowledge[$0] ?? "",
        isSlow: SolverCatalogue.isSlow($0))
    }
    let trained = try folder.tensors(.checkpoint).map { entry in
      try Work.current.check()
      return folder.cached(entry, as: "network", describe)
    }
    return try .json(classical + trained)
  }

  private func describe(_ path: String) -> SolverDescription {
    var result = SolverDescription(
      name: path, kind: "network", knowledge: "A, b, training set")
    do {
      let checkpoint = try Checkpoint(path: path)
      let shape = checkpoint.configuration
      result.model = shape.model.rawValue
      result.nodes = shape.n
      result.parameters = shape.layout.parameterCount
      result.isLinear = checkpoint.encoding.kind.isLinear
      guard checkpoint.encoding.kind.isOfSystems else {
        result.problem =
          "learned steps of a minimisation, and solves no systems"
        return result
      }
      let name = Judged { try Self.equationName(checkpoint, path) }
      result.equation = (name.value ?? nil) ?? ""
      result.remark = name.warnings("its equation").joined()
      result.testRelativeMSE =
        checkpoint.notes["test_relative_mse_mean"]
        .flatMap { Double($0) }?.ifFinite
    } catch {
      result.problem = "\(error)".onOneLine
    }
    return result
  }

  /// The equation that a network was trained on; nil if it does not say.
  private static func equationName(_ checkpoint: Checkpoint, _ path: String)
    throws -> String?
  {
    guard let text = checkpoint.notes["recipe"],
      let yaml = try Recipe(note: text, path: path).data.equation
    else { return nil }
    return try Equation(yaml: yaml, path: path).name
  }

  // MARK: One system

  private struct Comparison: Encodable {
    let x: Numbers
    let u: Numbers
    let condition: Double?
    let solutions: [Solution]
    let command: Script
    let warnings: [String]
  }

  private struct Solution: Encodable {
    let solver: String
    /// Whether it has learned from this sample.
    var isTrained = false
    var u: Numbers?
    var error: Double?
    var maximumError: Double?
    var residual: Double?
    var milliseconds: Double?
    var doubts: [String]?
    var low: Numbers?
    var high: Numbers?
    var coverage: Double?
    var history: Numbers?
    var isConverged: Bool?
    var failure: String?

    init(_ solver: String) { self.solver = solver }
  }

  /// What a request wants solved.
  private struct Job {
    let sample: SampleRequest
    let solvers: [String]
    let noise: Noise
    var iteration: Iteration?
    var tolerance = 1e-10
  }

  /// An iteration, or none.
  private enum IterationChoice: String, CaseIterable {
    case none, richardson, gmres
  }

  func solve(_ fields: RequestFields) throws -> Answer {
    let format: AnswerFormat = try fields.choice("format") ?? .json
    var job = try job(fields)
    let choice: IterationChoice = try fields.choice("iterate") ?? .none
    job.iteration = Iteration(rawValue: choice.rawValue)
    let range = Double.leastNonzeroMagnitude...1.0.nextDown
    job.tolerance = try fields.number("tolerance", in: range) ?? 1e-10
    try fields.finish()
    try Work.current.isolate(if: try isLong(job))
    let (clean, problem) = try system(of: job.sample)
    var noisy = clean
    // The first draw of bvp robustness --sample.
    job.noise.apply(to: &noisy, sample: 0)
    let condition = Judged { try conditionNumber(noisy.A, n: noisy.n) }
    let context = SolverCatalogue.Context(
      job.noise.level > 0
        ? try job.sample.fixedEquation() : job.sample.equation, nodes: noisy.n)
    let setting = Setting(
      clean: clean, noisy: noisy, problem: problem,
      condition: condition.value, context: context,
      origin: try job.sample.origin())
    let answers = try job.solvers.map { name -> (Solution, [Double]?) in
      try Work.current.check()
      return solution(name, job, setting)
    }
    let domain = job.sample.equation.domain
    if format == .csv {
      var columns = SolutionColumns(problem, u: clean.u, on: domain)
      for (name, (_, u)) in zip(shortNames(of: job.solvers), answers) {
        if let u { columns.add("u_" + name, u) }
      }
      return .csv(
        try columns.table(points: nil), name: job.sample.fileName + "-solvers")
    }
    let trained = zip(job.solvers, answers).filter { $1.0.isTrained }.map(\.0)
    return try .json(
      Comparison(
        x: Numbers(grid(job.sample).reversed()),
        u: Numbers(clean.u.reversed()), condition: condition.value?.ifFinite,
        solutions: answers.map(\.0),
        command: try command(job, answers.map(\.0)),
        warnings: condition.warnings("κ₂")
          + shortNames(of: trained).map {
            "\($0) was trained on this sample: its error here says nothing of "
              + "others; take another seed"
          }))
  }

  /// The names of solvers in tables, which tell networks apart.
  private func shortNames(of solvers: [String]) -> [String] {
    let isClassical = SolverCatalogue.names.contains
    let trained = solvers.filter { !isClassical($0) }
    let names = Dictionary(
      uniqueKeysWithValues: zip(
        trained,
        Tables.shortNames(
          of: trained, unless: "model", besides: SolverCatalogue.names)))
    return solvers.map { names[$0] ?? $0 }
  }

  /// What a solver is given, and what its answer is compared with.
  private struct Setting {
    let clean: SolvedSystem
    let noisy: SolvedSystem
    let problem: BoundaryValueProblem
    let condition: Double?
    let context: SolverCatalogue.Context
    /// Which sample it is; nil of one that nobody draws.
    let origin: SampleOrigin?
  }

  /// The memory of one that may be at it for seconds.
  private static let longBytes = 32e6
  /// The nodes of networks whose training takes seconds to sample again, and of
  /// grids on which an iteration may.
  private static let longNodes = 128

  /// Whether some solver is at it so long that it must be ended from outside.
  private func isLong(_ job: Job) throws -> Bool {
    let n = job.sample.gridNodes
    let context = SolverCatalogue.Context(job.sample.equation, nodes: n)
    return try job.solvers.contains { name in
      guard SolverCatalogue.names.contains(name) else {
        let network = try folder.cached(
          folder.file(name), as: "network", describe)
        return network.nodes ?? 0 > Self.longNodes
          || (job.iteration != nil && n > Self.longNodes)
      }
      if SolverCatalogue.isSlow(name) { return true }
      // One that is not made says why when it is to solve.
      let solver = Judged {
        try SolverCatalogue.solver(name, for: context)
      }
      return solver.value?.bytes(order: n) ?? 0 > Self.longBytes
    }
  }

  private func grid(_ sample: SampleRequest) -> [Double] {
    chebpts(sample.gridNodes, on: sample.equation.domain)
  }

  private func job(_ fields: RequestFields) throws -> Job {
    let sample = try SampleRequest(fields, folder)
    let solvers = try fields.textList("solvers", most: Self.mostSolvers)
    for name in solvers where !SolverCatalogue.names.contains(name) {
      _ = try folder.file(name)
    }
    return Job(
      sample: sample, solvers: solvers,
      noise: try noise(fields.object("noise")))
  }

  private func noise(_ fields: RequestFields?) throws -> Noise {
    guard let fields else {
      return Noise(model: .relative, target: .A, level: 0, seed: 0)
    }
    let law: Noise.Law = try fields.choice("law") ?? .gaussian
    let noise = Noise(
      model: try fields.choice("model") ?? .relative,
      target: try fields.choice("target") ?? .A,
      level: try fields.number("level", in: 0...1e30) ?? 0,
      seed: UInt64(try fields.integer("seed", in: SampleRequest.seeds) ?? 0),
      law: law)
    try fields.finish()
    try check(noise.level, law)
    return noise
  }

  private func check(_ level: Double, _ law: Noise.Law) throws {
    guard level == 0 || Noise.levels.contains(level) else {
      throw ServiceError.wrong("'level' must be 0 or between 1e-30 and 1e30")
    }
    if law == .outliers, level > 1 {
      throw ServiceError.wrong(
        "'level' must be a share, 1 at most, of outliers")
    }
  }

  /// The clean system of a sample, its solution, and the sample.
  private func system(of sample: SampleRequest) throws -> (
    SolvedSystem, BoundaryValueProblem
  ) {
    let n = sample.gridNodes
    let source = try EquationSource(
      sample.equation, nodes: n, seed: sample.seed, count: nil,
      overrides: sample.overrides)
    var system = SolvedSystem(n: n)
    let workspace = SystemWorkspace()
    try source.load(sample.index, into: &system, workspace: workspace)
    return (system, workspace.problem)
  }

  /// What a solver says of a noisy system, in ascending x, and its answer as it is.
  private func solution(_ name: String, _ job: Job, _ setting: Setting) -> (
    Solution, [Double]?
  ) {
    var result = Solution(name)
    let (noisy, clean) = (setting.noisy, setting.clean)
    do {
      let u =
        SolverCatalogue.names.contains(name)
        ? try classical(name, job, setting, &result)
        : try network(name, job, setting, &result)
      let error = SquaredError(u, clean.u)
      result.u = Numbers(u.reversed())
      result.error = error.relative?.ifFinite
      let scale = clean.u.reduce(0) { max($0, abs($1)) }
      let largest = zip(u, clean.u).reduce(0) { max($0, abs($1.0 - $1.1)) }
      result.maximumError = scale > 0 ? (largest / scale).ifFinite : nil
      result.residual =
        equilibratedResidual(A: noisy.A, b: noisy.b, x: u, n: noisy.n).ifFinite
      return (result, u)
    } catch {
      result.failure = ServiceError(error).message
      return (result, nil)
    }
  }

  private func classical(
    _ name: String, _ job: Job, _ setting: Setting, _ result: inout Solution
  ) throws -> [Double] {
    let system = setting.noisy
    let solver = try SolverCatalogue.solver(name, for: setting.context)
    try SystemMemory(order: system.n, threads: 1).require(
      solving: solver.bytes(order: system.n), for: name)
    let knowledge = NoiseKnowledge(job.noise, of: system, for: solver)
    var u: [Double] = []
    let seconds = try measuredSeconds {
      u = try solver.solve(
        system, noise: knowledge, workspace: SystemWorkspace())
    }
    result.milliseconds = 1e3 * seconds
    return u
  }

  private func network(
    _ path: String, _ job: Job, _ setting: Setting, _ result: inout Solution
  ) throws -> [Double] {
    let system = setting.noisy
    return try networks.with(try folder.file(path), n: system.n) { network in
      var u: [Double] = []
      let seconds = try measuredSeconds {
        u = try network.predictor.predict(A: system.A, b: system.b)
      }
      result.milliseconds = 1e3 * seconds
      guard u.allSatisfy(\.isFinite) else {
        throw ServiceError.wrong("\(path): the network's answer is not finite")
      }
      result.isTrained =
        refusal(of: path, network.checkpoint, on: setting.origin) != nil
      result.doubts = doubts(network, setting, u)
      if let band = network.band {
        let half = band.halfWidths(u)
        result.low = Numbers(zip(u, half).map(-).reversed())
        result.high = Numbers(zip(u, half).map(+).reversed())
        result.coverage = band.coverage
      }
      guard let iteration = job.iteration else { return u }
      var found: Iteration.Result?
      let more = try measuredSeconds {
        let inverse = try network.predictor.inverse(of: system.A)
        found = try iteration.solve(
          A: system.A, b: system.b, tolerance: job.tolerance, limit: system.n
        ) {
          try Work.current.check()
          return try inverse($0)
        }
      }
      guard let found else { return u }
      result.milliseconds = 1e3 * more
      result.history = Numbers(found.history)
      result.isConverged = found.isConverged
      return found.x
    }
  }

  /// Why a network is not measured on a sample: it has learned from it.
  private func refusal(
    of path: String, _ checkpoint: Checkpoint, on origin: SampleOrigin?
  ) -> String? {
    do {
      try checkpoint.refuseTrainedSamples(
        origin, name: path, identity: "this law")
      return nil
    } catch {
      // Who it is stands before it.
      let message = "\(error)"
      let own = path + ": "
      return message.hasPrefix(own)
        ? String(message.dropFirst(own.count)) : message
    }
  }

  private func doubts(
    _ network: NetworkShelf.Loaded, _ setting: Setting, _ u: [Double]
  ) -> [String] {
    guard let domain = network.domain.value ?? nil else {
      return network.domain.warnings("what the network was trained on") + [
        "what the network was trained on cannot be sampled again; its answer "
          + "cannot be judged"
      ]
    }
    let system = setting.noisy
    return domain.doubts(
      setting.problem, condition: setting.condition,
      residual: equilibratedResidual(
        A: system.A, b: system.b, x: u, n: system.n)
    ).map(\.text)
  }

  /// The commands that give the view's answers, of a clean system, or its errors.
  private func command(_ job: Job, _ solutions: [Solution]) throws -> Script {
    var script = Script()
    let able = solutions.filter { $0.failure == nil }
    guard job.noise.level == 0 else {
      let measured = able.filter { !$0.isTrained && $0.history == nil }
      for name in able.map(\.solver)
      where !measured.contains(where: { $0.solver == name }) {
        let reason =
          job.iteration == nil
          ? "it was trained on this sample"
          : "no command iterates on one noisy system"
        script.remark("\(name) is left out: \(reason)")
      }
      guard !measured.isEmpty else { return script }
      try job.sample.measure(
        &script, by: measured.map(\.solver), under: job.noise,
        levels: [job.noise.level], draws: 1)
      return script
    }
    let words = able.isEmpty ? [] : job.sample.solving(&script)
    for own in able {
      var line =
        words
        + ["--nodes", "\(job.sample.gridNodes)", "--method", own.solver]
      if own.history != nil, let iteration = job.iteration {
        line += ["--iterate", iteration.rawValue]
        if job.tolerance != 1e-10 {
          line += ["--tolerance", NumberFormat.exact.text(job.tolerance)]
        }
      }
      script.add(line)
    }
    return script
  }

  // MARK: Many draws of the noise

  private struct NoiseCurves: Encodable {
    let levels: [Double]
    let draws: Int
    let curves: [NoiseCurve]
    let command: Script
  }

  private struct NoiseCurve: Encodable {
    let solver: String
    var median = Numbers([])
    var p10 = Numbers([])
    var p90 = Numbers([])
    var failure: String?
  }

  /// So long one solver may take.
  private static let patience: Duration = .seconds(20)

  /// The curves of solvers, or of one of them, so that a client has each as soon as
  /// it is there.
  func noise(_ fields: RequestFields) throws -> Answer {
    let format: AnswerFormat = try fields.choice("format") ?? .json
    let job = try job(fields)
    let levels = try fields.numberList("levels", in: 0...1e30, most: 16)
    let draws = try fields.integer("draws", in: 1...200) ?? 100
    let only = try fields.text("only")
    try fields.finish()
    for level in levels { try check(level, job.noise.law) }
    guard only == nil || job.solvers.contains(only ?? "") else {
      throw ServiceError.wrong("'only' must be one of 'solvers'")
    }
    let noises = levels.map { level in
      var noise = job.noise
      noise.level = level
      return noise
    }
    let (system, _) = try system(of: job.sample)
    let source = RepeatedSystem(system, count: draws)
    let named = zip(job.solvers, shortNames(of: job.solvers)).filter {
      only == nil || only == $0.0
    }
    let results = try named.map {
      try curve($0, called: $1, job, noises, source)
    }
    if format == .csv {
      return .csv(
        ResultTable(results.flatMap(\.1)), name: job.sample.fileName + "-noise")
    }
    var script = Script()
    let able = try job.solvers.filter { name in
      let reason = try obstacle(name, job)
      if let reason { script.remark("\(name) is left out: \(reason)") }
      return reason == nil
    }
    if !able.isEmpty {
      try job.sample.measure(
        &script, by: able, under: job.noise, levels: levels, draws: draws)
    }
    return try .json(
      NoiseCurves(
        levels: levels, draws: draws, curves: results.map(\.0),
        command: script))
  }

  private func curve(
    _ name: String, called short: String, _ job: Job, _ noises: [Noise],
    _ source: RepeatedSystem
  ) throws -> (NoiseCurve, [RobustnessRow]) {
    do {
      if let reason = try obstacle(name, job) {
        throw ServiceError.wrong(reason)
      }
      let rows = try rows(name, called: short, job, noises, source)
      return (
        NoiseCurve(
          solver: name, median: Numbers(rows.map(\.relativeMSE.median)),
          p10: Numbers(rows.map(\.relativeMSE.p10)),
          p90: Numbers(rows.map(\.relativeMSE.p90))), rows
      )
    } catch is Cancelled {
      try Work.current.check()
      return (
        NoiseCurve(
          solver: name,
          failure: "takes more than \(Self.patience.components.seconds) s here"
        ), []
      )
    } catch {
      return (
        NoiseCurve(solver: name, failure: ServiceError(error).message), []
      )
    }
  }

  /// Why a solver has no curve here, or none that bvp robustness would give.
  private func obstacle(_ name: String, _ job: Job) throws -> String? {
    guard !SolverCatalogue.names.contains(name) else {
      return SolverCatalogue.isSlow(name)
        ? "it takes too long for so many draws here; bvp robustness has it"
        : nil
    }
    let network = try folder.cached(
      folder.file(name), as: "network", describe)
    guard network.problem.isEmpty else { return network.problem }
    let n = job.sample.gridNodes
    // What polya says of an operator holds on any grid.
    let isFree = network.model == NetworkConfiguration.Model.polya.rawValue
    guard isFree || network.nodes == n else {
      return "it is for \(network.nodes ?? 0) nodes"
    }
    return refusal(
      of: name, try Checkpoint(path: name), on: try job.sample.origin())
  }

  private func rows(
    _ name: String, called short: String, _ job: Job, _ noises: [Noise],
    _ source: RepeatedSystem
  ) throws -> [RobustnessRow] {
    let deadline = ContinuousClock.now.advanced(by: Self.patience)
    let work = Work.current
    let isOver = { @Sendable in
      ContinuousClock.now > deadline || work.reason != nil
    }
    func run(_ solver: any SystemSolver) throws -> [RobustnessRow] {
      try Robustness(
        noises: noises, solvers: [solver], threads: ThreadPool.processorCount
      ).run(
        on: source, count: source.draws, cancellation: Cancellation(isOver))
    }
    if SolverCatalogue.names.contains(name) {
      let context = SolverCatalogue.Context(
        try job.sample.fixedEquation(), nodes: source.n)
      return try run(
        ImpatientSolver(
          try SolverCatalogue.solver(name, for: context), isOver))
    }
    return try networks.with(try folder.file(name), n: source.n) {
      try run(NetworkSolver(short, $0.predictor, band: $0.band))
    }
  }
}

/// A solver that asks before each system whether somebody still waits.
private struct ImpatientSolver: SystemSolver, @unchecked Sendable {
  private let solver: any SystemSolver
  private let isOver: @Sendable () -> Bool

  init(_ solver: any SystemSolver, _ isOver: @escaping @Sendable () -> Bool) {
    self.solver = solver
    self.isOver = isOver
  }

  var name: String { solver.name }
  var knowledge: String { solver.knowledge }
  var asksUncertainty: Bool { solver.asksUncertainty }
  var isExact: Bool { solver.isExact }
  var band: ConformalBand? { solver.band }

  func bytes(order n: Int) -> Double { solver.bytes(order: n) }

  func solve(
    _ system: SolvedSystem, noise: NoiseKnowledge, workspace: SystemWorkspace
  ) throws -> [Double] {
    if isOver() { throw Cancelled() }
    return try solver.solve(system, noise: noise, workspace: workspace)
  }
}
