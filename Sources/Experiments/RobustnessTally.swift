import Chebyshev
import DenseSolvers
import Networks
import Parallel
import Systems
import Tables

/// What is counted of one solver under one noise.
struct RobustnessTally {
  private var errors: [Double] = []
  private var residuals: [Double] = []
  private var low: [Double] = []
  private var middle: [Double] = []
  private var high: [Double] = []
  private var boundary: [Double] = []
  private var failures = 0
  private var zeros = 0
  private var covered = 0
  private var seconds = 0.0

  /// Solves every system of a block.
  mutating func add(
    _ solver: any SystemSolver, on block: SystemBlock, noise: Noise,
    threads: Int
  ) throws {
    let n = block.n
    let knowledge = Self.knowledge(solver, block, noise)
    var solutions = [Double](repeating: .nan, count: block.size * n)
    seconds += try measuredSeconds {
      try solutions.withUnsafeMutableBufferPointer {
        guard let x = $0.baseAddress else { return }
        try solver.solve(
          block, noise: { knowledge[$0] }, threads: threads, into: x)
      }
    }
    for row in 0..<block.size {
      let answer = Array(solutions[(row * n)..<((row + 1) * n)])
      try add(answer, on: block, row)
      let u = UnsafeBufferPointer(start: block.u + row * n, count: n)
      if solver.band?.holds(u, around: answer) == true { covered += 1 }
    }
  }

  /// What a solver is told of each system.
  private static func knowledge(
    _ solver: any SystemSolver, _ block: SystemBlock, _ noise: Noise
  ) -> [NoiseKnowledge] {
    guard solver.asksUncertainty, noise.level > 0 else {
      return Array(
        repeating: NoiseKnowledge(
          noise, of: SolvedSystem(n: block.n), for: solver),
        count: block.size)
    }
    var system = SolvedSystem(n: block.n)
    let workspace = SystemWorkspace()
    return (0..<block.size).map { row in
      block.load(row, into: &system, workspace: workspace)
      return NoiseKnowledge(noise, of: system, for: solver)
    }
  }

  private mutating func add(
    _ solution: [Double], on block: SystemBlock, _ row: Int
  ) throws {
    let n = block.n
    let u = Array(UnsafeBufferPointer(start: block.u + row * n, count: n))
    let error = SquaredError(solution, u)
    guard error.isFinite else {
      failures += 1
      return
    }
    residuals.append(
      relativeResidual(
        A: block.A + row * n * n, b: block.b + row * n, x: solution, n: n))
    guard let error = error.relative else {
      zeros += 1
      return
    }
    errors.append(error)
    let difference = zip(solution, u).map { $0 - $1 }
    let spectrum = try vals2coeffs(difference).map { $0 * $0 }
    let whole = try vals2coeffs(u).reduce(0) { $0 + $1 * $1 }
    func band(_ range: Range<Int>) -> Double {
      spectrum[range].reduce(0, +) / whole
    }
    low.append(band(0..<(n / 4)))
    middle.append(band((n / 4)..<(n / 2)))
    high.append(band((n / 2)..<n))
    let largest = u.reduce(0) { max($0, abs($1)) }
    boundary.append(
      max(abs(difference[0]), abs(difference[n - 1])) / largest)
  }

  /// The result so far.
  func row(_ noise: Noise, _ solver: any SystemSolver) -> RobustnessRow {
    func median(_ values: [Double]) -> Double { Distribution(values).median }
    var row = RobustnessRow(under: noise)
    row.solver = solver.name
    row.samples = errors.count + zeros + failures
    row.zeros = zeros > 0 ? zeros : nil
    row.relativeMSE = Distribution(errors)
    row.failures = failures
    if solver.band != nil {
      row.covered = Double(covered) / Double(row.samples)
    }
    row.setTime(seconds)
    row.residual = median(residuals)
    row.low = median(low)
    row.middle = median(middle)
    row.high = median(high)
    row.boundary = median(boundary)
    row.knows = solver.knowledge
    return row
  }
}

/// What is counted of the bound under one noise.
struct BoundTally {
  private var values: [Double] = []
  private var zeros = 0
  private var seconds = 0.0

  /// Takes the bounds of a block of samples.
  mutating func add(
    _ bound: ErrorBound, of clean: SystemBlock, first: Int, under noise: Noise,
    threads: Int
  ) throws {
    var found: [Double?] = []
    seconds += try measuredSeconds {
      found = try bound.relativeMSE(
        of: clean, first: first, under: noise, threads: threads)
    }
    values += found.compactMap(\.self)
    zeros += found.count { $0 == nil }
  }

  /// The result so far; it has no answers, and so no residuals.
  func row(_ noise: Noise) -> RobustnessRow {
    var row = RobustnessRow(under: noise)
    row.solver = ErrorBound.name
    row.samples = values.count + zeros
    row.zeros = zeros > 0 ? zeros : nil
    row.relativeMSE = Distribution(values)
    row.setTime(seconds)
    let none = Distribution([]).median
    (row.residual, row.low, row.middle) = (none, none, none)
    (row.high, row.boundary) = (none, none)
    row.knows = ErrorBound.knowledge
    return row
  }
}

extension RobustnessRow {
  /// A row of a result under a noise, with nothing else in it yet.
  fileprivate init(under noise: Noise) {
    self.init()
    self.noise = noise.model.rawValue
    target = noise.target.rawValue
    law = noise.law.rawValue
    level = noise.level
  }

  /// Sets the time of a system, to a hundredth of a microsecond, from that of all.
  fileprivate mutating func setTime(_ seconds: Double) {
    microsecondsPerSystem =
      (1e8 * seconds / Double(max(samples, 1))).rounded() / 100
  }
}
