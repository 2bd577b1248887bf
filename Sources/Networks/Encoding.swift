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
    /// For a minimisation: token i is entry i of Aᵀb and of the iterate, which
    /// takes A's place, with a constant gain each.
    case iterate
  }

  public let kind: Kind
  /// What A (or A′) is multiplied by.
  public let matrixGain: Double
  /// What b (or b′) is multiplied by.
  public let vectorGain: Double
  /// What the solution is multiplied by to become the network's target.
  public let targetGain: Double

  public init(
    kind: Kind, matrixGain: Double, vectorGain: Double, targetGain: Double = 1
  ) {
    self.kind = kind
    self.matrixGain = matrixGain
    self.vectorGain = vectorGain
    self.targetGain = targetGain
  }

  /// The encoding with another gain of the targets.
  public func withTargetGain(_ gain: Double) -> Encoding {
    Encoding(
      kind: kind, matrixGain: matrixGain, vectorGain: vectorGain,
      targetGain: gain)
  }

  /// The numbers in each of `n` tokens.
  public func features(_ n: Int) -> Int { kind == .iterate ? 2 : n + 1 }

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
    let columns = kind == .iterate ? 1 : n
    try systems { A, b in
      unit.rowScales(A, n: n, into: &scales)
      for i in 0..<n { vectorSum += (scales[i] * b[i]) * (scales[i] * b[i]) }
      for j in 0..<columns {
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
      kind: kind, matrixGain: gain(matrixSum, count * Double(n * columns)),
      vectorGain: gain(vectorSum, count * Double(n)))
  }

  /// Writes the tokens of one system, [n, features] in row-major order.
  ///
  /// - Parameters:
  ///   - A: the matrix, n × n in column-major order, or the iterate, n numbers.
  ///   - b: the right-hand side, n numbers.
  ///   - n: the order.
  ///   - tokens: receives n times ``features(_:)`` numbers.
  ///   - scales: scratch of n numbers.
  public func encode(
    _ A: UnsafePointer<Double>, _ b: UnsafePointer<Double>, n: Int,
    into tokens: UnsafeMutablePointer<Float>, scales: inout [Double]
  ) {
    if kind == .iterate {
      for i in 0..<n {
        tokens[2 * i] = Float(vectorGain * b[i])
        tokens[2 * i + 1] = Float(matrixGain * A[i])
      }
      return
    }
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

  /// The tokens of one system, [n, features] in row-major order.
  public func tokens(A: [Double], b: [Double]) -> [Float] {
    let n = b.count
    precondition(
      A.count == (kind == .iterate ? n : n * n), "A must be \(n) by \(n)")
    var scales = [Double](repeating: 1, count: n)
    var tokens = [Float](repeating: 0, count: n * features(n))
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

// MARK: Metadata

extension Encoding {
  /// The constants as a file keeps them.
  public var metadata: [String: String] {
    var values = [
      "encoding": kind.rawValue, "matrix_gain": "\(matrixGain)",
      "vector_gain": "\(vectorGain)",
    ]
    if targetGain != 1 { values["target_gain"] = "\(targetGain)" }
    return values
  }

  /// The keys of ``metadata``.
  public static let metadataKeys = [
    "encoding", "matrix_gain", "vector_gain", "target_gain",
  ]

  /// What is wrong with a file's constants.
  public struct MetadataFailure: Error, CustomStringConvertible {
    public let description: String
  }

  /// Reads the constants of a file.
  ///
  /// - Throws: ``MetadataFailure`` if one is missing or unusable.
  public init(metadata: [String: String]) throws(MetadataFailure) {
    guard let name = metadata["encoding"] else {
      throw MetadataFailure(
        description: "metadata have no 'encoding'; is this a checkpoint?")
    }
    guard let kind = Kind(rawValue: name) else {
      let known = Kind.allCases.map(\.rawValue).joined(separator: ", ")
      throw MetadataFailure(
        description: "unknown encoding '\(name)'; known are \(known)")
    }
    func number(_ key: String) throws(MetadataFailure) -> Double {
      guard let text = metadata[key] else {
        throw MetadataFailure(
          description: "metadata have no '\(key)'; is this a checkpoint?")
      }
      guard let number = Double(text), number.isFinite else {
        throw MetadataFailure(
          description: "'\(key)' is '\(text)', expected a number")
      }
      return number
    }
    let target = metadata["target_gain"] == nil ? 1 : try number("target_gain")
    guard target != 0 else {
      throw MetadataFailure(description: "'target_gain' must not be zero")
    }
    self.init(
      kind: kind, matrixGain: try number("matrix_gain"),
      vectorGain: try number("vector_gain"), targetGain: target)
  }
}
