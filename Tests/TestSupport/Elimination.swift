import Equations

/// Returns the solution of `system` by elimination with partial pivoting,
/// which shares no code with the package's solvers.
public func eliminate(_ system: LinearSystem) -> [Double] {
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
