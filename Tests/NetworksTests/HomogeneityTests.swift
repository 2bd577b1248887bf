import CKernels
import Chebyshev
import Equations
import Foundation
import Solutions
import Systems
import TestSupport
import Testing

@testable import Networks

/// What the size of the right-hand side does to an answer: nothing but scale it.
struct HomogeneityTests {
  private func system(_ n: Int) -> (A: [Double], b: [Double]) {
    var A = [Double](repeating: 0, count: n * n)
    for j in 0..<n {
      for i in 0..<n {
        A[j * n + i] = (i == j ? 40 : 0) + 10 * sin(Double(3 * i + 7 * j))
      }
    }
    return (A, (0..<n).map { cos(Double($0)) - 0.3 })
  }

  @Test(arguments: ["bidirectional", "lstm", "gru"])
  func aMultipleOfBHasThatMultipleOfTheAnswer(_ name: String) throws {
    let network = try GoldenNetwork(name).network(
      engine: ComputeEngine(threads: 1), isTraining: false)
    let n = network.configuration.n
    let (A, b) = system(n)
    let predictor = try Predictor(
      network,
      encoding: .system(
        SystemEncoding(
          kind: .equilibrated, matrixGain: 2, vectorGain: 3, unitGain: 0.2)),
      n: n)
    let x = try predictor.predict(A: A, b: b)
    #expect(x.contains { abs($0) > 1e-3 })
    for c in [1e-6, 1.1, 2, 1e6, -1] where c > 0 {
      let scaled = try predictor.predict(A: A, b: b.map { c * $0 })
      for (a, b) in zip(scaled, x) { #expect(abs(a - c * b) <= 2e-6 * c) }
    }
    let zero = try predictor.predict(A: A, b: b.map { _ in 0 })
    #expect(zero.allSatisfy { $0 == 0 })
  }

  /// What a network that says a matrix makes of b is linear in it, and right for
  /// multiples of A and of the rows of its ends.
  @Test func answersByAGreensFunctionAreLinear() throws {
    let network = try GoldenNetwork("greens").network(
      engine: ComputeEngine(threads: 1), isTraining: false)
    let n = network.configuration.n
    let equation = try Equation.load("diffusion")
    let source = try EquationSource(equation, nodes: n, seed: 3, count: 1)
    let system = try source.system(0)
    let predictor = try Predictor(
      network,
      encoding: .coefficients(
        OperatorEncoding(
          coefficientGains: [1, 0.5, 0.5], solutionGain: 2,
          PolyaFactorization(nodes: n))), n: n)
    let (b, other) = (system.b.map { $0 + 1 }, (0..<n).map { sin(Double($0)) })
    let solved = try predictor.predict(
      A: system.A,
      rightHandSides: [b, other, zip(b, other).map { 1e6 * $0 - 2 * $1 }])
    #expect(try predictor.predict(A: system.A, b: b) == solved[0])
    let size = solved[0].reduce(0) { max($0, abs($1)) }
    #expect(size > 1e-3)
    for i in 0..<n {
      let sum = 1e6 * solved[0][i] - 2 * solved[1][i]
      #expect(abs(solved[2][i] - sum) < 1e-9 * size)
    }
    // 8 A x = 8 b, and end rows by 3 besides.
    var A = system.A.map { 8 * $0 }
    var scaled = b.map { 8 * $0 }
    for end in [0, n - 1] {
      for j in 0..<n { A[j * n + end] *= 3 }
      scaled[end] *= 3
    }
    let again = try predictor.predict(A: A, b: scaled)
    for (x, y) in zip(again, solved[0]) { #expect(abs(x - y) < 1e-5 * size) }
  }

  /// With the functions of −u″ on [−1, 1], (1 − x)/2 and 1 + x, the masks make its
  /// inverse.
  @Test func theMasksIntegrate() throws {
    let n = 24
    let x = chebpts(n, on: -1...1)
    let up = x.map { Float(1 + $0) }
    let down = x.map { Float((1 - $0) / 2) }
    // Conditions' columns need (1 − x)/2 and (1 + x)/2: q is ½ and 1 there.
    var (q1, q2) = (up, down)
    q1[n - 1] = 1
    q2[0] = 0.5
    let factors = down + q1 + up + q2
    var G = [Float](repeating: 0, count: n * n)
    ck_separable_forward(
      factors, GreensMasks.ofSize(n).pointer, &G, n, 1, 0, n)
    // u = sin 2x + x: f = 4 sin 2x, and u at the ends.
    let u = x.map { sin(2 * $0) + $0 }
    var b = x.map { 4 * sin(2 * $0) }
    b[0] = u[0]
    b[n - 1] = u[n - 1]
    for i in 0..<n {
      let found = (0..<n).reduce(0.0) { $0 + Double(G[i * n + $1]) * b[$1] }
      #expect(abs(found - u[i]) < 1e-6, "\(x[i])")
    }
  }

  /// Answers by an operator's factors are linear, and one look at A serves any
  /// number of right-hand sides.
  @Test func answersByFactorsAreLinear() throws {
    let network = try GoldenNetwork("polya").network(
      engine: ComputeEngine(threads: 1), isTraining: false)
    let n = network.configuration.n
    let (A, b) = system(n)
    let predictor = try Predictor(
      network,
      encoding: .factors(
        FactorEncoding(
          coefficientGains: [1, 0.1, 0.1], fieldGains: [2, 2, 2],
          PolyaFactorization(nodes: n))), n: n)
    let other = (0..<n).map { sin(Double(5 * $0)) }
    let solve = try predictor.inverse(of: A)
    let (x, y) = (try solve(b), try solve(other))
    #expect(try predictor.predict(A: A, b: b) == x)
    let size = x.reduce(0) { max($0, abs($1)) } + 2
    let sum = try solve(zip(b, other).map { 1e6 * $0 - 2 * $1 })
    for i in 0..<n {
      #expect(abs(sum[i] - 1e6 * x[i] + 2 * y[i]) < 1e-9 * 1e6 * size)
    }
  }
}
