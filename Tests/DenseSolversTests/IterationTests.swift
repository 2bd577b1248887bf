import DenseSolvers
import Foundation
import Testing

struct IterationTests {
  /// A = M + a perturbation of rank 3, x known.
  private func system(_ n: Int) -> (A: [Double], b: [Double], x: [Double]) {
    var A = [Double](repeating: 0, count: n * n)
    for i in 0..<n { A[i * n + i] = 2 + Double(i) }
    for k in 1...3 {
      for i in 0..<n {
        for j in 0..<n {
          A[j * n + i] += 0.3 * sin(Double(k * i)) * cos(Double(k * j))
        }
      }
    }
    let x = (0..<n).map { cos(Double(3 * $0)) }
    let b = (0..<n).map { i in
      (0..<n).reduce(0.0) { $0 + A[$1 * n + i] * x[$1] }
    }
    return (A, b, x)
  }

  private func error(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
  }

  /// With the identity and three directions more GMRES takes four steps.
  @Test func gmresTakesOneStepForEachEigenvalue() throws {
    let n = 30
    let (A, b, x) = system(n)
    let found = try Iteration.gmres.solve(
      A: A, b: b, tolerance: 1e-12, limit: n
    ) { r in r.enumerated().map { $1 / (2 + Double($0)) } }
    #expect(found.isConverged && found.history.count == 5)
    #expect(error(found.x, x) < 1e-11)
    #expect(zip(found.history, found.history.dropFirst()).allSatisfy(>=))
  }

  /// A block rotates and scales, the rest is triangular.
  @Test func eigenvaluesAreThoseOfTheBlocks() throws {
    let A: [Double] = [
      3, 4, 0, 0,
      -4, 3, 0, 0,
      7, 1, -2, 0,
      9, 8, 6, 0.5,
    ]
    let found = try eigenvalues(of: A, n: 4)
    for (value, (re, im)) in zip(
      found, [(3.0, 4.0), (3, -4), (-2, 0), (0.5, 0)])
    {
      #expect(abs(value.real - re) < 1e-14 && abs(value.imaginary - im) < 1e-14)
    }
    #expect(throws: SolveFailure.self) { try eigenvalues(of: [.nan], n: 1) }
  }

  /// What errors explain is their expectation: Σ σ² (Σᵢ A²) x² + σ² |b|².
  @Test func errorsExplainTheirExpectation() {
    let errors = DataUncertainty.relative(
      0.1, A: [2, 0, 0, 1], b: [3, 0], n: 2)
    // 0.01 (4 · 1 + 1 · 4 + 9) = 0.17 at x = (1, 2), where |b − A x|² = 1 + 4.
    #expect(!errors.explains([1, 2], A: [2, 0, 0, 1], b: [3, 0]))
    // The bound at (1.4, 0.1) is 0.01 (7.84 + 0.01 + 9) = 0.1685 > 0.05.
    #expect(errors.explains([1.4, 0.1], A: [2, 0, 0, 1], b: [3, 0]))
  }

  /// The approximate inverse may be another each time, and not linear.
  @Test(arguments: Iteration.allCases)
  func anInverseThatChangesWillDo(_ iteration: Iteration) throws {
    let n = 30
    let (A, b, x) = system(n)
    var calls = 0
    let found = try iteration.solve(
      A: A, b: b, tolerance: 1e-11, limit: 60
    ) { r in
      calls += 1
      let exact = try DenseSolver.lu.solve(A: A, b: r, n: n)
      return exact.enumerated().map {
        $1 * (1 + 0.1 * sin(Double(calls * ($0 + 1))))
      }
    }
    #expect(found.isConverged, "\(found.history)")
    #expect(error(found.x, x) < 1e-9)
  }

  @Test func whatDoesNotConvergeSaysSo() throws {
    let (A, b, _) = system(10)
    let found = try Iteration.richardson.solve(
      A: A, b: b, tolerance: 1e-10, limit: 50
    ) { $0.map { -$0 } }
    #expect(!found.isConverged && found.x.allSatisfy { $0 == 0 })
    let stuck = try Iteration.gmres.solve(
      A: A, b: b, tolerance: 1e-10, limit: 10
    ) { _ in [1] + [Double](repeating: 0, count: 9) }
    #expect(!stuck.isConverged && stuck.history.count < 4)
    let zero = try Iteration.gmres.solve(
      A: A, b: [Double](repeating: 0, count: 10), tolerance: 1e-10, limit: 10
    ) { $0 }
    #expect(zero.isConverged && zero.x.allSatisfy { $0 == 0 })
    #expect(throws: SolveFailure.nonFiniteSolution) {
      try Iteration.gmres.solve(A: A, b: b, tolerance: 1e-9, limit: 9) {
        $0.map { _ in .nan }
      }
    }
  }
}
