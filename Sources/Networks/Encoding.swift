/// How a linear system becomes the tokens that a network reads.
///
/// Token i holds column i of the (scaled) matrix and entry i of the (scaled)
/// right-hand side. The scaling never changes the solution x, and it is stored
/// with the network: a checkpoint alone says how to feed it.
public struct Encoding: Sendable, Equatable {
  /// The scalings there are.
  public enum Kind: String, CaseIterable, Sendable {
    /// Rows to unit 2-norm, A′ = SA and b′ = Sb, then a constant gain each.
    case equilibrated
    /// A constant gain each for A and b, nothing else.
    case raw
  }

  public let kind: Kind
  /// What A (or A′) is multiplied by.
  public let matrixGain: Double
  /// What b (or b′) is multiplied by.
  public let vectorGain: Double

  public init(kind: Kind, matrixGain: Double, vectorGain: Double) {
    self.kind = kind
    self.matrixGain = matrixGain
    self.vectorGain = vectorGain
  }

  /// The root mean square that the gains give the tokens.
  public static let tokenRMS = 0.5

  /// Chooses the gains that bring the entries of the matrices and of the
  /// right-hand sides to a root mean square of ``tokenRMS`` each.
  ///
  /// - Parameters:
  ///   - kind: the encoding.
  ///   - n: the order of the systems.
  ///   - systems: calls its argument with each A (column-major) and b in turn.
  /// - Returns: the encoding with its gains.
  public static func calibrated(
    _ kind: Kind, n: Int,
    systems: (
      (UnsafePointer<Double>, UnsafePointer<Double>) throws -> Void
    ) throws -> Void
  ) rethrows -> Encoding {
    let unit = Encoding(kind: kind, matrixGain: 1, vectorGain: 1)
    var scales = [Double](repeating: 1, count: n)
    var matrixSum = 0.0
    var vectorSum = 0.0
    var count = 0.0
    try systems { A, b in
      unit.rowScales(A, n: n, into: &scales)
      for j in 0..<n {
        vectorSum += (scales[j] * b[j]) * (scales[j] * b[j])
        for i in 0..<n {
          let entry = scales[i] * A[j * n + i]
          matrixSum += entry * entry
        }
      }
      count += 1
    }
    func gain(_ sum: Double, _ entries: Double) -> Double {
      let rms = (sum / max(entries, 1)).squareRoot()
      return rms > 0 && rms.isFinite ? tokenRMS / rms : 1
    }
    return Encoding(
      kind: kind, matrixGain: gain(matrixSum, count * Double(n * n)),
      vectorGain: gain(vectorSum, count * Double(n)))
  }

  /// Writes the tokens of one system, [n, n + 1] in row-major order.
  ///
  /// - Parameters:
  ///   - A: the matrix, n × n in column-major order.
  ///   - b: the right-hand side, n numbers.
  ///   - n: the order.
  ///   - tokens: receives n(n + 1) numbers.
  ///   - scales: scratch of n numbers.
  public func encode(
    _ A: UnsafePointer<Double>, _ b: UnsafePointer<Double>, n: Int,
    into tokens: UnsafeMutablePointer<Float>, scales: inout [Double]
  ) {
    rowScales(A, n: n, into: &scales)
    scales.withUnsafeBufferPointer { scales in
      for j in 0..<n {
        let column = A + j * n
        let token = tokens + j * (n + 1)
        for i in 0..<n {
          token[i] = Float(matrixGain * (scales[i] * column[i]))
        }
        token[n] = Float(vectorGain * (scales[j] * b[j]))
      }
    }
  }

  /// The tokens of one system, [n, n + 1] in row-major order.
  public func tokens(A: [Double], b: [Double]) -> [Float] {
    let n = b.count
    precondition(A.count == n * n, "A must be \(n) by \(n)")
    var scales = [Double](repeating: 1, count: n)
    var tokens = [Float](repeating: 0, count: n * (n + 1))
    tokens.withUnsafeMutableBufferPointer { tokens in
      guard let start = tokens.baseAddress else { return }
      encode(A, b, n: n, into: start, scales: &scales)
    }
    return tokens
  }

  /// The inverse 2-norms of A's rows, or ones; a zero row keeps 1.
  private func rowScales(
    _ A: UnsafePointer<Double>, n: Int, into scales: inout [Double]
  ) {
    guard kind == .equilibrated else {
      for i in 0..<n { scales[i] = 1 }
      return
    }
    scales.withUnsafeMutableBufferPointer { scales in
      for i in 0..<n { scales[i] = 0 }
      for j in 0..<n {
        for i in 0..<n { scales[i] += A[j * n + i] * A[j * n + i] }
      }
      for i in 0..<n {
        scales[i] = scales[i] > 0 ? 1 / scales[i].squareRoot() : 1
      }
    }
  }
}
