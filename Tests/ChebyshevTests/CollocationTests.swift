import Chebyshev
import Foundation
import Testing

struct CollocationTests {
  @Test func nodesAreCosinesAndExactlySymmetric() {
    for n in [2, 3, 8, 64, 257] {
      let nodes = chebpts(n, on: -1...1)
      for j in 0..<n {
        let cosine = cos(.pi * Double(j) / Double(n - 1))
        #expect(abs(nodes[j] - cosine) <= 4e-16)
        #expect(nodes[j] == -nodes[n - 1 - j])
      }
    }
    let mapped = chebpts(64, on: 0...7.5)
    #expect(mapped.first == 7.5 && mapped.last == 0)
  }

  @Test func derivativesOfAnalyticFunctionsAreNearRounding() {
    // N²ε is the rounding error to be expected of a first derivative.
    for (n, tolerance) in [(32, 1e-12), (64, 4e-12), (128, 2e-11)] {
      let x = chebpts(n, on: 0...2)
      let values = x.map { sin(3 * $0) }
      let exact = x.map { 3 * cos(3 * $0) }
      let D = diffmat(n, on: 0...2)
      for i in 0..<n {
        var sum = 0.0
        for j in 0..<n { sum += D[i * n + j] * values[j] }
        #expect(abs(sum - exact[i]) < tolerance)
      }
    }
  }

  @Test func theMatrixIsExactOnTheChebyshevPolynomials() {
    // T′_k(±1) = (±1)ᵏ⁺¹k², and the rows sum to zero.
    let n = 64
    let D = diffmat(n, on: -1...1)
    for i in 0..<n {
      let row = D[(i * n)..<((i + 1) * n)]
      let size = row.reduce(0) { $0 + abs($1) }
      #expect(abs(row.reduce(0, +)) < 1e-14 * size)
    }
    for k in 0..<n {
      let values = (0..<n).map {
        cos(Double(k * $0) * .pi / Double(n - 1))
      }
      var ends = (right: 0.0, left: 0.0)
      for j in 0..<n {
        ends.right += D[j] * values[j]
        ends.left += D[(n - 1) * n + j] * values[j]
      }
      let square = Double(k * k)
      #expect(abs(ends.right - square) < 1e-11 * max(1, square))
      let sign: Double = k.isMultiple(of: 2) ? -1 : 1
      #expect(abs(ends.left - sign * square) < 1e-11 * max(1, square))
    }
  }

  @Test func entriesMatchTheClosedFormOfTheTwoPointAndThreePointGrids() {
    #expect(diffmat(2, on: -1...1) == [0.5, -0.5, 0.5, -0.5])
    let three = diffmat(3, on: -1...1)
    let exact = [1.5, -2, 0.5, 0.5, 0, -0.5, -0.5, 2, -1.5]
    for (a, b) in zip(three, exact) { #expect(abs(a - b) < 1e-15) }
  }

  @Test func quadratureIsExactOnPolynomialsAndSpectralOnTheRest() {
    for n in [2, 3, 4, 9, 64] {
      let weights = quadwts(n, on: -1...1)
      for k in 0..<n {
        let sum = (0..<n).reduce(0.0) { sum, j in
          sum + weights[j] * cos(Double(k * j) * .pi / Double(n - 1))
        }
        let exact = k.isMultiple(of: 2) ? 2 / (1 - Double(k * k)) : 0
        #expect(abs(sum - exact) < 1e-14)
      }
    }
    let sum = zip(quadwts(24, on: 0...3), chebpts(24, on: 0...3))
      .reduce(0) { $0 + $1.0 * exp($1.1) }
    #expect(abs(sum - (exp(3) - 1)) < 2e-14)
  }
}
