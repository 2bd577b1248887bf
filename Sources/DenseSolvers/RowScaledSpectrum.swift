import CLAPACKE
import COpenBLAS

extension Workspace {
  /// A lower bound of ‖(R⁻¹A)⁻¹‖₂, R being A's row norms, from the factors that
  /// the last solve by LU has left; seldom below the norm by more than √n.
  ///
  /// Complexity: 3 n² operations, a small part of the factorisation's.
  ///
  /// - Parameter A: the matrix that was factored, in column-major order.
  /// - Returns: the bound; infinite if it is not finite.
  public func inverseNormAfterLU(of A: UnsafePointer<Double>) -> Double {
    let n = vector.count
    var sum = 0.0
    vector.withUnsafeMutableBufferPointer { vector in
      guard let z = vector.baseAddress else { return }
      for i in 0..<n { z[i] = 0 }
      for j in 0..<n {
        let column = A + j * n
        for i in 0..<n { z[i] += column[i] * column[i] }
      }
      // Numbers without a pattern that a function, or two equal rows, could have.
      var bits: UInt64 = 0x9e37_79b9_7f4a_7c15
      for i in 0..<n {
        bits = bits &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        let size = 0.5 + Double(bits >> 33 & 0xffff) / 65536
        z[i] = (bits >> 63 == 0 ? size : -size) * z[i].squareRoot()
      }
    }
    solveFactored()
    for value in vector { sum += value * value }
    let norm = (sum / Double(max(1, n))).squareRoot()
    return norm.isNaN ? .infinity : norm
  }
}

/// The singular values of a matrix whose rows were scaled to unit norm.
///
/// Of a boundary value problem's matrix they tell a singular problem from one
/// that is merely stiff, which those of the matrix itself do not: the rows of
/// derivatives and of conditions then weigh alike.
public struct RowScaledSpectrum: Sendable {
  /// σ₁/σₙ; infinite if σₙ is 0.
  public let condition: Double

  /// The right singular vector of σₙ, [n].
  public let nullVector: [Double]

  /// Decomposes a matrix.
  ///
  /// - Parameters:
  ///   - A: n × n in column-major order.
  ///   - n: the order.
  ///   - workspace: memory of the calling thread.
  /// - Throws: ``SolveFailure`` if A is not finite or the decomposition does not
  ///   converge.
  public init(
    _ A: UnsafePointer<Double>, n: Int, workspace: Workspace = Workspace()
  ) throws(SolveFailure) {
    var scaled = Array(UnsafeBufferPointer(start: A, count: n * n))
    guard scaled.allSatisfy(\.isFinite) else { throw .nonFiniteInput }
    for i in 0..<n {
      let norm = cblas_dnrm2(Int32(n), A + i, Int32(n))
      guard norm > 0 else { continue }
      for j in 0..<n { scaled[j * n + i] /= norm }
    }
    workspace.load(scaled, scaled, n: n)
    guard workspace.decompose() == 0 else { throw .notConverged }
    let values = workspace.singularValues
    let (largest, smallest) = (values.first ?? 0, values.last ?? 0)
    condition = smallest > 0 ? largest / smallest : .infinity
    nullVector = (0..<n).map { workspace.VT[$0 * n + n - 1] }
  }
}
