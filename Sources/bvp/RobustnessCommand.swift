import ArgumentParser
import Datasets
import DenseSolvers
import Equations
import Experiments
import Foundation
import Networks
import TensorFiles
import Training

/// Solvers that are not networks, "lu,qr,projection".
struct ClassicalSolvers: ExpressibleByArgument {
  enum Solver: Hashable {
    case dense(DenseSolver)
    case projection
  }

  let solvers: [Solver]

  static let names = DenseSolver.allCases.map(\.rawValue) + ["projection"]

  init?(argument: String) {
    if argument == "none" {
      solvers = []
      return
    }
    let parts =
      argument == "all"
      ? Self.names
      : argument.split(separator: ",", omittingEmptySubsequences: false)
        .map(String.init)
    solvers = parts.compactMap { name in
      name == "projection"
        ? .projection : DenseSolver(rawValue: name).map(Solver.dense)
    }
    guard solvers.count == parts.count, Set(solvers).count == solvers.count
    else { return nil }
  }
}

struct RobustnessCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "robustness",
    abstract: "Compare solvers on noisy systems with clean solutions.",
    discussion: """
      Noise ξ is standard normal and the same for every solver; boundary rows
      stay clean. relative: each entry times 1 + σξ; absolute: plus σξ; rms:
      plus σξ times the root mean square of the entries. The error of a sample
      is ‖û − u‖²/‖u‖²; the table shows its median, the CSV its mean and
      percentiles, the residual, the error by band of Chebyshev coefficients
      (lowest quarter, second quarter, upper half) and at the boundary.

      What the solvers know: lu, qr, svd, tikhonov-gcv and tsvd-gcv A and b
      alone; tikhonov and tsvd the noise's model and level as well; projection
      the form of the operator, whose coefficients it fits to A by least
      squares unless they are the same in all samples;
      a network its training set.

      EXAMPLE:

        bvp robustness runs/diffusion/model.safetensors \\
          --data test.safetensors --noise relative --target A
      """)

  @Argument(help: "Checkpoints.")
  var checkpoints: [String] = []

  @Option(help: "The dataset.")
  var data: String

  @Option(help: "What noise is proportional to: relative, absolute or rms.")
  var noise = Noise.Model.relative

  @Option(help: "What is noisy: A, b or both.")
  var target = Noise.Target.A

  @Option(
    help: ArgumentHelp(
      "σ, one or many; 0 is clean. (default: 1e-6,1e-5,…,1e-1)",
      valueName: "levels"))
  var levels: CommaList<Double>?

  @Option(
    help: ArgumentHelp(
      """
      Of lu, qr, svd, tikhonov, tsvd, tikhonov-gcv, tsvd-gcv and projection; \
      or all, or none. (default: lu,qr,svd)
      """, valueName: "solvers"))
  var solvers: ClassicalSolvers?

  @Option(help: "Use the first samples only. (default: all)")
  var samples: Int?

  @Option(help: "The noise's seed.")
  var seed: UInt64 = 0

  @Option(help: "The networks' precision: auto, f32 or bf16.")
  var precision: PrecisionChoice = .f32

  @Option(
    name: .shortAndLong, help: "Write the CSV to this file as well.")
  var output: String?

  @OptionGroup var format: FormatOptions
  @OptionGroup var threads: ThreadOptions
  @OptionGroup var force: ForceOptions
  @OptionGroup var messages: OutputOptions

  func validate() throws {
    guard (samples ?? 1) >= 1 else {
      throw ValidationError("--samples must be positive")
    }
    try levels?.check("--levels", "zero or positive") {
      $0 >= 0 && $0.isFinite
    }
  }

  private static let defaultLevels = [1e-6, 1e-5, 1e-4, 1e-3, 1e-2, 1e-1]

  func run() throws {
    if let output { try force.check(output) }
    Interrupt.watch()
    let reader = try DatasetReader(path: data)
    let source = DatasetSource(reader, limit: samples)
    let count = source.limit
    guard count > 0 else { throw CommandFailure("\(data): has no samples") }
    let experiment = Robustness(
      model: noise, target: target,
      levels: levels?.values ?? Self.defaultLevels, seed: seed,
      solvers: try contestants(reader), threads: threads.count)
    let bar = ProgressBar(
      "robustness", total: count, unit: "samples", isQuiet: messages.quiet)
    let results = try experiment.run(
      on: source, count: count, isCancelled: { Interrupt.isRequested },
      progress: { bar.update($0) })
    bar.clear()
    guard let results else { throw CommandFailure("interrupted") }
    let csv = Self.csv(results)
    if let output { try writeTable(csv, to: output) }
    switch format.choice {
    case .csv: for line in csv { Console.print(line) }
    case .json: try printJSON(results.map(Row.init))
    case .table: printTable(results, equation: reader.equation.name)
    }
  }

  private func contestants(_ reader: DatasetReader) throws
    -> [Robustness.Solver]
  {
    let classical =
      solvers?.solvers ?? [.dense(.lu), .dense(.qr), .dense(.svd)]
    let engine = try ComputeEngine(threads: threads.count)
    var result = try classical.map { solver -> Robustness.Solver in
      switch solver {
      case .dense(let solver): .dense(solver)
      case .projection:
        .projection(try Projection(reader.equation, nodes: reader.n))
      }
    }
    for (path, name) in zip(
      checkpoints,
      checkpointNames(checkpoints, besides: ClassicalSolvers.names))
    {
      let predictor = try Predictor(
        Checkpoint(path: path), engine: engine,
        precision: precision.precision, n: reader.n)
      result.append(.network(name: name, predictor))
    }
    guard !result.isEmpty else {
      throw CommandFailure("there is no solver: --solvers none, no checkpoint")
    }
    return result
  }
}

// MARK: Output

extension RobustnessCommand {
  /// The keys are a contract with scripts.
  private struct Row: Encodable {
    let noise: String
    let target: String
    let level: Double
    let solver: String
    let samples: Int
    let relative_mse: Metrics.Distribution
    let failures: Int
    let microseconds_per_system: Double
    let residual: Double
    let low: Double
    let middle: Double
    let high: Double
    let boundary: Double
    let knows: String

    init(_ result: Robustness.Result) {
      noise = result.noise.model.rawValue
      target = result.noise.target.rawValue
      level = result.noise.level
      solver = result.solver
      samples = result.samples
      relative_mse = result.relativeMSE
      failures = result.failures
      microseconds_per_system = result.microsecondsPerSystem
      residual = result.residual
      (low, middle, high) = result.bands
      boundary = result.boundary
      knows = result.knowledge
    }
  }

  private static func csv(_ results: [Robustness.Result]) -> [String] {
    let header =
      "noise,target,level,solver,samples,mean,median,p10,p90,failures,"
      + "microseconds_per_system,residual,low,middle,high,boundary,knows"
    return [header]
      + results.map { result in
        let error = result.relativeMSE
        return [
          result.noise.model.rawValue, result.noise.target.rawValue,
          csvNumber(result.noise.level), csvField(result.solver),
          "\(result.samples)", csvNumber(error.mean), csvNumber(error.median),
          csvNumber(error.p10), csvNumber(error.p90), "\(result.failures)",
          csvNumber((100 * result.microsecondsPerSystem).rounded() / 100),
          csvNumber(result.residual), csvNumber(result.bands.low),
          csvNumber(result.bands.middle), csvNumber(result.bands.high),
          csvNumber(result.boundary), csvField(result.knowledge),
        ].joined(separator: ",")
      }
  }

  /// A level such as 1e-04, in full where that would round it.
  private static func heading(_ level: Double) -> String {
    if level == 0 { return "clean" }
    let text = String(format: "%.0e", level)
    return Double(text) == level ? text : csvNumber(level)
  }

  /// Medians with a line for each solver and a column for each level.
  private func printTable(_ results: [Robustness.Result], equation: String) {
    var levels: [Double] = []
    var solvers: [String] = []
    for result in results {
      let level = result.noise.level
      if !levels.contains(level) { levels.append(level) }
      if !solvers.contains(result.solver) { solvers.append(result.solver) }
    }
    let place = target == .both ? "A and b" : target.rawValue
    Console.print(
      "\(equation): \(noise.rawValue) noise on \(place), "
        + "\(results.first?.samples ?? 0) samples, median relative MSE")
    Console.print("")
    var table = Table(
      ["solver"] + levels.map(Self.heading)
        + ["failures", "µs/system", "knows"], trailing: 1)
    for solver in solvers {
      let rows = results.filter { $0.solver == solver }
      let failures = rows.reduce(0) { $0 + $1.failures }
      let time =
        rows.reduce(0) { $0 + $1.microsecondsPerSystem } / Double(rows.count)
      table.add(
        [solver]
          + rows.map { String(format: "%.1e", $0.relativeMSE.median) }
          + ["\(failures)", short(time), rows.first?.knowledge ?? ""])
    }
    table.print()
  }
}
