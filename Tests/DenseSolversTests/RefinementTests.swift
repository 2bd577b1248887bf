import DenseSolvers
import Foundation
import Testing

struct RefinementTests {
  /// A matrix with singular values from 1 to 1/κ: a diagonal between two
  /// reflections.
  private func matrix(_ n: Int, condition: Double) -> [Double] {
    func reflection(_ seed: Double) -> [Double] {
      let v = (0..<n).map { sin(seed + 1.7 * Double($0)) }
      let square = v.reduce(0) { $0 + $1 * $1 }
      return (0..<(n * n)).map { (index: Int) -> Double in
        let unit: Double = index / n == index % n ? 1 : 0
        return unit - 2 * v[index / n] * v[index % n] / square
      }
    }
    let (P, Q) = (reflection(0.3), reflection(1.9))
    var A = [Double](repeating: 0, count: n * n)
    for j in 0..<n {
      for i in 0..<n {
        for k in 0..<n {
          let sigma = pow(condition, -Double(k) / Double(n - 1))
          A[j * n + i] += P[k * n + i] * sigma * Q[j * n + k]
        }
      }
    }
    return A
  }

  @Test(arguments: [1e2, 1e4, 1e6])
  func aRoughSolutionBecomesAnExactOne(_ condition: Double) throws {
    let n = 20
    let A = matrix(n, condition: condition)
    let x = (0..<n).map { cos(Double($0)) }
    let b = (0..<n).map { i in
      (0..<n).reduce(0.0) { $0 + A[$1 * n + i] * x[$1] }
    }
    let start = x.map { $0 + 0.01 * sin(50 * $0) }
    let refined = try Refinement(A: A, b: b, start: start)
    func error(_ y: [Double]) -> Double {
      zip(x, y).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
    #expect(error(start) > 1e-3)
    #expect(error(refined.solution) < 1e-14 * condition)
    for (before, after) in zip(refined.history, refined.history.dropFirst()) {
      #expect(after < before)
    }
    let last = try #require(refined.history.last)
    #expect(last < 1e-15)
  }

  @Test func whatCannotBeRefinedIsRefused() {
    #expect(throws: SolveFailure.self) {
      try Refinement(A: [1, 1, 1, 1], b: [1, 1], start: [0, 0])
    }
    #expect(throws: SolveFailure.self) {
      try Refinement(A: [1, 0, 0, .nan], b: [1, 1], start: [0, 0])
    }
  }
}
