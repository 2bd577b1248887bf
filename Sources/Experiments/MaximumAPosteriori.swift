import DenseSolvers
import Equations
import Foundation
import Systems

/// The solver that knows the law: the random parameters and fields of the equation
/// file, fitted to the noisy A and b under their laws, and the solution of what
/// they make.
///
/// A damped Gauss–Newton method finds the mode of the posterior from several
/// starts, those of a low-discrepancy sequence that fit best. Under noise that is
/// proportional to the entries their deviations are those of the noisy entries
/// first, then twice those of the fit. Whatever the noise's law, it is taken for
/// normal. What is clean is taken as it is, and says
/// nothing of the rest.
public struct MaximumAPosteriori: SystemSolver, Sendable {
  static let name = "map"
  static let knowledge = "A, b, equation file, noise model and level"

  public var name: String { Self.name }
  public var knowledge: String { Self.knowledge }
  public var asksUncertainty: Bool { true }

  private let models: [Noise.Target: LatentModel]
  private let modes: Int

  /// Points that are tried, of which the best are starts.
  private static let candidates = 1024

  /// Prepares the fits to systems of an equation at `n` nodes.
  ///
  /// - Throws: `EquationError` if it has none, or is nonlinear.
  public init(_ equation: Equation, nodes n: Int) throws {
    models = try LatentModel.models(equation, nodes: n)
    modes = models.values.map(\.coordinates.count).max() ?? 0
  }

  public func bytes(order n: Int) -> Double {
    8 * Double(n * n) * (2 * Double(modes) + 8) + 16 * Double(modes * modes)
  }

  public func solve(
    _ system: SolvedSystem, noise: NoiseKnowledge, workspace: SystemWorkspace
  ) throws -> [Double] {
    var own = system
    if let noise = noise.noise, let model = models[noise.target] {
      let (fit, point) = try Self.fit(system, model, noise, workspace.solver)
      own = fit.fitted(point)
    }
    var x = [Double](repeating: 0, count: system.n)
    try DenseSolver.lu.solve(
      A: own.A, b: own.b, n: own.n, x: &x, workspace: workspace.solver)
    return x
  }

  /// The solution with the standard deviations that the data leave it.
  ///
  /// - Parameters:
  ///   - system: noisy A and b.
  ///   - noise: what was done to them.
  ///   - workspace: memory of the calling thread.
  /// - Returns: n numbers each.
  /// - Throws: `SolveFailure`.
  public func posterior(
    of system: SolvedSystem, noise: Noise, workspace: SystemWorkspace
  ) throws -> (u: [Double], deviations: [Double]) {
    guard noise.level > 0, let model = models[noise.target] else {
      return (
        try solve(system, noise: .clean, workspace: workspace),
        Array(repeating: 0, count: system.n)
      )
    }
    let (fit, point) = try Self.fit(system, model, noise, workspace.solver)
    let own = fit.fitted(point)
    var u = [Double](repeating: 0, count: own.n)
    try DenseSolver.lu.solve(
      A: own.A, b: own.b, n: own.n, x: &u, workspace: workspace.solver)
    return (
      u,
      try fit.variances(point, u: u, workspace: workspace.solver).map {
        max($0, 0).squareRoot()
      }
    )
  }

  // MARK: The fit

  /// The most probable point and the fit that it is of.
  ///
  /// - Throws: `SolveFailure.notFitted` if what is left of the data is more than
  ///   their errors explain: the search has missed the mode.
  static func fit(
    _ system: SolvedSystem, _ model: LatentModel, _ noise: Noise,
    _ workspace: Workspace
  ) throws -> (LatentFit, LatentModel.Point) {
    for (starts, temper) in [(16, 0.3), (48, 0.01)] {
      let found = try search(
        LatentFit(model, system, noise: noise), starts, from: temper, workspace)
      if let found, found.fit.isExplained(at: found.point) {
        return (found.fit, found.point)
      }
    }
    throw SolveFailure.notFitted
  }

  private static func search(
    _ noisy: LatentFit, _ starts: Int, from temper: Double,
    _ workspace: Workspace
  ) throws -> (fit: LatentFit, point: LatentModel.Point)? {
    var fit = noisy
    let stages = fit.tempers(from: temper).map(fit.tempered)
    var points = Self.starts(stages[0], starts)
    for stage in stages {
      points = try points.map {
        try climb($0, stage, steps: 6, workspace).point
      }
      points = fit.model.distinct(points, 1e-6)
    }
    var best: (point: LatentModel.Point, objective: Double)?
    for point in points {
      let found = try climb(point, fit, steps: 12, workspace)
      if found.objective < best?.objective ?? .infinity { best = found }
    }
    guard var point = best?.point else { return nil }
    for _ in 0..<(fit.isWeighedByData ? 3 : 1) {
      point = try climb(point, fit, steps: 100, workspace).point
      point = try chosen(point, fit, workspace)
      fit = fit.weighed(by: point)
    }
    return (fit, point)
  }

  /// A point with other choices, one after another, as long as that fits better.
  private static func chosen(
    _ start: LatentModel.Point, _ fit: LatentFit, _ workspace: Workspace
  ) throws -> LatentModel.Point {
    var point = start
    var objective = fit.objective(point)
    for (place, choice) in fit.model.choices.enumerated() {
      for value in choice.values where value != point.chosen[place] {
        var other = point
        other.chosen[place] = value
        guard fit.objective(other) < objective else { continue }
        (point, objective) = try climb(other, fit, steps: 12, workspace)
      }
    }
    return point
  }

  /// Where to begin: points of a sequence that fills the box of parameters evenly,
  /// with fields of zero, that fit best and are not near to one another.
  private static func starts(
    _ fit: LatentFit, _ count: Int
  ) -> [LatentModel.Point] {
    let model = fit.model
    let free = model.coordinates.indices.filter {
      model.coordinates[$0].isParameter
    }
    // What is linear, or nearly so, is found from anywhere.
    guard !free.isEmpty || !model.choices.isEmpty else {
      return [model.middle]
    }
    let most = model.choices.map(\.values.count).max() ?? 1
    let steps = LatentModel.fillingSteps(free.count + model.choices.count)
    let scored = (0..<max(candidates, min(4 * most, 8192))).map { index in
      let point = model.candidate(index, free, steps)
      return (point, fit.objective(point))
    }.filter { $0.1.isFinite }.sorted { $0.1 < $1.1 }
    return Array(model.distinct(scored.map(\.0), 0.05).prefix(count))
  }

  /// Goes from a point to a mode, by Gauss and Newton's steps damped as Levenberg
  /// and Marquardt's are, within the box.
  private static func climb(
    _ start: LatentModel.Point, _ fit: LatentFit, steps: Int,
    _ workspace: Workspace
  ) throws -> (point: LatentModel.Point, objective: Double) {
    let model = fit.model
    var point = start
    var objective = fit.objective(point)
    var damping = 1e-3
    var normal = fit.normal(point)
    for _ in 0..<steps {
      guard objective.isFinite, damping < 1e12 else { break }
      let next = try model.step(from: point, normal, damping, workspace)
      let value = next.map(fit.objective) ?? .infinity
      guard let next, value < objective else {
        damping *= 10
        continue
      }
      let gain = objective - value
      (point, objective) = (next, value)
      damping = max(damping / 10, 1e-12)
      if gain <= 1e-9 * min(objective, 1) { break }
      normal = fit.normal(point)
    }
    return (point, objective)
  }
}

extension LatentModel {
  /// The models of an equation's samples on a grid, for each thing that may be
  /// noisy.
  ///
  /// - Throws: `EquationError` if there are none.
  static func models(
    _ equation: Equation, nodes n: Int, seed: UInt64 = 0
  ) throws -> [Noise.Target: LatentModel] {
    guard !equation.isNonlinear else {
      throw EquationError(
        file: equation.path,
        message:
          "is nonlinear: its systems have no law that map or the bound could use"
      )
    }
    let sampler = try EquationSampler(equation, nodes: n, seed: seed)
    let collocation = Collocation(nodes: n, on: equation.domain)
    return Dictionary(
      uniqueKeysWithValues: Noise.Target.allCases.map {
        ($0, LatentModel(sampler, collocation, target: $0))
      })
  }

  /// The middle of all laws.
  fileprivate var middle: Point {
    Point(
      y: coordinates.map { $0.isBounded ? 0.5 : 0 },
      chosen: choices.map { $0.values.first ?? 0 })
  }

  /// The steps of an additive recurrence that fills a box evenly, powers of the root
  /// of xᵈ⁺¹ = x + 1; Roberts (2018).
  fileprivate static func fillingSteps(_ count: Int) -> [Double] {
    var root = 2.0
    for _ in 0..<40 { root = pow(1 + root, 1 / Double(count + 1)) }
    return (0..<count).map { pow(root, -Double($0 + 1)) }
  }

  /// A point of the recurrence with these steps.
  fileprivate func candidate(
    _ index: Int, _ free: [Int], _ steps: [Double]
  ) -> Point {
    func share(_ place: Int) -> Double {
      (0.5 + steps[place] * Double(index + 1))
        .truncatingRemainder(dividingBy: 1)
    }
    var point = middle
    for (place, coordinate) in free.enumerated() {
      point.y[coordinate] =
        coordinates[coordinate].isBounded
        ? share(place) : 4 * share(place) - 2
    }
    for (place, choice) in choices.enumerated() {
      let number = Int(
        share(free.count + place) * Double(choice.values.count))
      point.chosen[place] = choice.values[number]
    }
    return point
  }

  /// The points that are not near to one before them.
  fileprivate func distinct(_ points: [Point], _ distance: Double) -> [Point] {
    points.reduce(into: []) { kept, point in
      let isNear = kept.contains { other in
        other.chosen == point.chosen
          && zip(other.y, point.y).allSatisfy { abs($0 - $1) < distance }
      }
      if !isNear { kept.append(point) }
    }
  }

  /// A damped step, cut off at the box; nil if there is none.
  fileprivate func step(
    from point: Point, _ normal: LatentFit.Normal, _ damping: Double,
    _ workspace: Workspace
  ) throws -> Point? {
    let m = coordinates.count
    guard m > 0 else { return nil }
    var gradient = normal.gradient
    var matrix = normal.information
    for (k, coordinate) in coordinates.enumerated() {
      if !coordinate.isBounded {
        gradient[k] -= point.y[k]
        matrix[k * m + k] += 1
      }
      matrix[k * m + k] += damping * (matrix[k * m + k] + 1)
    }
    // What stands at a wall and is pushed against it stays there.
    for (k, coordinate) in coordinates.enumerated()
    where coordinate.isBounded
      && (point.y[k] <= 0 && gradient[k] < 0
        || point.y[k] >= 1 && gradient[k] > 0)
    {
      for i in 0..<m { (matrix[k * m + i], matrix[i * m + k]) = (0, 0) }
      (matrix[k * m + k], gradient[k]) = (1, 0)
    }
    var change = gradient
    do {
      try DenseSolver.lu.solve(
        A: matrix, b: gradient, n: m, x: &change, workspace: workspace)
    } catch { return nil }
    var next = point
    for (k, coordinate) in coordinates.enumerated() {
      next.y[k] += change[k]
      if coordinate.isBounded { next.y[k] = min(max(next.y[k], 0), 1) }
    }
    return next
  }
}

extension LatentModel.Coordinate {
  /// Whether it is a parameter, and no field's.
  fileprivate var isParameter: Bool {
    if case .field = self { false } else { true }
  }
}
