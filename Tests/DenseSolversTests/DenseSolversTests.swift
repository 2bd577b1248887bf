import DenseSolvers
import Foundation
import Testing

/// 1/(i + j + 1), i, j = 0, …, n − 1.
private func hilbert(_ n: Int) -> [Double] {
  (0..<(n * n)).map { 1 / Double($0 / n + $0 % n + 1) }
}

/// Small whole numbers, strongest on the diagonal, column-major, with the
/// right-hand side of x = (1, −2, 3, −4, …): all arithmetic is exact.
private func wholeNumbers(_ n: Int) -> (A: [Double], b: [Double], x: [Double]) {
  let x = (0..<n).map { Double($0.isMultiple(of: 2) ? $0 + 1 : -$0 - 1) }
  var A = [Double](repeating: 0, count: n * n)
  var b = [Double](repeating: 0, count: n)
  for j in 0..<n {
    for i in 0..<n {
      let entry = Double((7 * i + 3 * j + i * j) % 5 - 2) + (i == j ? 40 : 0)
      A[j * n + i] = entry
      b[i] += entry * x[j]
    }
  }
  return (A, b, x)
}

struct DenseSolversTests {
  @Test(arguments: [DenseSolver.lu, .qr, .svd], [1, 2, 5, 64, 100])
  func solutionsAreRightToRounding(solver: DenseSolver, n: Int) throws {
    let (A, b, exact) = wholeNumbers(n)
    let x = try solver.solve(A: A, b: b, n: n)
    for (a, b) in zip(x, exact) { #expect(abs(a - b) < 1e-13 * Double(n + 9)) }
  }

  @Test(arguments: [DenseSolver.lu, .qr])
  func illConditionedSystemsAreSolvedBackwardStably(solver: DenseSolver) throws
  {
    let n = 12
    let A = hilbert(n)
    let b = (0..<n).map { cos(Double($0)) }
    let x = try solver.solve(A: A, b: b, n: n)
    #expect(relativeResidual(A: A, b: b, x: x, n: n) < 1e-15)
  }

  @Test func theResidualIsThatOfTheDefinition() {
    // A = diag(3, 4), x = (1, 1), b = (3, 5): 1/(5√2 + √34).
    let residual = relativeResidual(
      A: [3, 0, 0, 4], b: [3, 5], x: [1, 1], n: 2)
    #expect(
      abs(residual - 1 / (5 * 2.0.squareRoot() + 34.0.squareRoot())) < 1e-16)
  }

  @Test func conditionNumbersOfHilbertMatrices() throws {
    // Of Hilbert's matrices, to the digits in which double precision has them.
    #expect(
      abs(try conditionNumber(hilbert(3), n: 3) / 524.0567775860644 - 1) < 1e-12
    )
    #expect(
      abs(try conditionNumber(hilbert(5), n: 5) / 476_607.2502422687 - 1) < 1e-9
    )
    #expect(
      abs(try conditionNumber(hilbert(8), n: 8) / 1.525757538e10 - 1) < 1e-5)
    let identity = (0..<25).map { $0 % 6 == 0 ? 1.0 : 0 }
    #expect(try conditionNumber(identity, n: 5) == 1)
    #expect(try conditionNumber([1, 0, 0, 0], n: 2) == .infinity)
    #expect(throws: SolveFailure.nonFiniteInput) {
      try conditionNumber([1, .nan, 0, 1], n: 2)
    }
  }

  @Test func everyFailureHasItsName() {
    let singular: [Double] = [1, 2, 2, 4]
    #expect(throws: SolveFailure.singular(pivot: 2)) {
      try DenseSolver.lu.solve(A: singular, b: [1, 1], n: 2)
    }
    #expect(throws: SolveFailure.singular(pivot: 1)) {
      try DenseSolver.qr.solve(A: [0, 0, 0, 1], b: [1, 1], n: 2)
    }
    for solver in DenseSolver.allCases {
      #expect(throws: SolveFailure.nonFiniteInput) {
        try solver.solve(A: [1, 0, 0, .infinity], b: [1, 1], n: 2)
      }
      #expect(throws: SolveFailure.nonFiniteInput) {
        try solver.solve(A: [1, 0, 0, 1], b: [.nan, 1], n: 2)
      }
    }
    #expect(throws: SolveFailure.nonFiniteSolution) {
      try DenseSolver.lu.solve(A: [1e-300, 0, 0, 1], b: [1e300, 1], n: 2)
    }
  }

  @Test func theSVDGivesTheLeastSquaresSolutionOfASingularSystem() throws {
    // A = (1, 2)ᵀ(1, 2): the shortest minimiser is (1, 2)(b·(1, 2))/25.
    let x = try DenseSolver.svd.solve(A: [1, 2, 2, 4], b: [1, 1], n: 2)
    #expect(abs(x[0] - 3 / 25) < 1e-15 && abs(x[1] - 6 / 25) < 1e-15)
  }

  @Test func aFailureInABatchStopsNoOtherSystem() throws {
    let n = 8
    let count = 37
    let (matrix, right, exact) = wholeNumbers(n)
    var A: [Double] = []
    var b: [Double] = []
    for index in 0..<count {
      A += index == 5 ? Array(repeating: 0, count: n * n) : matrix
      b += index == 9 ? Array(repeating: .nan, count: n) : right
    }
    var results: [[Double]] = []
    for threads in [1, 2, 5] {
      var x = [Double](repeating: 0, count: count * n)
      let failures = try solveBatch(
        .lu, A: A, b: b, x: &x, count: count, n: n, threads: threads)
      for index in 0..<count {
        let part = x[(index * n)..<((index + 1) * n)]
        switch index {
        case 5: #expect(failures[index] == .singular(pivot: 1))
        case 9: #expect(failures[index] == .nonFiniteInput)
        default:
          #expect(failures[index] == nil)
          for (a, b) in zip(part, exact) { #expect(abs(a - b) < 1e-12) }
        }
        if index == 5 || index == 9 {
          #expect(part.allSatisfy { $0.isNaN })
        }
      }
      results.append(x.map { $0.isNaN ? 0 : $0 })
    }
    #expect(results[0] == results[1] && results[0] == results[2])
  }
}

// MARK: Regularisation

/// A diagonal matrix with noise of known size in the right-hand side, where
/// the discrepancy principle can be written down directly.
private struct DiagonalProblem {
  let n = 20
  let sigma = (0..<20).map { pow(10, -0.4 * Double($0)) }
  let b = (0..<20).map {
    pow(10, -0.6 * Double($0)) + 1e-5 * sin(37 * Double($0) + 1)
  }
  let uncertainty = DataUncertainty(
    columns: Array(repeating: 0, count: 20), right: 20 * 0.5e-10)

  var A: [Double] {
    var A = [Double](repeating: 0, count: n * n)
    for i in 0..<n { A[i * n + i] = sigma[i] }
    return A
  }

  func residual(_ filter: [Double]) -> Double {
    zip(filter, b).reduce(0) { $0 + pow((1 - $1.0) * $1.1, 2) }
  }
}

struct RegularisationTests {
  private let problem = DiagonalProblem()

  @Test func tikhonovLeavesTheResidualThatTheNoiseExplains() throws {
    let x = try DenseSolver.tikhonov.solve(
      A: problem.A, b: problem.b, n: problem.n,
      uncertainty: problem.uncertainty)
    // λ from each component; they must agree, and so must the residual.
    let filter = (0..<problem.n).map {
      x[$0] * problem.sigma[$0] / problem.b[$0]
    }
    let lambda = problem.sigma[5] * (1 / filter[5] - 1).squareRoot()
    for (phi, sigma) in zip(filter, problem.sigma) {
      let exact = sigma * sigma / (sigma * sigma + lambda * lambda)
      #expect(abs(phi / exact - 1) < 1e-6)
    }
    let ratio = problem.residual(filter) / problem.uncertainty.right
    #expect(abs(ratio - 1) < 1e-9)
  }

  @Test func truncationTakesTheFewestTermsThatExplainTheNoise() throws {
    let terms = try #require(
      (0...problem.n).first { terms in
        let filter = (0..<problem.n).map { $0 < terms ? 1.0 : 0 }
        return problem.residual(filter) <= problem.uncertainty.right
      })
    #expect((1..<problem.n).contains(terms))
    let x = try DenseSolver.tsvd.solve(
      A: problem.A, b: problem.b, n: problem.n,
      uncertainty: problem.uncertainty)
    for i in 0..<problem.n {
      let exact = i < terms ? problem.b[i] / problem.sigma[i] : 0
      #expect(abs(x[i] - exact) < 1e-12 * (1 + abs(exact)))
    }
  }

  @Test func bothBeatLUOnNoisyData() throws {
    let exact = (0..<problem.n).map { pow(10, -0.2 * Double($0)) }
    func error(_ solver: DenseSolver) throws -> Double {
      let x = try solver.solve(
        A: problem.A, b: problem.b, n: problem.n,
        uncertainty: problem.uncertainty)
      return zip(x, exact).reduce(0) { $0 + ($1.0 - $1.1) * ($1.0 - $1.1) }
    }
    let lu = try error(.lu)
    #expect(try error(.tikhonov) < lu / 100)
    #expect(try error(.tsvd) < lu / 100)
  }

  @Test func cleanDataAreSolvedAsTheyAre() throws {
    let (A, b, exact) = wholeNumbers(30)
    for solver in [DenseSolver.tikhonov, .tsvd] {
      let x = try solver.solve(A: A, b: b, n: 30)
      for (a, b) in zip(x, exact) { #expect(abs(a - b) < 1e-9) }
    }
  }

  @Test func theRelativeUncertaintyIsThatOfTheColumns() {
    let uncertainty = DataUncertainty.relative(
      0.1, A: [3, 4, 0, 2], b: [1, 2], n: 2)
    #expect(abs(uncertainty.columns[0] - 0.25) < 1e-15)
    #expect(abs(uncertainty.columns[1] - 0.04) < 1e-15)
    #expect(abs(uncertainty.right - 0.05) < 1e-15)
  }

  /// Columns that are alike but for rounding, of very different sizes, count once:
  /// the residual is that of the fit without them.
  @Test func leastSquaresSeesDependentColumns() throws {
    let m = 40
    let a = (0..<m).map { sin(Double($0)) }
    let c = (0..<m).map { cos(3 * Double($0)) }
    let right = (0..<m).map { exp(-0.1 * Double($0)) }
    func residual(_ columns: [[Double]]) throws -> (norm: Double, rank: Int) {
      var (A, b) = (columns.flatMap { $0 }, right)
      let found = try leastSquares(
        &A, &b, rows: m, columns: columns.count)
      let rest = right.indices.map { i in
        right[i]
          - columns.indices.reduce(0) { $0 + columns[$1][i] * found.x[$1] }
      }
      return (rest.reduce(0) { $0 + $1 * $1 }.squareRoot(), found.rank)
    }
    let alone = try residual([a, c])
    #expect(alone.rank == 2)
    // a and 10⁶ (a + 10⁻¹⁷ noise): rounding makes them differ.
    let again = (0..<m).map { 1e6 * (a[$0] * 3) / 3 }
    let both = try residual([a, c, again])
    #expect(both.rank == 2)
    #expect(abs(both.norm / alone.norm - 1) < 1e-12)
    // The two of them by Cramer's rule.
    func dot(_ x: [Double], _ y: [Double]) -> Double {
      zip(x, y).reduce(0) { $0 + $1.0 * $1.1 }
    }
    let determinant = dot(a, a) * dot(c, c) - dot(a, c) * dot(a, c)
    let x =
      (dot(a, right) * dot(c, c) - dot(c, right) * dot(a, c)) / determinant
    let y =
      (dot(c, right) * dot(a, a) - dot(a, right) * dot(a, c)) / determinant
    let rest = right.indices.map { right[$0] - x * a[$0] - y * c[$0] }
    #expect(abs(dot(rest, rest).squareRoot() / alone.norm - 1) < 1e-12)
  }
}
