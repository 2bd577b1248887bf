import Chebyshev
import DenseSolvers
import Equations
import Foundation
import TestSupport
import Testing

@testable import Solutions

struct AdaptiveSolverTests {
  private func problem(_ text: String) throws -> ContinuousProblem {
    try ContinuousProblem(
      Equation(yaml: text, path: "test"), seed: 0, index: 0)
  }

  private func solve(
    _ text: String, tolerance: Double = 1e-12
  ) throws -> AdaptiveSolver.Answer {
    try AdaptiveSolver(tolerance: tolerance).solve(problem(text))
  }

  /// −(K u′)′ = 1 on [0, 1], u = 0 at both ends, K = 1 then 10 from ½.
  @Test func diffusivityThatJumps() throws {
    let answer = try solve(
      equationText(coefficients: ["K: where(x < 0.5, 1, 10)", "f: 1"]))
    #expect(abs(answer.u([0.5])[0] - 1 / 44.0) < 1e-15)
    #expect(abs(answer.u.flux([0.0])[0] - 13 / 44.0) < 1e-14)
    #expect(answer.isResolved && answer.u.pieces.count == 2)
  }

  /// The shipped reaction-diffusion with K = f = 1, from the design's own
  /// reference; the global grid is wrong in the third digit.
  @Test func reactionThatJumps() throws {
    let equation = try Equation.load("reaction-diffusion")
    let answer = try AdaptiveSolver(tolerance: 1e-12).solve(
      ContinuousProblem(
        equation, seed: 0, index: 0,
        overrides: ["alpha": 0, "omega": 0.5, "beta": 0]))
    #expect(abs(answer.u([3.75])[0] - 3.802618788957403) < 4e-14)
    #expect(answer.u.pieces.map(\.domain) == [0...3, 3...4.5, 4.5...7.5])
  }

  /// A jump that a formula hides: where sin(x) changes sign.
  @Test func breakpointsAreFoundWhereAFormulaSwitches() throws {
    let text = equationText(
      domain: "[1, 7]",
      coefficients: ["K: where(sin(x) > 0, 1, 3)", "f: abs(x - 2.5)"])
    let points = try problem(text).breakpoints.map(\.x)
    #expect(points.count == 3)
    for (x, exact) in zip(points, [2.5, .pi, 2 * .pi]) {
      #expect(abs(x - exact) < 1e-14)
    }
    let given = text + "breakpoints: [1.5, 2.5]\n"
    #expect(try problem(given).breakpoints.map(\.x).count == 4)
  }

  @Test func theToleranceIsMetAndNoMoreIsPaidFor() throws {
    // u = sin(3x) + tanh(20(x − 0.3)).
    let text = equationText(
      coefficients: [
        "K: 1",
        "f: 9 * sin(3 * x) + 800 * tanh(20 * (x - 0.3)) "
          + "/ cosh(20 * (x - 0.3))^2",
      ], left: "{dirichlet: -\(tanh(6.0))}",
      right: "{dirichlet: \(sin(3.0) + tanh(14.0))}")
    let x = (1..<200).map { Double($0) / 200 }
    var nodes: [Int] = []
    for tolerance in [1e-4, 1e-8, 1e-12] {
      let answer = try solve(text, tolerance: tolerance)
      var error = 0.0
      for (x, u) in zip(x, answer.u(x)) {
        let exact: Double = sin(3 * x) + tanh(20 * (x - 0.3))
        error = max(error, abs(u - exact))
      }
      #expect(answer.isResolved)
      #expect(error <= tolerance)
      #expect(error <= 3 * answer.error * answer.u.scale)
      nodes.append(answer.u.nodes)
    }
    #expect(nodes == nodes.sorted() && nodes[0] < nodes[2])
  }

  /// What is refused, and the function that is to blame.
  private static let singular: [(String, String)] = [
    (
      equationText(
        coefficients: ["K: 1", "f: cos(pi * x)"],
        left: "{neumann: 0}", right: "{neumann: 0}"), "u = const"
    ),
    (
      equationText(
        domain: "[-1, 2]", coefficients: ["K: 1", "f: 1"],
        left: "{robin: {alpha: 1, beta: 1, gamma: 0}}",
        right: "{robin: {alpha: 1, beta: -2, gamma: 0}}"), "u = x"
    ),
    (
      equationText(coefficients: ["K: 1", "q: -pi^2", "f: 1"]),
      "largest at x = 0.500 and changes sign 0 times"
    ),
    (
      equationText(coefficients: ["K: 1", "q: -16 * pi^2", "f: x"]),
      "changes sign 3 times"
    ),
    (
      equationText(
        coefficients: ["K: where(x < 0.3, 1, 5)", "f: 1"],
        left: "{neumann: 0}", right: "{neumann: 0}"), "u = const"
    ),
  ]

  @Test(arguments: singular)
  func whatHasNoAnswerIsRefused(text: String, culprit: String) throws {
    do {
      _ = try solve(text)
      Issue.record("\(culprit): solved")
    } catch let error as SingularProblem {
      #expect("\(error)".contains(culprit))
    }
  }

  /// ∫u in place of a condition makes two Neumann conditions solvable.
  @Test func aMeanValueIsACondition() throws {
    let answer = try solve(
      equationText(
        coefficients: ["K: 1", "f: cos(pi * x)"], left: "{neumann: 0}",
        right: "{integral: 2}"))
    for x in [0.0, 0.3, 1] {
      let exact = cos(.pi * x) / (.pi * .pi) + 2
      #expect(abs(answer.u([x])[0] - exact) < 1e-11)
    }
  }

  /// 1 + 10⁻⁸ times the resonance: eight digits are left, and it says so.
  @Test func nearAResonanceTheEstimateGrows() throws {
    let answer = try solve(
      equationText(coefficients: ["K: 1", "q: -pi^2 * (1 + 1e-8)", "f: 1"]),
      tolerance: 1e-10)
    #expect(!answer.isResolved)
    #expect((1e-10...1e-6).contains(answer.error))
    // (cos(k(x − ½))/cos(k/2) − 1)/k², with k² = π²(1 + 10⁻⁸).
    let k = Double.pi * (1 + 1e-8).squareRoot()
    let exact = (1 / sin(-0.5 * (k - .pi)) - 1) / (k * k)
    #expect(abs(answer.u([0.5])[0] / exact - 1) < 1e-7)
  }

  /// One problem of a scan: a bell of a hundredth of a coefficient, or less, that
  /// stands between the nodes of the first grids.
  struct Feature: CustomTestStringConvertible, Sendable {
    let coefficient: String
    let width: Double
    let place: Double
    let height: Double

    var testDescription: String {
      "\(coefficient), \(width) wide at \(place), \(height)"
    }

    var coefficients: [String] {
      let bell = "exp(-((x - \(place)) / \(width))^2)"
      return switch coefficient {
      case "K": ["K: 1 + \(10 * height) * \(bell)", "f: 1"]
      case "f": ["K: 1", "f: 1 + \(height) * \(bell)"]
      case "q": ["K: 1", "f: 1", "q: 100 * (1 + \(height) * \(bell))"]
      default:
        [
          "K: 1", "f: 1",
          "\(coefficient): 10 * (cos(3 * x) + \(height) * \(bell))",
        ]
      }
    }

    static let all = ["K", "f", "q", "v", "w"].flatMap { coefficient in
      [1e-2, 3e-3, 1e-3, 3e-4].flatMap { width in
        [
          (0.35007, 0.009), (0.2431, 0.009), (0.618, 0.005), (0.0777, 0.002),
          (0.90013, 1e-4),
        ].map {
          Feature(
            coefficient: coefficient, width: width, place: $0, height: $1)
        }
      }
    }
  }

  /// Against the same problem with breakpoints that leave nothing to be found.
  @Test(arguments: Feature.all)
  func aNarrowFeatureIsSeen(feature: Feature) throws {
    let text = equationText(coefficients: feature.coefficients)
    let steps: [Double] = [-8, -6, -4, -3, -2, -1, 0, 1, 2, 3, 4, 6, 8]
    let points = steps.map { $0 * feature.width + feature.place }
      .filter { $0 > 0 && $0 < 1 }
    let exact = try solve(text + "breakpoints: \(points)\n")
    let answer = try solve(text, tolerance: 1e-10)
    let x = (1..<400).map { Double($0) / 400 } + [feature.place]
    var error = 0.0
    for (a, b) in zip(answer.u(x), exact.u(x)) {
      error = max(error, abs(a - b))
    }
    #expect(exact.isResolved && answer.isResolved)
    #expect(error < 1e-10 * exact.u.scale)
  }

  /// A bell narrower than the probes' distance is missed; one breakpoint tells.
  @Test func whatIsNarrowerIsSeenFromABreakpoint() throws {
    let text = equationText(
      coefficients: [
        "K: 1", "f: 1 + exp(-((x - 0.35007) / 1e-6)^2)",
      ])
    let answer = try solve(text + "breakpoints: [0.35007]\n")
    // The bell is a point source of strength √π 10⁻⁶.
    let x = 0.5
    let exact =
      0.5 * x * (1 - x) + 1e-6 * Double.pi.squareRoot() * 0.35007 * (1 - x)
    #expect(abs(answer.u([x])[0] - exact) < 1e-11)
  }

  /// Unresolved is not singular: v has a bell between the nodes of grids on which
  /// the system has 1/κ = 3·10⁻¹⁵.
  @Test func whatIsNotResolvedIsNotSingular() throws {
    let text = equationText(
      coefficients: [
        "K: 1", "f: 1",
        "v: 100 * cos(3 * x) + 0.9 * exp(-((x - 0.2431) / 1e-3)^2)",
      ])
    let answer = try solve(text, tolerance: 1e-10)
    let exact = try solve(
      text + "breakpoints: [0.24, 0.242, 0.2431, 0.244, 0.246]\n",
      tolerance: 1e-10)
    let x = [0.2, 0.5, 0.9]
    for (a, b) in zip(answer.u(x), exact.u(x)) {
      #expect(abs(a / b - 1) < 1e-9)
    }
  }

  /// A layer narrower than any grid that is tried is not resolved, and said to be
  /// that.
  @Test func aLayerThatIsNotResolvedIsNotSingular() throws {
    let answer = try solve(
      equationText(coefficients: ["K: 1e-9", "f: 1", "w: 1"]))
    #expect(!answer.isResolved && answer.error > 0.1)
  }

  /// Nearly singular, 1/κ = 10⁻¹⁶: solved to 10⁻¹⁰, as mpmath has it to 40 digits,
  /// and so not refused where more is asked for.
  @Test(arguments: [1e-10, 1e-11, 1e-12])
  func whatALooserToleranceMeetsIsNotRefused(tolerance: Double) throws {
    let answer = try solve(
      equationText(
        coefficients: [
          "K: 1", "f: 1", "w: -5", "v: -90 * tanh((x - 0.3) / 0.05)",
        ], left: "{neumann: 0}"), tolerance: tolerance)
    #expect(abs(answer.u([0])[0] / -0.011641018320658773 - 1) < 1e-9)
  }

  /// 600 jumps make pieces of few nodes, so that two grids still fit the limit.
  @Test func manyJumpsAreSolved() throws {
    let answer = try solve(
      equationText(
        coefficients: ["K: where(sin(600 * pi * x) > 0, 1, 10)", "f: 1"]),
      tolerance: 1e-10)
    #expect(answer.isResolved && answer.u.pieces.count == 600)
    // ∫(½ − s)/K over pieces of the length 1/600 each, summed exactly: the flux
    // −u′K = s − c, with c such that ∫(s − c)/K = 0.
    let h = 1.0 / 600
    var (weights, moments) = (0.0, 0.0)
    var (partWeights, partMoments) = (0.0, 0.0)
    for piece in 0..<600 {
      let K = piece.isMultiple(of: 2) ? 1.0 : 10
      let middle = (Double(piece) + 0.5) * h
      (weights, moments) = (weights + h / K, moments + h * middle / K)
      if piece < 300 { (partWeights, partMoments) = (weights, moments) }
    }
    let exact = moments / weights * partWeights - partMoments
    #expect(abs(answer.u([0.5])[0] - exact) < 1e-12)
  }

  /// A resonance but for a feature that the first grid steps over.
  @Test func aFeatureThatMakesItRegularIsSeen() throws {
    let text = equationText(
      coefficients: [
        "K: 1", "f: 1", "q: -pi^2 + 3 * exp(-((x - 0.35007) / 1e-3)^2)",
      ])
    let answer = try solve(text, tolerance: 1e-8)
    let exact = try solve(
      text + "breakpoints: [0.347, 0.349, 0.35007, 0.351, 0.353]\n",
      tolerance: 1e-8)
    #expect(abs(answer.u([0.5])[0] / exact.u([0.5])[0] - 1) < 1e-7)
  }

  /// u = 1/(10¹⁰(x − 13/37)² + 1), whose f is evaluated to 10⁻¹¹ at best.
  @Test func aTighterToleranceIsNeverWorse() throws {
    let (c, d) = ("260000000000/37", "520000000000/37")
    let square = "10000000000 * (x - 13/37)^2 + 1"
    let text = equationText(
      coefficients: [
        "K: 1",
        "f: -(\(c) - 20000000000 * x) * (\(d) - 40000000000 * x)"
          + " / (\(square))^3 + 20000000000 / (\(square))^2",
      ], left: "{dirichlet: 8.1005917094143727514e-10}",
      right: "{dirichlet: 2.3767361105462236571e-10}")
    var last = Double.infinity
    for tolerance in [1e-6, 1e-8, 1e-10, 1e-12] {
      let answer = try solve(text, tolerance: tolerance)
      let x = (-200...200).map { 13.0 / 37 + Double($0) * 2.5e-7 }
      var error = 0.0
      for (x, u) in zip(x, answer.u(x)) {
        // 37 (x − 13/37), free of cancellation.
        let z = (37 * (x - 0.25) - 3.75) / 37
        error = max(error, abs(u - 1 / (1e10 * z * z + 1)))
      }
      #expect(error <= max(tolerance, 2 * answer.error), "\(tolerance)")
      #expect(error <= last, "\(tolerance)")
      last = error
    }
    #expect(last < 1e-8)
  }

  /// What is infinite, or 0/0, at an end or a breakpoint is known before any work.
  @Test(arguments: [
    ("-0.75 / sqrt(x)", "f is -inf at x = 0"),
    ("x^(-0.9)", "f is inf at x = 0"),
    ("sin(x) / x", "f is nan at x = 0"), ("log(1 - x)", "f is -inf at x = 1"),
    ("1 / sqrt(abs(x - 0.5))", "f is inf at x = 0.5"),
  ])
  func anInfiniteCoefficientIsRefusedAtOnce(f: String, message: String) throws {
    do {
      try problem(equationText(coefficients: ["K: 1", "f: \(f)"]))
        .requireFiniteAtBreakpoints()
      Issue.record("\(f): taken")
    } catch let error as EquationError {
      #expect("\(error)".contains(message))
    }
  }

  /// The roots of a condition itself, not changes of sign between points.
  @Test(arguments: [
    ("(x - 0.61234)^2 < 9e-10", [0.61231, 0.61237]),
    ("exp(-((x - 0.3) / 1e-5)^2) > exp(-1)", [0.29999, 0.30001]),
    (
      "(x - 0.3)^2 * (x - 0.7)^2 < 1.6e-13",
      [0.299999, 0.300001, 0.699999, 0.700001]
    ),
    ("cos(2 * pi * x) < -0.99999999999", []),
    ("max(abs(x - 0.4), 1e-7) < 2e-7", [0.3999998, 0.4, 0.4000002]),
  ])
  func narrowConditionsHaveTheirRoots(
    condition: String, roots: [Double]
  ) throws {
    let found = try problem(
      equationText(coefficients: ["K: where(\(condition), 2, 1)", "f: 1"])
    ).breakpoints.map(\.x)
    if roots.isEmpty {
      // ½ ± arccos(0.99999999999)/2π.
      let half = acos(0.99999999999) / (2 * .pi)
      #expect(found.count == 2)
      for (x, root) in zip(found, [0.5 - half, 0.5 + half]) {
        #expect(abs(x - root) < 1e-10)
      }
      return
    }
    for root in roots {
      #expect(found.contains { abs($0 - root) < 1e-11 }, "\(root): \(found)")
    }
  }

  /// The narrow well of the condition's roots in the solution.
  @Test func aNarrowWellIsSolved() throws {
    func text(_ condition: String) -> String {
      equationText(
        coefficients: ["K: where(\(condition), 3e-5, 1)", "f: 1"])
    }
    let square = try solve(text("(x - 0.61234)^2 < 9e-10"), tolerance: 1e-10)
    let interval = try solve(text("abs(x - 0.61234) < 3e-5"), tolerance: 1e-10)
    for x in [0.25, 0.5, 0.75] {
      #expect(abs(square.u([x])[0] - interval.u([x])[0]) < 1e-10)
    }
  }

  /// A condition with an integral keeps the band, at either end and at both.
  @Test(arguments: [
    ("{neumann: 0.5}", "{integral: 2}"), ("{integral: 2}", "{neumann: 0.5}"),
    ("{integral: 2}", "{robin: {alpha: 1, beta: 3, gamma: 0.5}}"),
  ])
  func anIntegralKeepsTheBand(left: String, right: String) throws {
    let text = equationText(
      coefficients: ["K: 1 + x", "f: 1000 * cos(300 * x)"], left: left,
      right: right)
    let problem = try problem(text)
    let pieces = (0..<20).map {
      PiecewiseCollocation.Piece(
        domain: Double($0) / 20...Double($0 + 1) / 20, nodes: 33)
    }
    let system = try PiecewiseCollocation(
      problem, pieces: pieces, matrices: .init()
    ).assemble().system
    #expect(system.bandwidth <= 2 * 33 + 3)
    let answer = try solve(text)
    var integral = 0.0
    for piece in answer.u.pieces {
      let weights = quadwts(piece.values.count, on: piece.domain)
      for (value, weight) in zip(piece.values, weights) {
        integral += value * weight
      }
    }
    #expect(abs(integral - 2) < 1e-12)
    // The other end's condition, and the equation by its own integral.
    let (u, slope) = (answer.u([0, 1]), answer.u.derivative([0, 1]))
    switch (left, right) {
    case ("{neumann: 0.5}", _): #expect(abs(slope[0] - 0.5) < 1e-9)
    case (_, "{neumann: 0.5}"): #expect(abs(slope[1] - 0.5) < 1e-9)
    default: #expect(abs(u[1] + 3 * slope[1] - 0.5) < 1e-9)
    }
    #expect(
      abs(2 * slope[1] - slope[0] + 1000 * sin(300.0) / 300) < 1e-8)
  }

  /// The derivatives of formulas, of fields too, against differences.
  @Test func derivativesOfFieldsAreTheirs() throws {
    let text = equationText(
      domain: "[0, 2]",
      fields: [
        "r: {log-gaussian: {sigma: 0.5, length: 0.4}}",
        "g: {gaussian: {sigma: 1, length: 0.5}}",
      ],
      coefficients: [
        "K: 1", "f: diff(r * sin(g))", "q: diff(diff(r))", "v: r * sin(g)",
        "w: diff(r)",
      ])
    let equation = try Equation(yaml: text, path: "test")
    func sample(_ x: [Double]) throws -> BoundaryValueProblem {
      try EquationSampler(equation, points: x, seed: 3).sample(5)
    }
    let h = 1e-5
    let x = [0.2, 0.9, 1.7]
    let (low, middle, high) = (
      try sample(x.map { $0 - h }), try sample(x), try sample(x.map { $0 + h })
    )
    for i in x.indices {
      let slope = ((high.v?[i] ?? 0) - (low.v?[i] ?? 0)) / (2 * h)
      #expect(abs(slope - middle.f[i]) < 1e-7 * max(1, abs(slope)))
      let second = ((high.w?[i] ?? 0) - (low.w?[i] ?? 0)) / (2 * h)
      #expect(abs(second - (middle.q?[i] ?? 0)) < 1e-7 * max(1, abs(second)))
    }
  }
}

struct RectangularCollocationTests {
  /// Exact for polynomials of degree n − 1.
  @Test(arguments: [2, 3, 8, 33])
  func valuesAndDerivativesArePolynomials(n: Int) {
    let matrices = RectangularCollocation(nodes: n)
    let nodes = chebpts(n, on: -1...1)
    let m = n - 1
    for k in 0..<n {
      // T_k and its derivative k sin(kθ)/sin(θ).
      let values = nodes.map { cos(Double(k) * acos($0)) }
      for i in 0..<m {
        let theta = acos(matrices.points[i])
        var (value, slope) = (0.0, 0.0)
        for j in 0..<n {
          value += matrices.interpolation[j * m + i] * values[j]
          slope += matrices.differentiation[j * m + i] * values[j]
        }
        let exact = Double(k) * sin(Double(k) * theta) / sin(theta)
        #expect(abs(value - cos(Double(k) * theta)) < 1e-13)
        #expect(abs(slope - exact) < 1e-12 * Double(n * n))
      }
    }
  }
}
