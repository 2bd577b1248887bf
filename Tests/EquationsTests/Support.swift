import Foundation
import Testing

@testable import Equations

/// Returns the solution of `system` by elimination with partial pivoting,
/// which shares no code with the package's solvers.
func solve(_ system: LinearSystem) -> [Double] {
  let n = system.n
  var A = system.A
  var x = system.b
  A.withUnsafeMutableBufferPointer { A in
    for k in 0..<n {
      let pivot = (k..<n).max { abs(A[k * n + $0]) < abs(A[k * n + $1]) } ?? k
      if pivot != k {
        for j in 0..<n { A.swapAt(j * n + k, j * n + pivot) }
        x.swapAt(k, pivot)
      }
      for i in k + 1..<n {
        let factor = A[k * n + i] / A[k * n + k]
        x[i] -= factor * x[k]
        for j in k..<n { A[j * n + i] -= factor * A[j * n + k] }
      }
    }
    for i in (0..<n).reversed() {
      for j in i + 1..<n { x[i] -= A[j * n + i] * x[j] }
      x[i] /= A[i * n + i]
    }
  }
  return x
}

/// Returns an equation file's text; every part may be replaced.
func equationText(
  domain: String = "[0, 1]", parameters: [String] = [], fields: [String] = [],
  coefficients: [String] = ["K: 1", "f: 1"], left: String = "{dirichlet: 0}",
  right: String = "{dirichlet: 0}"
) -> String {
  func block(_ key: String, _ lines: [String]) -> String {
    lines.isEmpty
      ? "" : "\(key):\n" + lines.map { "  \($0)\n" }.joined()
  }
  return "name: test\ndomain: \(domain)\n" + block("parameters", parameters)
    + block("fields", fields) + block("coefficients", coefficients)
    + block("boundary", ["left: \(left)", "right: \(right)"])
}

/// Returns the text of the error that `body` throws.
func message(
  _ body: () throws -> Void, sourceLocation: SourceLocation = #_sourceLocation
) -> String {
  do {
    try body()
    Issue.record("no error", sourceLocation: sourceLocation)
    return ""
  } catch {
    return "\(error)"
  }
}

/// Returns the largest |a − b| over the largest |b|.
func relativeError(_ a: [Double], _ b: [Double]) -> Double {
  let difference = zip(a, b).map { abs($0 - $1) }.max() ?? .nan
  return difference / (b.map(abs).max() ?? .nan)
}
