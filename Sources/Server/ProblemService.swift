import Chebyshev
import DenseSolvers
import Equations
import Experiments
import Foundation
import Parallel
import Solutions
import Systems
import Tables
import TensorFiles

/// Samples of equations: drawn, solved and looked at.
struct ProblemService: Sendable {
  let folder: ServedFolder

  // MARK: Equations

  /// An equation as the page shows it.
  struct EquationDescription: Encodable {
    let path: String
    let isShipped: Bool
    let name: String
    let description: String
    let equation: String
    let domain: [Double]
    let parameters: [Parameter]
    let fields: [EquationSummary.Entry]
    let coefficients: [EquationSummary.Entry]
    let boundary: [EquationSummary.Entry]
    let coefficientNames: [String]
    let isNonlinear: Bool
    let hasJumps: Bool
    let yaml: String

    struct Parameter: Encodable {
      let name: String
      let law: LawDescription
    }

    init(_ equation: Equation, path: String) {
      let summary = equation.summary
      self.path = path
      isShipped = Equation.shippedNames.contains(path)
      name = summary.name
      description = summary.description
      self.equation = summary.equation
      domain = summary.domain
      parameters = equation.parameters.map {
        Parameter(name: $0.name, law: LawDescription($0.law))
      }
      fields = summary.fields
      coefficients = summary.coefficients
      boundary = summary.boundary
      coefficientNames = equation.coefficientNames
      isNonlinear = equation.isNonlinear
      hasJumps = equation.hasJumps
      yaml = equation.source
    }
  }

  func equation(_ fields: RequestFields) throws -> Answer {
    let path = try fields.requiredText("path")
    try fields.finish()
    return try .json(
      EquationDescription(try folder.equation(path), path: path))
  }

  func check(_ fields: RequestFields) throws -> Answer {
    guard let yaml = try fields.text("yaml", longest: 65_536) else {
      throw fields.missing("yaml")
    }
    try fields.finish()
    return try .json(
      EquationDescription(
        try Equation(yaml: yaml, path: "equation"), path: ""))
  }

  /// Keeps a text as an equation file of the workspace.
  func save(_ fields: RequestFields) throws -> Answer {
    let name = try fields.requiredText("name")
    guard let yaml = try fields.text("yaml", longest: 65_536) else {
      throw fields.missing("yaml")
    }
    try fields.finish()
    let equation = try Equation(yaml: yaml, path: "equation")
    let path = try folder.newPath("equations", name, ending: ".yaml")
    try createFolder(parentFolder(of: path))
    try writeAtomically(yaml, to: path, replaces: false)
    return try .json(EquationDescription(equation, path: path))
  }

  // MARK: Samples

  /// A sample with its solution.
  private struct ProblemAnswer: Encodable {
    let equation: String
    let nodes: Int
    let pieces: Int
    let parameters: [NamedValue]
    let x: Numbers
    let functions: [NamedValues]
    let coefficients: [NamedValues]
    let condition: Double?
    let residual: Double?
    let tail: Double?
    let error: Double?
    let warnings: [String]
    let command: Script
    let milliseconds: Double
  }

  func problem(_ fields: RequestFields) throws -> Answer {
    let began = ContinuousClock.now
    let format: AnswerFormat = try fields.choice("format") ?? .json
    let sample = try SampleRequest(fields, folder, refines: true)
    let points = try fields.integer("points", in: 2...2048) ?? 256
    try fields.finish()
    let solved = try SampleSolution(sample)
    let table = try solved.columns.table(points: points)
    if format == .csv { return .csv(table, name: sample.fileName) }
    var command = Script()
    let words = sample.solving(&command)
    let columns = table.columns.indices.map { table.numbers($0) }
    let nodes = sample.nodes.map { "\($0)" } ?? "auto"
    command.add(
      words + ["--nodes", nodes, "--points", "\(points)"]
        + solved.extraArguments)
    return try .json(
      ProblemAnswer(
        equation: sample.equation.name, nodes: solved.nodes,
        pieces: solved.pieces, parameters: try sample.parameters(),
        x: Numbers(columns[0]),
        functions: zip(table.columns, columns).dropFirst().map {
          NamedValues($0.name, $1)
        },
        coefficients: try solved.values.map {
          NamedValues($0.name, try vals2coeffs($0.values).map { abs($0) })
        },
        condition: solved.diagnosis?.condition.ifFinite,
        residual: solved.diagnosis?.residual.ifFinite,
        tail: solved.diagnosis?.tail.ifFinite, error: solved.error?.ifFinite,
        warnings: solved.warnings, command: command,
        milliseconds: 1e3 * began.duration(to: .now).inSeconds))
  }

  // MARK: Matrices

  private struct MatrixAnswer: Encodable {
    let n: Int
    let step: Int
    let rows: [Numbers]
    let condition: Double?
    let warnings: [String]
    let command: Script
  }

  /// The most rows of a picture.
  private static let mostRows = 128

  func matrix(_ fields: RequestFields) throws -> Answer {
    let format: AnswerFormat = try fields.choice("format") ?? .json
    let sample = try SampleRequest(fields, folder)
    try fields.finish()
    guard let system = try SampleSolution(sample).system else {
      throw ServiceError.wrong(
        "\(sample.equation.path): has no one matrix")
    }
    let n = system.n
    if format == .csv {
      let table = ResultTable(
        columns: (0..<n).map { ResultColumn("a\($0)") } + [ResultColumn("b")],
        rows: (0..<n).map { row in
          (0..<n).map { .number(system.A[row + $0 * n]) }
            + [.number(system.b[row])]
        })
      return .csv(table, name: sample.fileName + "-matrix")
    }
    let step = (n + Self.mostRows - 1) / Self.mostRows
    let starts = Array(stride(from: 0, to: n, by: step))
    let rows = starts.map { row in
      Numbers(
        starts.map { column in
          largest(
            system, row..<min(n, row + step), column..<min(n, column + step))
        })
    }
    var command = Script()
    if sample.equation.isNonlinear {
      command.remark("the last system of Newton's method is in no file")
    } else {
      _ = try sample.generate(&command, withSystems: true)
    }
    let condition = Judged { try conditionNumber(system.A, n: n) }
    return try .json(
      MatrixAnswer(
        n: n, step: step, rows: rows, condition: condition.value?.ifFinite,
        warnings: condition.warnings("κ₂"), command: command))
  }

  /// The entry of a block that is the largest by size.
  private func largest(
    _ system: SolvedSystem, _ rows: Range<Int>, _ columns: Range<Int>
  ) -> Double {
    var result = 0.0
    for column in columns {
      for row in rows {
        let entry = system.A[row + column * system.n]
        if abs(entry) > abs(result) { result = entry }
      }
    }
    return result
  }
}

/// A sample's solution by LU, on a grid or refined, and how far it may be believed.
struct SampleSolution {
  private(set) var columns: SolutionColumns
  /// Of all pieces.
  let nodes: Int
  let pieces: Int
  /// The functions at the nodes of one piece, from the right end to the left.
  let values: [(name: String, values: [Double])]
  /// Of one grid.
  var system: SolvedSystem?
  var diagnosis: SolutionDiagnosis?
  /// The estimated error, relative to the largest |u|.
  var error: Double?
  var warnings: [String] = []
  /// What a command needs besides the sample.
  var extraArguments: [String] = []

  private static let tolerance = 1e-10

  /// Solves a sample.
  ///
  /// - Throws: `EquationError`, `SolveFailure`, `SingularProblem`,
  ///   `NewtonFailure`.
  init(_ sample: SampleRequest) throws {
    if let nodes = sample.nodes {
      try self.init(sample, nodes: nodes)
    } else {
      try self.init(refining: sample)
    }
    if sample.equation.isNonlinear, Self.start(sample) != "0" {
      extraArguments = ["--initial", Self.start(sample)]
    }
  }

  /// Where Newton's method starts.
  private static func start(_ sample: SampleRequest) -> String {
    sample.equation.check?.initial ?? "0"
  }

  // MARK: Refined

  private init(refining sample: SampleRequest) throws {
    let answer: AdaptiveSolver.Answer
    do {
      answer = try Self.resolved(
        sample, within: Work.current.isIsolated ? .seconds(7) : .seconds(1))
    } catch is AdaptiveSolver.TookTooLong where !Work.current.isIsolated {
      // It asks nobody but the clock whether it is still wanted.
      throw TakesLong()
    }
    let u = answer.u
    let domain = sample.equation.domain
    columns = try SolutionColumns(
      u, on: domain, formulas: Self.formulas(sample, u))
    nodes = u.nodes
    pieces = u.pieces.count
    let largest = u.pieces.max { $0.values.count < $1.values.count }
    let points = largest.map { chebpts($0.values.count, on: $0.domain) } ?? []
    values =
      [("u", largest?.values ?? [])]
      + (try Self.formulas(sample, u)(points).coefficients)
    error = answer.error
    if !answer.isResolved {
      warnings.append(
        "the tolerance \(NumberFormat.short.text(Self.tolerance)) is not met; 1/κ of the discrete "
          + "problem is \(NumberFormat.short.text(answer.reciprocalCondition))")
    }
  }

  private static func formulas(
    _ sample: SampleRequest, _ u: PiecewiseSolution
  ) -> ([Double]) throws -> BoundaryValueProblem {
    guard sample.equation.isNonlinear else { return sample.formulas }
    return sample.equation.formulas(
      seed: sample.seed, index: sample.index, overrides: sample.overrides
    ) { FunctionValues(u: u($0), du: u.derivative($0)) }
  }

  private static func resolved(
    _ sample: SampleRequest, within time: Duration
  ) throws -> AdaptiveSolver.Answer {
    let deadline = ContinuousClock.now.advanced(by: time)
    guard sample.equation.isNonlinear else {
      return try AdaptiveSolver(tolerance: tolerance, deadline: deadline).solve(
        ContinuousProblem(
          sample.equation, seed: sample.seed, index: sample.index,
          overrides: sample.overrides))
    }
    var solver = NonlinearSolver(
      sample.equation, seed: sample.seed, index: sample.index,
      overrides: sample.overrides, tolerance: tolerance)
    solver.deadline = deadline
    return try solver.solve(from: solver.start(start(sample))) { _ in }.answer
  }

  // MARK: On a grid

  private init(_ sample: SampleRequest, nodes: Int) throws {
    let equation = sample.equation
    try equation.requireOneGrid()
    let discrete =
      equation.isNonlinear
      ? try Self.nonlinear(sample, nodes) : try Self.linear(sample, nodes)
    let (problem, system) = (discrete.problem, discrete.system)
    let lu = try Self.lu(system)
    let u = discrete.u ?? lu.u
    let digits = try GridRegularity(
      afterLU: system.A, n: nodes, on: equation.domain,
      workspace: lu.workspace
    ).digits
    columns = SolutionColumns(
      problem, u: u, on: equation.domain, formulas: discrete.formulas)
    self.nodes = nodes
    pieces = 1
    values = [("u", u)] + problem.coefficients
    self.system = system
    let diagnosis = try SolutionDiagnosis(system, u: u, on: equation.domain)
    self.diagnosis = diagnosis
    if let digits {
      warnings.append(
        "nearly singular: about \(digits) digit\(digits == 1 ? "" : "s") of u "
          + "are left")
    }
    if !diagnosis.isResolved {
      warnings.append(
        "u is not resolved by \(nodes) nodes: its last Chebyshev coefficients "
          + "are \(NumberFormat.short.text(diagnosis.tail)) of the largest; try more nodes"
      )
    }
    let error = Judged { try Self.error(of: u, sample) }
    self.error = error.value ?? nil
    warnings += error.warnings("the estimated error")
  }

  private struct Discrete {
    let problem: BoundaryValueProblem
    let system: SolvedSystem
    /// Of a nonlinear equation, whose last system it is.
    var u: [Double]?
    let formulas: ([Double]) throws -> BoundaryValueProblem
  }

  private static func linear(_ sample: SampleRequest, _ nodes: Int) throws
    -> Discrete
  {
    let problem = try EquationSampler(
      sample.equation, nodes: nodes, seed: sample.seed,
      overrides: sample.overrides
    ).sample(sample.index)
    let system = SolvedSystem(
      Collocation(nodes: nodes, on: sample.equation.domain).assemble(problem))
    return Discrete(
      problem: problem, system: system, formulas: sample.formulas)
  }

  private static func lu(_ system: SolvedSystem) throws -> (
    u: [Double], workspace: Workspace
  ) {
    let workspace = Workspace()
    var u = system.u
    try DenseSolver.lu.solve(
      A: system.A, b: system.b, n: system.n, x: &u, workspace: workspace)
    return (u, workspace)
  }

  private static func nonlinear(_ sample: SampleRequest, _ nodes: Int) throws
    -> Discrete
  {
    let equation = sample.equation
    let solver = try GridNonlinearSolver(
      equation, nodes: nodes, seed: sample.seed, overrides: sample.overrides,
      tolerance: tolerance)
    let u = try solver.solve(
      sample.index, from: start(sample),
      by: {
        try Work.current.check()
        return try lu(SolvedSystem($1)).u
      }, report: { _, _, _ in })
    let last = try solver.linearised(sample.index, at: u)
    return Discrete(
      problem: last.problem, system: SolvedSystem(last.system), u: u,
      formulas: last.formulas)
  }

  /// How far a solution on a grid is from one with twice as many intervals, or, where
  /// coefficients jump, from the equation's own.
  private static func error(of u: [Double], _ sample: SampleRequest) throws
    -> Double?
  {
    let equation = sample.equation
    guard !equation.isNonlinear else { return nil }
    try Work.current.check()
    if equation.hasBreakpoints {
      let answer = try resolved(sample, within: .milliseconds(500))
      let exact = answer.u(chebpts(u.count, on: equation.domain))
      return difference(u, exact).map { max($0, answer.error) }
    }
    let fine = try lu(linear(sample, 2 * u.count - 1).system).u
    // Every other node is one of the coarser grid.
    return difference(
      u, stride(from: 0, to: fine.count, by: 2).map { fine[$0] })
  }

  /// The largest difference, relative to the largest |u|.
  private static func difference(_ u: [Double], _ other: [Double]) -> Double? {
    let scale = other.reduce(0) { max($0, abs($1)) }
    guard scale > 0 else { return nil }
    return zip(u, other).reduce(0) { max($0, abs($1.0 - $1.1)) } / scale
  }
}
