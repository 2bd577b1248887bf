import ArgumentParser
import DenseSolvers
import Equations
import Experiments
import Foundation
import Networks
import Parallel
import Solutions
import Systems
import Tables
import Training

struct SolveCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "solve",
    abstract: "Solve one sample of an equation and print it as CSV.",
    discussion: """
      The columns are x, K, f, where the equation has them q, v and w, and u, in
      ascending x.

      EXAMPLE: the solution as a picture

        bvp solve diffusion --plot u.svg
        bvp solve reaction-diffusion --plot terminal

      EXAMPLE: the same as a file, and a figure of it with matplotlib

        bvp solve diffusion --points 500 > u.csv
        scripts/plot/plot.py samples u.csv -o u.svg

      EXAMPLE: a network's answer, refined, beside how far it may be believed

        bvp solve diffusion --method checkpoints/diffusion.safetensors --refine

      EXAMPLE: the network as the approximate inverse of an iteration

        bvp solve diffusion --method checkpoints/diffusion.safetensors \\
          --iterate gmres

      EXAMPLE: parameters of one's own

        bvp solve diffusion --set alpha=0.5 --set omega=0.7 --set beta=0

      EXAMPLE: a nonlinear equation, from a guess and along a parameter

        bvp solve equations/tests/carrier.yaml --initial '2 * (x^2 - 1)' \\
          --continue eps=0.1:0.01
      """)

  @OptionGroup var equation: EquationArgument

  @Option(parsing: .unconditional, help: "The seed.")
  var seed: UInt64 = 0

  @Option(parsing: .unconditional, help: "The sample's index under its seed.")
  var index = 0

  @Option(
    name: .customLong("set"), parsing: .unconditionalSingleValue,
    help: ArgumentHelp(
      "Fix a parameter instead of drawing it.", valueName: "name=value"))
  var assignments: [Assignment] = []

  @Option(
    parsing: .unconditional,
    help: """
      Nodes of the collocation grid, or auto, which cuts the domain where \
      coefficients jump and refines until the tolerance is met. It sees what is \
      wider than a 2,000th of the domain; name a point of what is narrower under \
      the file's key breakpoints. (default: auto for lu, a checkpoint's own, else \
      64)
      """)
  var nodes: NodesChoice?

  @Option(
    parsing: .unconditional,
    help: """
      The relative error, in the maximum norm, that --nodes auto goes for, and \
      Newton's method; the relative residual that --iterate goes for. (default: \
      1e-10)
      """)
  var tolerance: Double?

  @OptionGroup var newton: NewtonOptions

  @Option(
    name: .customLong("continue"),
    help: ArgumentHelp(
      "Follow the solution of a nonlinear equation along a parameter.",
      valueName: "name=from:to"))
  var path: ContinuationPath?

  @OptionGroup var points: PointsOptions
  @OptionGroup var plot: PlotOptions

  @Option(
    help: ArgumentHelp(
      """
      \(SolverCatalogue.names.joined(separator: ", ")), or the path of a \
      checkpoint.
      """, valueName: "solver"), completion: .solver)
  var method = Method.classical("lu")

  @Flag(
    help: """
      Refine a network's answer iteratively, by LU in Float32 and residuals in \
      Float64, and show the residuals.
      """)
  var refine = false

  @Option(
    help: ArgumentHelp(
      """
      Iterate to --tolerance, a relative residual, with a network as the \
      approximate inverse: \(Iteration.allCases.map(\.rawValue)
        .joined(separator: " or ")). The history is shown.
      """, valueName: "iteration"))
  var iterate: Iteration?

  @Option(
    parsing: .unconditional,
    help: ArgumentHelp(
      """
      The relative standard error of the entries of A and b: --iterate then stops \
      by the discrepancy principle.
      """, valueName: "level"))
  var uncertainty: Double?

  @Flag(
    help: """
      Add the fields of the operator's factors as columns, ln K, V/K and ln e, \
      and those that a polya network says beside them.
      """)
  var fields = false

  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if case .count(let count) = nodes { try validateNodes(count) }
    try validateNotNegative(index, "--index")
    try validateTolerance(goal)
    if nodes == .auto, !isAdaptive {
      throw ValidationError("--nodes auto goes with --method lu")
    }
    if let path {
      guard isAdaptive else {
        throw ValidationError("--continue goes with --nodes auto")
      }
      try path.validate()
      if assignments.contains(where: { $0.name == path.name }) {
        throw ValidationError(
          "--set and --continue both give '\(path.name)'")
      }
    }
    if points.points != nil, plot.plot == "terminal" {
      throw ValidationError(
        "--points is of the CSV, which --plot terminal does not print")
    }
    if case .classical = method {
      for (flag, isGiven) in [
        ("--refine", refine), ("--iterate", iterate != nil),
        ("--fields", fields),
      ] where isGiven {
        throw ValidationError("\(flag) goes with a checkpoint")
      }
    }
    if let uncertainty {
      guard iterate != nil else {
        throw ValidationError("--uncertainty goes with --iterate")
      }
      guard uncertainty > 0, uncertainty < 1 else {
        throw ValidationError(
          "--uncertainty must lie between 0 and 1, not \(uncertainty)")
      }
      guard tolerance == nil else {
        throw ValidationError(
          "--uncertainty and --tolerance exclude each other")
      }
    }
    if refine, iterate != nil {
      throw ValidationError("--refine and --iterate exclude each other")
    }
    let names = assignments.map(\.name)
    for name in names where names.count(where: { $0 == name }) > 1 {
      throw ValidationError("--set gives '\(name)' more than once")
    }
  }

  /// Whether the number of nodes is what the tolerance takes.
  private var isAdaptive: Bool {
    if case .classical("lu") = method { nodes ?? .auto == .auto } else { false }
  }

  private var overrides: [String: Double] {
    Dictionary(
      uniqueKeysWithValues: assignments.map { ($0.name, $0.value) })
  }

  func run() throws {
    let equation = try equation.load()
    let picture = try plot.open()
    let columns = try naming { try self.columns(equation) }
    let title = "\(equation.name), seed \(seed), sample \(index)"
    guard try plot.draw(columns, title: title, in: picture) else { return }
    var isFirst = true
    try columns.forEachBlock(points: points.points) { block in
      Console.print(isFirst ? block.csv : block.csvRows)
      isFirst = false
    }
  }

  private func columns(_ equation: Equation) throws -> SolutionColumns {
    try newton.refuse(
      for: equation, self.equation.equation,
      besides: ("--continue", path != nil))
    try refuseIdle(for: equation)
    guard equation.isNonlinear else {
      return isAdaptive ? try resolve(equation) : try solveOnGrid(equation)
    }
    return isAdaptive
      ? try resolveNonlinear(equation) : try solveNonlinearOnGrid(equation)
  }

  /// Refuses flags that nothing would ask for.
  private func refuseIdle(for equation: Equation) throws {
    if tolerance != nil, !isAdaptive, iterate == nil, !equation.isNonlinear {
      throw CommandFailure(
        "--tolerance means nothing for a linear equation on one grid; it goes with "
          + "--nodes auto and --method lu, and with --iterate")
    }
    if fields, equation.isNonlinear {
      throw CommandFailure(
        "\(self.equation.equation): is nonlinear; --fields goes with linear "
          + "equations")
    }
  }

  /// The coefficients of the sample at any points.
  private func formulas(_ equation: Equation) -> SolutionColumns.Coefficients {
    equation.formulas(seed: seed, index: index, overrides: overrides)
  }

  // MARK: To a tolerance

  private func resolve(_ equation: Equation) throws -> SolutionColumns {
    let problem = try ContinuousProblem(
      equation, seed: seed, index: index, overrides: overrides)
    try problem.requireFiniteAtBreakpoints()
    let answer = try AdaptiveSolver(tolerance: goal).solve(problem)
    describe(answer)
    return try SolutionColumns(
      answer.u, on: equation.domain, formulas: formulas(equation))
  }

  private var goal: Double { tolerance ?? 1e-10 }

  /// Says what a solution took and how good it is.
  private func describe(_ answer: AdaptiveSolver.Answer) {
    let short = NumberFormat.short.text
    let pieces = answer.u.pieces.count
    messages.notice(
      "\(answer.u.nodes) nodes in \(pieces) piece\(pieces == 1 ? "" : "s"), "
        + "estimated relative error \(short(answer.error))")
    guard !answer.isResolved, !messages.quiet else { return }
    Console.warning(
      "the tolerance \(short(goal)) is not met; 1/κ of the discrete problem is "
        + short(answer.reciprocalCondition))
  }

  private func resolveNonlinear(_ equation: Equation) throws -> SolutionColumns
  {
    var solver = NonlinearSolver(
      equation, seed: seed, index: index, overrides: overrides, tolerance: goal)
    if let path { solver.overrides[path.name] = path.first }
    let start = try solver.start(newton.start)
    let table = NewtonTable(isQuiet: messages.quiet)
    let answer: AdaptiveSolver.Answer
    if let path {
      answer = try solver.solve(
        along: path.name, (path.first, path.last), from: start,
        report: table.add
      ) { table.arrive(path.name, $0) }
      solver.overrides[path.name] = path.last
    } else {
      answer = try solver.solve(from: start, report: table.add).answer
    }
    describe(answer)
    let u = answer.u
    let formulas = equation.formulas(
      seed: seed, index: index, overrides: solver.overrides
    ) { FunctionValues(u: u($0), du: u.derivative($0)) }
    return try SolutionColumns(u, on: equation.domain, formulas: formulas)
  }

  // MARK: On a grid

  private func solveOnGrid(_ equation: Equation) throws -> SolutionColumns {
    if equation.hasJumps {
      throw CommandFailure(
        "\(self.equation.equation): u jumps, which no polynomial on one grid "
          + "does; leave out --nodes and --method")
    }
    let (solver, nodes) = try open(equation)
    let sampler = try EquationSampler(
      equation, nodes: nodes, seed: seed, overrides: overrides)
    let problem = try sampler.sample(index)
    let system = SolvedSystem(
      Collocation(nodes: nodes, on: equation.domain).assemble(problem))
    try requireRegular(system, equation)
    let answer = try solution(problem, system, equation, by: solver)
    try comment((answer.u, answer.isExact), system, on: equation.domain)
    var columns = SolutionColumns(
      problem, u: answer.u, on: equation.domain, formulas: formulas(equation))
    answer.band.map { addBand($0, to: &columns, around: answer.u) }
    if fields, case .network(let network) = solver {
      try addFields(of: network, to: &columns, system, on: equation.domain)
    }
    return columns
  }

  /// Opens the solver, once for all systems.
  private func open(
    _ equation: Equation
  ) throws -> (solver: OpenSolver, nodes: Int) {
    var given: Int?
    if case .count(let count) = nodes { given = count }
    let (solver, nodes) = try OpenSolver.open(
      method, for: equation, nodes: given)
    try SystemMemory(order: nodes, threads: 1).require(
      solving: solver.bytes(order: nodes), for: self.equation.equation)
    guard case .network(let network) = solver, !messages.quiet,
      network.checkpoint.encoding.kind.isOfFields,
      let x = try equation.jumpOfDiffusivity(
        seed: seed, index: index, overrides: overrides)
    else { return (solver, nodes) }
    Console.warning(
      "K jumps at x = \(NumberFormat.short.text(x)), where the factors that the "
        + "network says are not those of the operator")
    return (solver, nodes)
  }

  /// Adds the band around a network's own answer.
  private func addBand(
    _ band: ConformalBand, to columns: inout SolutionColumns,
    around u: [Double]
  ) {
    let half = band.halfWidths(u)
    columns.add("u_low", zip(u, half).map(-))
    columns.add("u_high", zip(u, half).map(+))
    messages.notice(
      "u_low and u_high hold u at all nodes in "
        + NumberFormat.percent.text(band.coverage)
        + " of systems like those of \(band.data)")
  }

  /// Adds the true fields and the network's, in units of the domain.
  private func addFields(
    of network: OpenNetwork, to columns: inout SolutionColumns,
    _ system: SolvedSystem, on domain: ClosedRange<Double>
  ) throws {
    let half = 0.5 * (domain.upperBound - domain.lowerBound)
    guard network.checkpoint.encoding.kind.isOfFields else {
      throw CommandFailure(
        "\(network.path): says no fields of an operator; --fields goes with polya"
      )
    }
    let known: PolyaFields
    do {
      known = try PolyaFactorization(nodes: system.n).fields(
        of: system.A, workspace: Workspace())
    } catch {
      throw CommandFailure(
        "\(self.equation.equation): sample \(index): \(error)")
    }
    let said = try network.predictor.fields(of: system.A)
    for (fields, suffix) in [(known, ""), (said, "_network")] {
      columns.add(
        "ln_K" + suffix, fields.logarithmOfK.map { $0 + 2 * log(half) })
      columns.add("drift" + suffix, fields.drift.map { $0 / half })
      columns.add("ln_e" + suffix, fields.logarithmOfSolution)
    }
  }

  /// Newton's method with the systems of one grid, by any solver.
  private func solveNonlinearOnGrid(_ equation: Equation) throws
    -> SolutionColumns
  {
    let (own, nodes) = try open(equation)
    let solver = try GridNonlinearSolver(
      equation, nodes: nodes, seed: seed, overrides: overrides, tolerance: goal)
    let table = NewtonTable(isQuiet: messages.quiet)
    let u = try solver.solve(
      index, from: newton.start,
      by: { problem, system in
        try solution(problem, SolvedSystem(system), equation, by: own).u
      }, report: { step, _, _ in table.add(step) })
    let last = try solver.linearised(index, at: u)
    try comment((u, true), SolvedSystem(last.system), on: equation.domain)
    return SolutionColumns(
      last.problem, u: u, on: equation.domain, formulas: last.formulas)
  }

  /// Refuses a singular problem, and says how many digits one near it has.
  private func requireRegular(
    _ system: SolvedSystem, _ equation: Equation
  ) throws {
    let workspace = Workspace()
    var u = system.u
    try DenseSolver.lu.solve(
      A: system.A, b: system.b, n: system.n, x: &u, workspace: workspace)
    let regularity = try GridRegularity(
      afterLU: system.A, n: system.n, on: equation.domain,
      workspace: workspace)
    guard !messages.quiet, let digits = regularity.digits else { return }
    Console.warning(
      "nearly singular (κ₂ = "
        + NumberFormat.short.text(regularity.condition ?? 0)
        + " with rows of unit norm): about \(digits) "
        + "digit\(digits == 1 ? "" : "s") of u are left")
  }

  /// The answer, whether it is one of A x = b to rounding, and the band of a
  /// network's own.
  private func solution(
    _ problem: BoundaryValueProblem, _ system: SolvedSystem,
    _ equation: Equation, by solver: OpenSolver
  ) throws -> (u: [Double], isExact: Bool, band: ConformalBand?) {
    switch solver {
    case .classical(let solver):
      let u = try solver.solve(
        system, noise: .clean, workspace: SystemWorkspace())
      return (u, solver.isExact, nil)
    case .network(let network):
      let answer = try network.predictor.predict(A: system.A, b: system.b)
      guard iterate != nil || answer.allSatisfy(\.isFinite) else {
        throw CommandFailure(
          "\(network.path): the network's answer is not finite")
      }
      if !messages.quiet {
        try network.doubts(answer, problem, system, equation)
          .forEach(Console.warning)
      }
      if let iterate {
        let found = try iterated(iterate, system, network.predictor)
        return (found.u, found.isExact, nil)
      }
      if refine { return (try refined(answer, system), false, nil) }
      return (answer, false, network.band)
    }
  }

  /// The solution by an iteration whose approximate inverse is a network.
  private func iterated(
    _ iteration: Iteration, _ system: SolvedSystem, _ predictor: Predictor
  ) throws -> (u: [Double], isExact: Bool) {
    let short = NumberFormat.short.text
    var isExplained = false
    let errors = uncertainty.map {
      DataUncertainty.relative($0, A: system.A, b: system.b, n: system.n)
    }
    let found = try iteration.solve(
      A: system.A, b: system.b, tolerance: errors == nil ? goal : 0,
      limit: system.n,
      isEnough: errors.map { errors in
        { x in
          isExplained = errors.explains(x, A: system.A, b: system.b)
          return isExplained
        }
      }, inverse: predictor.inverse(of: system.A))
    messages.notice(
      "\(iteration.rawValue), ‖b − Ax‖/‖b‖: "
        + found.history.map(short).joined(separator: " → ")
        + (isExplained ? ", which the data's errors explain" : ""))
    if isExplained { return (found.x, false) }
    if let uncertainty {
      if !messages.quiet {
        Console.warning(
          "\(iteration.rawValue) comes to no residual as small as errors of "
            + "\(short(uncertainty)) in A and b leave")
      }
      return (found.x, false)
    }
    guard found.isConverged || (found.history.min() ?? 1) < 1 else {
      throw CommandFailure(
        "\(self.equation.equation): sample \(index): \(iteration.rawValue) comes no "
          + "nearer to the solution than 0")
    }
    if !found.isConverged, !messages.quiet {
      Console.warning(
        "\(iteration.rawValue) does not reach \(short(goal)) in "
          + "\(found.history.count - 1) steps; --tolerance says how near it has "
          + "to come")
    }
    return (found.x, found.isConverged)
  }

  /// Names the sample in a solver's failure.
  private func naming<T>(_ body: () throws -> T) throws -> T {
    do {
      return try body()
    } catch let error
      where error is SolveFailure || error is SingularProblem
      || error is NewtonFailure
    {
      throw CommandFailure("\(equation.equation): sample \(index): \(error)")
    }
  }

  /// A network's answer after iterative refinement.
  private func refined(_ answer: [Double], _ system: SolvedSystem) throws
    -> [Double]
  {
    let refinement = try Refinement(A: system.A, b: system.b, start: answer)
    messages.notice(
      "refinement, relative residual: "
        + refinement.history.map(NumberFormat.short.text)
        .joined(separator: " → "))
    return refinement.solution
  }

  /// Says how well the solution solves and is resolved.
  private func comment(
    _ answer: (u: [Double], isExact: Bool), _ system: SolvedSystem,
    on domain: ClosedRange<Double>
  ) throws {
    guard !messages.quiet else { return }
    let short = NumberFormat.short.text
    let found = try SolutionDiagnosis(system, u: answer.u, on: domain)
    Console.notice(
      "κ₂(A) = \(short(found.condition)), relative residual "
        + short(found.residual))
    guard answer.isExact, !found.isResolved else { return }
    Console.warning(
      "u is not resolved by \(system.n) nodes: its last Chebyshev coefficients "
        + "are \(short(found.tail)) of the largest; try more --nodes")
  }
}
