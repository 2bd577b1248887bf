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
    let trained = folder.tensors(.checkpoint).map { entry in
      folder.cached(entry, as: "network", describe)
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
      if let text = checkpoint.notes["recipe"],
        let recipe = try? Recipe(note: text, path: path),
        let yaml = recipe.data.equation
      {
        result.equation =
          (try? Equation(yaml: yaml, path: path))?.name ?? ""
      }
      result.testRelativeMSE =
        checkpoint.notes["test_relative_mse_mean"]
        .flatMap { Double($0) }?.ifFinite
    } catch {
      result.problem = "\(error)".onOneLine
    }
    return result
  }

  // MARK: One system

  private struct Comparison: Encodable {
    let x: Numbers
    let u: Numbers
    let condition: Double?
    let solutions: [Solution]
    let commands: [String]
    let warnings: [String]
  }

  private struct Solution: Encodable {
    let solver: String
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
    let (clean, problem) = try system(of: job.sample)
    var noisy = clean
    job.noise.apply(to: &noisy, sample: job.sample.index)
    let condition = try? conditionNumber(noisy.A, n: noisy.n)
    let answers = job.solvers.map { name -> (Solution, [Double]?) in
      solution(name, job, noisy: noisy, clean: clean, problem, condition)
    }
    let domain = job.sample.equation.domain
    if format == .csv {
      var columns = SolutionColumns(problem, u: clean.u, on: domain)
      for (name, (_, u)) in zip(job.solvers, answers) {
        if let u { columns.add("u_" + shortName(of: name, unless: "model"), u) }
      }
      return .csv(
        try columns.table(points: nil), name: job.sample.fileName + "-solvers")
    }
    return try .json(
      Comparison(
        x: Numbers(grid(job.sample).reversed()),
        u: Numbers(clean.u.reversed()), condition: condition?.ifFinite,
        solutions: answers.map(\.0), commands: commands(job), warnings: []))
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
  private func solution(
    _ name: String, _ job: Job, noisy: SolvedSystem, clean: SolvedSystem,
    _ problem: BoundaryValueProblem, _ condition: Double?
  ) -> (Solution, [Double]?) {
    var result = Solution(name)
    do {
      let u =
        SolverCatalogue.names.contains(name)
        ? try classical(name, job, noisy, &result)
        : try network(name, job, noisy, problem, condition, &result)
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
    _ name: String, _ job: Job, _ system: SolvedSystem,
    _ result: inout Solution
  ) throws -> [Double] {
    let context = SolverCatalogue.Context(job.sample.equation, nodes: system.n)
    let solver = try SolverCatalogue.solver(name, for: context)
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
    _ path: String, _ job: Job, _ system: SolvedSystem,
    _ problem: BoundaryValueProblem, _ condition: Double?,
    _ result: inout Solution
  ) throws -> [Double] {
    try networks.with(try folder.file(path), n: system.n) { network in
      var u: [Double] = []
      let seconds = try measuredSeconds {
        u = try network.predictor.predict(A: system.A, b: system.b)
      }
      result.milliseconds = 1e3 * seconds
      guard u.allSatisfy(\.isFinite) else {
        throw ServiceError.wrong("\(path): the network's answer is not finite")
      }
      result.doubts = doubts(network, problem, system, condition, u)
      if let band = network.band {
        let half = band.halfWidths(u)
        result.low = Numbers(zip(u, half).map(-).reversed())
        result.high = Numbers(zip(u, half).map(+).reversed())
        result.coverage = band.coverage
      }
      guard let iteration = job.iteration else { return u }
      var found: Iteration.Result?
      let more = try measuredSeconds {
        found = try iteration.solve(
          A: system.A, b: system.b, tolerance: job.tolerance, limit: system.n,
          inverse: network.predictor.inverse(of: system.A))
      }
      guard let found else { return u }
      result.milliseconds = 1e3 * more
      result.history = Numbers(found.history)
      result.isConverged = found.isConverged
      return found.x
    }
  }

  private func doubts(
    _ network: NetworkShelf.Loaded, _ problem: BoundaryValueProblem,
    _ system: SolvedSystem, _ condition: Double?, _ u: [Double]
  ) -> [String] {
    guard let domain = network.domain else {
      return [
        "what the network was trained on cannot be sampled again; its answer "
          + "cannot be judged"
      ]
    }
    return domain.doubts(
      problem, condition: condition,
      residual: equilibratedResidual(
        A: system.A, b: system.b, x: u, n: system.n)
    ).map(\.text)
  }

  /// The commands that solve the clean system, one for each solver.
  private func commands(_ job: Job) -> [String] {
    job.solvers.map { name in
      var words =
        ["bvp", "solve"] + job.sample.arguments
        + ["--nodes", "\(job.sample.gridNodes)", "--method", name]
      if !SolverCatalogue.names.contains(name), let iteration = job.iteration {
        words += ["--iterate", iteration.rawValue]
        if job.tolerance != 1e-10 {
          words += ["--tolerance", NumberFormat.exact.text(job.tolerance)]
        }
      }
      return shellLine(words)
    }
  }

  // MARK: Many draws of the noise

  private struct NoiseCurves: Encodable {
    let levels: [Double]
    let draws: Int
    let curves: [NoiseCurve]
    let command: String
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

  func noise(_ fields: RequestFields) throws -> Answer {
    let format: AnswerFormat = try fields.choice("format") ?? .json
    let job = try job(fields)
    let levels = try fields.numberList("levels", in: 0...1e30, most: 16)
    let draws = try fields.integer("draws", in: 1...200) ?? 100
    try fields.finish()
    for level in levels { try check(level, job.noise.law) }
    let noises = levels.map { level in
      var noise = job.noise
      noise.level = level
      return noise
    }
    let (system, _) = try system(of: job.sample)
    let source = RepeatedSystem(system, count: draws)
    let results = job.solvers.map { name -> (NoiseCurve, [RobustnessRow]) in
      do {
        let rows = try rows(name, job, noises, source)
        return (
          NoiseCurve(
            solver: name, median: Numbers(rows.map(\.relativeMSE.median)),
            p10: Numbers(rows.map(\.relativeMSE.p10)),
            p90: Numbers(rows.map(\.relativeMSE.p90))), rows
        )
      } catch is Cancelled {
        return (
          NoiseCurve(
            solver: name,
            failure: "takes more than \(Self.patience.inSeconds) s here"), []
        )
      } catch {
        return (
          NoiseCurve(solver: name, failure: ServiceError(error).message), []
        )
      }
    }
    if format == .csv {
      return .csv(
        ResultTable(results.flatMap(\.1)), name: job.sample.fileName + "-noise")
    }
    return try .json(
      NoiseCurves(
        levels: levels, draws: draws, curves: results.map(\.0),
        command: noiseCommand(job, levels, draws)))
  }

  private func rows(
    _ name: String, _ job: Job, _ noises: [Noise], _ source: RepeatedSystem
  ) throws -> [RobustnessRow] {
    guard !SolverCatalogue.isSlow(name) else {
      throw ServiceError.wrong(
        "\(name) takes too long for so many draws here; bvp robustness has it")
    }
    let deadline = ContinuousClock.now.advanced(by: Self.patience)
    let cancellation = Cancellation { ContinuousClock.now > deadline }
    func run(_ solver: any SystemSolver) throws -> [RobustnessRow] {
      try Robustness(
        noises: noises, solvers: [solver], threads: ThreadPool.processorCount
      ).run(on: source, count: source.draws, cancellation: cancellation)
    }
    if SolverCatalogue.names.contains(name) {
      let context = SolverCatalogue.Context(
        job.sample.equation, nodes: source.n)
      return try run(try SolverCatalogue.solver(name, for: context))
    }
    return try networks.with(try folder.file(name), n: source.n) {
      try run(
        NetworkSolver(
          shortName(of: name, unless: "model"), $0.predictor, band: $0.band))
    }
  }

  /// The commands that make the sample's system a file, and do the same to it.
  private func noiseCommand(_ job: Job, _ levels: [Double], _ draws: Int)
    -> String
  {
    guard job.sample.overrides.isEmpty else {
      return "# bvp robustness has samples as they are drawn, without --set"
    }
    let sample = job.sample
    let classical = job.solvers.filter(SolverCatalogue.names.contains)
    let trained = job.solvers.filter { !SolverCatalogue.names.contains($0) }
    let file = sample.fileName + ".safetensors"
    let make = [
      "bvp", "generate", sample.name, "--samples", "\(sample.index + 1)",
      "--seed", "\(sample.seed)", "--nodes", "\(sample.gridNodes)",
      "--output", file,
    ]
    let use =
      ["bvp", "robustness"] + trained + [
        "--data", file, "--sample", "\(sample.index)", "--draws", "\(draws)",
        "--noise", job.noise.model.rawValue, "--target",
        job.noise.target.rawValue, "--law", job.noise.law.rawValue, "--seed",
        "\(job.noise.seed)", "--levels",
        levels.map { NumberFormat.exact.text($0) }.joined(separator: ","),
        "--solvers",
        classical.isEmpty ? "none" : classical.joined(separator: ","),
      ]
    return shellLine(make) + "\n" + shellLine(use)
  }
}
