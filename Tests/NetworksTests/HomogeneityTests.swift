import Foundation
import Networks
import Solutions
import Systems
import TestSupport
import Testing

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
