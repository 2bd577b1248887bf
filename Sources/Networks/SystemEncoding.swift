/// How a linear system becomes tokens: token i holds column i of the (scaled)
/// matrix and entry i of the (scaled) right-hand side.
///
/// The scaling of rows does not change the solution. Both parts then have one
/// constant gain each. A homogeneous encoding scales the right-hand side to unit
/// norm besides, and the answer back: what a network makes of c·b is c times
/// what it makes of b, whatever it has learned.
public struct SystemEncoding: Sendable, Equatable {
  /// How the rows are scaled: `equilibrated`, to unit 2-norm, A′ = SA and
  /// b′ = Sb; or `raw`, not at all.
  public let kind: Encoding.Kind
  /// What A (or A′) is multiplied by.
  public let matrixGain: Double
  /// What b (or b′) is multiplied by.
  public let vectorGain: Double
  /// What the answer to a right-hand side of unit norm is multiplied by to become
  /// the network's target; nil where the norm of b (or b′) is left as it is, and
  /// the solution is the target.
  public let unitGain: Double?

  /// Creates an encoding.
  ///
  /// - Precondition: `kind` is one of linear systems.
  public init(
    kind: Encoding.Kind, matrixGain: Double, vectorGain: Double,
    unitGain: Double? = nil
  ) {
    precondition(
      kind.isOfSystems && !kind.isLinear, "\(kind) has no gains of systems")
    self.kind = kind
    self.matrixGain = matrixGain
    self.vectorGain = vectorGain
    self.unitGain = unitGain
  }

  /// Writes the tokens of one system, [n, n + 1] in row-major order.
  ///
  /// - Parameters:
  ///   - A: the matrix, n × n in column-major order.
  ///   - b: the right-hand side, n numbers.
  ///   - n: the order.
  ///   - tokens: receives n (n + 1) numbers.
  ///   - scales: scratch of n numbers.
  /// - Returns: what the solution is multiplied by to become the network's
  ///   target; 0 where the right-hand side, and so the solution, is zero.
  public func encode(
    _ A: UnsafePointer<Double>, _ b: UnsafePointer<Double>, n: Int,
    into tokens: UnsafeMutablePointer<Float>, scales: inout [Double]
  ) -> Double {
    rowScales(A, n: n, into: &scales)
    let norm = unitGain == nil ? 1 : scaledNorm(b, scales)
    let inverse = norm > 0 ? 1 / norm : 0
    scales.withUnsafeBufferPointer { scales in
      for j in 0..<n {
        let column = A + j * n
        let token = tokens + j * (n + 1)
        for i in 0..<n {
          token[i] = Float(matrixGain * (scales[i] * column[i]))
        }
        token[n] = Float(vectorGain * (scales[j] * b[j] * inverse))
      }
    }
    return (unitGain ?? 1) * inverse
  }

  /// The 2-norm of the scaled right-hand side, which neither overflows nor
  /// underflows.
  private func scaledNorm(
    _ b: UnsafePointer<Double>, _ scales: [Double]
  ) -> Double {
    var largest = 0.0
    for (j, scale) in scales.enumerated() {
      largest = max(largest, abs(scale * b[j]))
    }
    // Not normal: as good as zero, and its inverse is infinite.
    guard largest.isNormal else { return 0 }
    var sum = 0.0
    for (j, scale) in scales.enumerated() {
      let part = scale * b[j] / largest
      sum += part * part
    }
    return largest * sum.squareRoot()
  }

  /// The tokens of one system, [n, n + 1] in row-major order.
  public func tokens(A: [Double], b: [Double]) -> [Float] {
    let n = b.count
    precondition(A.count == n * n, "A must be \(n) by \(n)")
    var scales = [Double](repeating: 1, count: n)
    var tokens = [Float](repeating: 0, count: n * (n + 1))
    tokens.withUnsafeMutableBufferPointer { tokens in
      guard let start = tokens.baseAddress else { return }
      _ = encode(A, b, n: n, into: start, scales: &scales)
    }
    return tokens
  }

  /// The inverse 2-norms of A's rows, or ones; a zero row keeps 1.
  private func rowScales(
    _ A: UnsafePointer<Double>, n: Int, into scales: inout [Double]
  ) {
    switch kind {
    case .equilibrated: break
    case .raw, .factors, .estimates, .coefficients, .iterate, .gradient:
      for i in 0..<n { scales[i] = 1 }
      return
    }
    writeInverseRowNorms(A, n: n, into: &scales)
  }
}

/// Writes the inverse 2-norms of a matrix's rows; a zero row keeps 1.
///
/// - Parameters:
///   - A: the matrix, n × n in column-major order.
///   - n: the order.
///   - scales: receives n numbers.
func writeInverseRowNorms(
  _ A: UnsafePointer<Double>, n: Int, into scales: inout [Double]
) {
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

// MARK: Calibration

extension SystemEncoding {
  /// Chooses the gains that bring the entries of the matrices and of the
  /// right-hand sides to a root mean square of ``Encoding/tokenRMS`` each.
  public struct Calibration {
    private let unit: SystemEncoding
    private let n: Int
    private var scales: [Double]
    private var matrixSum = 0.0
    private var vectorSum = 0.0
    private let isHomogeneous: Bool
    private var count = 0.0

    /// Begins with no system of order `n`.
    ///
    /// - Parameters:
    ///   - kind: of the encoding.
    ///   - isHomogeneous: whether right-hand sides are scaled to unit norm.
    ///   - n: the order.
    public init(_ kind: Encoding.Kind, isHomogeneous: Bool = false, n: Int) {
      unit = SystemEncoding(kind: kind, matrixGain: 1, vectorGain: 1)
      self.n = n
      self.isHomogeneous = isHomogeneous
      scales = Array(repeating: 1, count: n)
    }

    /// Takes a system into account, A column-major.
    public mutating func add(
      A: UnsafePointer<Double>, b: UnsafePointer<Double>
    ) {
      unit.rowScales(A, n: n, into: &scales)
      for i in 0..<n { vectorSum += (scales[i] * b[i]) * (scales[i] * b[i]) }
      for j in 0..<n {
        for i in 0..<n {
          let entry = scales[i] * A[j * n + i]
          matrixSum += entry * entry
        }
      }
      count += 1
    }

    /// The encoding with the gains of the systems so far.
    public var encoding: SystemEncoding {
      let numbers = count * Double(n)
      // Of a unit vector the mean square is 1/n; a target has the size of the
      // solution of a right-hand side of ordinary norm.
      let norm = vectorSum > 0 ? (vectorSum / count).squareRoot() : 1
      return SystemEncoding(
        kind: unit.kind,
        matrixGain: Encoding.gain(
          squares: matrixSum, count: numbers * Double(n)),
        vectorGain: isHomogeneous
          ? Encoding.gain(squares: 1, count: Double(n))
          : Encoding.gain(squares: vectorSum, count: numbers),
        unitGain: isHomogeneous ? norm : nil)
    }
  }
}
