import Chebyshev
import Randomness
import TestSupport
import Testing

@testable import Equations

struct CollocationTests {
  /// A = −D diag(K) D + D diag(v) + diag(q) entry by entry, row-major D.
  private func entry(
    _ i: Int, _ j: Int, _ problem: BoundaryValueProblem, _ D: [Double], _ n: Int
  ) -> Double {
    var sum = 0.0
    for k in 0..<n { sum -= D[i * n + k] * problem.K[k] * D[k * n + j] }
    sum += D[i * n + j] * (problem.v?[j] ?? 0)
    return sum + (i == j ? problem.q?[i] ?? 0 : 0)
  }

  @Test(arguments: [3, 4, 9, 32])
  func matrixIsTheOperator(n: Int) {
    let domain = -1.0...2.5
    var random = CounterRandom(seed: 1, index: n, stream: .parameter(0))
    func values() -> [Double] {
      (0..<n).map { _ in random.nextUniform() + 0.5 }
    }
    let problem = BoundaryValueProblem(
      K: values(), f: values(), q: values(), v: values(),
      left: BoundaryCondition(alpha: 2, beta: -3, gamma: 5),
      right: BoundaryCondition(alpha: 7, beta: 11, gamma: 13))
    let collocation = Collocation(nodes: n, on: domain)
    let system = collocation.assemble(problem)
    let D = diffmat(n, on: domain)
    #expect(collocation.D == D)
    #expect(system.n == n)
    for i in 1..<n - 1 {
      let row = (0..<n).map { system.A[$0 * n + i] }
      let expected = (0..<n).map { entry(i, $0, problem, D, n) }
      #expect(relativeError(row, expected) < 1e-13)
      #expect(system.b[i] == problem.f[i])
    }
    for j in 0..<n {
      let last = n - 1
      #expect(system.A[j * n] == 11 * D[j] + (j == 0 ? 7 : 0))
      #expect(
        system.A[j * n + last] == -3 * D[last * n + j] + (j == last ? 2 : 0))
    }
    #expect(system.b[0] == 13 && system.b[n - 1] == 5)
  }

  @Test func termsMayBeAbsent() {
    let n = 8
    let collocation = Collocation(nodes: n, on: 0...1)
    let one = [Double](repeating: 1, count: n)
    let zero = [Double](repeating: 0, count: n)
    let without = BoundaryValueProblem(K: one, f: one)
    let with = BoundaryValueProblem(K: one, f: one, q: zero, v: zero)
    #expect(collocation.assemble(without) == collocation.assemble(with))
  }

  @Test func buffersNeedNoInitialValues() {
    let n = 6
    let collocation = Collocation(nodes: n, on: 0...1)
    let one = [Double](repeating: 1, count: n)
    let problem = BoundaryValueProblem(K: one, f: one, q: one, v: one)
    var A = [Double](repeating: .nan, count: n * n)
    var b = [Double](repeating: .nan, count: n)
    collocation.assemble(problem, A: &A, b: &b)
    #expect(LinearSystem(A: A, b: b) == collocation.assemble(problem))
  }
}
