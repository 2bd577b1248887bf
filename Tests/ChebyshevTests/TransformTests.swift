import Dispatch
import Foundation
import Testing

@testable import Chebyshev

/// Numbers without a pattern, the same every time.
private func scrambled(_ count: Int) -> [Double] {
  (0..<count).map { sin(12.9898 * Double($0) + 0.5) * cos(78.233 * Double($0)) }
}

struct TransformTests {
  @Test(arguments: [2, 3, 4, 5, 17, 64, 100])
  func coefficientsMatchTheDefiningSum(n: Int) throws {
    let values = scrambled(n)
    let coefficients = try vals2coeffs(values)
    let N = n - 1
    for k in 0...N {
      var sum = 0.0
      for j in 0...N {
        let half = (j == 0 || j == N ? 0.5 : 1) * (k == 0 || k == N ? 0.5 : 1)
        sum += half * values[j] * cos(Double(j * k) * .pi / Double(N))
      }
      #expect(abs(coefficients[k] - 2 * sum / Double(N)) < 1e-14)
    }
  }

  @Test func polynomialsHaveOneCoefficient() throws {
    let n = 64
    for k in 0..<n {
      let values = (0..<n).map {
        cos(Double(k * $0) * .pi / Double(n - 1))
      }
      for (index, coefficient) in try vals2coeffs(values).enumerated() {
        #expect(abs(coefficient - (index == k ? 1 : 0)) < 2e-14)
      }
    }
  }

  @Test func backAndForthIsTheIdentity() throws {
    for n in [2, 7, 64] {
      let values = scrambled(n * 70)
      let back = try coeffs2vals(vals2coeffs(values, n: n), n: n)
      for (a, b) in zip(values, back) { #expect(abs(a - b) < 5e-15) }
    }
  }

  @Test func aBatchFromManyThreadsHasTheBitsOfSingleTransforms() throws {
    let n = 64
    let values = scrambled(n * 133)
    let batch = try vals2coeffs(values, n: n)
    DispatchQueue.concurrentPerform(iterations: 133) { row in
      let one = try? vals2coeffs(Array(values[(row * n)..<((row + 1) * n)]))
      let same = zip(one ?? [], batch[(row * n)..<((row + 1) * n)])
        .allSatisfy { abs($0 - $1) < 1e-15 }
      #expect(one?.count == n && same)
      // Another size at the same time, so that plans are made concurrently.
      _ = try? vals2coeffs(Array(values[0..<(row + 2)]))
    }
    #expect(try vals2coeffs(values, n: n) == batch)
  }

  @Test func oneValueIsItsOwnCoefficient() throws {
    #expect(try vals2coeffs([3]) == [3])
    #expect(try coeffs2vals([3]) == [3])
  }

  /// Values are never returned in the place of coefficients.
  @Test func withoutAPlanThereIsNoTransform() throws {
    for failing in [1, 32] {
      #expect(throws: TransformFailure(n: 8)) {
        try ChebyshevTransform(8) { count in
          count == failing ? nil : OpaquePointer(bitPattern: 64)
        }
      }
    }
    #expect("\(TransformFailure(n: 8))".contains("8 nodes"))
  }
}
