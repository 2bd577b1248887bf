import Foundation
import Solutions
import Systems

/// How a second-order operator, with the conditions at its ends, becomes tokens,
/// and how the Green's function that a network says of it is applied.
///
/// Token i holds K, V and Q at node i, read off A, over the mean of K; at the ends,
/// what the rows of A there make of 1 and of x; and row i and column i of A, its
/// rows scaled to unit 2-norm. What G is applied to is scaled likewise, so that
/// multiples of A or of its ends' rows give what they must. Answers are linear in
/// b.
public struct OperatorEncoding: Sendable {
  /// What K, V and Q are multiplied by.
  public let coefficientGains: [Double]
  /// What answers are multiplied by to become targets; right-hand sides too.
  public let solutionGain: Double
  let factorization: PolyaFactorization

  /// Numbers in a token besides a row and a column.
  private static let ownCount = 5

  /// Numbers in each of `n` tokens.
  static func count(_ n: Int) -> Int { ownCount + 2 * n }

  /// The order of the systems.
  var n: Int { factorization.n }

  public init(
    coefficientGains: [Double], solutionGain: Double,
    _ factorization: PolyaFactorization
  ) {
    precondition(coefficientGains.count == 3, "there are three coefficients")
    self.coefficientGains = coefficientGains
    self.solutionGain = solutionGain
    self.factorization = factorization
  }

  /// Writes the tokens of one matrix, [n, 5 + 2 n] in row-major order.
  ///
  /// - Parameters:
  ///   - A: the matrix, n × n in column-major order.
  ///   - tokens: receives n (5 + 2 n) numbers.
  ///   - scales: receives what the rows are multiplied by, n numbers.
  func encode(
    _ A: UnsafePointer<Double>, into tokens: UnsafeMutablePointer<Float>,
    scales: UnsafeMutablePointer<Double>
  ) {
    let (coefficients, logarithm) = factorization.scaledCoefficients(of: A)
    for i in 0..<n {
      scales[i] = exp(-logarithm)
      let token = tokens + i * Self.count(n)
      for (feature, gain) in coefficientGains.enumerated() {
        token[feature] = Float(gain * coefficients[feature][i])
      }
      token[3] = 0
      token[4] = 0
    }
    writeRowsAndColumns(A, into: tokens)
    for end in [0, n - 1] {
      let (value, slope) = factorization.condition(end, of: A)
      let norm = (value * value + slope * slope).squareRoot()
      scales[end] = norm > 0 ? 1 / norm : 1
      tokens[end * Self.count(n) + 3] = Float(scales[end] * value)
      tokens[end * Self.count(n) + 4] = Float(scales[end] * slope)
    }
  }

  private func writeRowsAndColumns(
    _ A: UnsafePointer<Double>, into tokens: UnsafeMutablePointer<Float>
  ) {
    var scales = [Double](repeating: 0, count: n)
    writeInverseRowNorms(A, n: n, into: &scales)
    // A unit row's mean square is 1/n.
    let gain = Encoding.tokenRMS * Double(n).squareRoot()
    for j in 0..<n {
      for i in 0..<n {
        let entry = Float(gain * (scales[i] * A[j * n + i]))
        tokens[i * Self.count(n) + Self.ownCount + j] = entry
        tokens[j * Self.count(n) + Self.ownCount + n + i] = entry
      }
    }
  }

  /// Writes right-hand sides and the answers that G is to give to them.
  ///
  /// - Parameters:
  ///   - drawn: the right-hand sides b and their solutions u, [count, n] each.
  ///   - scales: the rows' scales.
  ///   - targets: receives them.
  func writeTargets(
    _ drawn: (b: [Double], u: [Double]), scales: UnsafePointer<Double>,
    _ targets: ExampleMemory.Targets
  ) {
    for (place, value) in drawn.b.enumerated() {
      targets.rightHandSides[place] = Float(
        solutionGain * scales[place % n] * value)
    }
    for (place, value) in drawn.u.enumerated() {
      targets.values[place] = Float(solutionGain * value)
    }
    targets.weight.pointee = 1
  }

  /// Applies a Green's function.
  ///
  /// - Parameters:
  ///   - G: what a network says, [n, n] in row-major order.
  ///   - scales: the rows' scales.
  ///   - b: the right-hand side, n numbers.
  /// - Returns: n numbers.
  func answer(
    _ G: UnsafePointer<Float>, scales: UnsafePointer<Double>,
    b: UnsafePointer<Double>
  ) -> [Double] {
    (0..<n).map { i in
      var sum = 0.0
      for j in 0..<n { sum += Double(G[i * n + j]) * (scales[j] * b[j]) }
      return sum
    }
  }

  /// Chooses the gains that bring coefficients to a root mean square of
  /// ``Encoding/tokenRMS``, and solutions to 1.
  struct Calibration {
    private let factorization: PolyaFactorization
    private var coefficients = [0.0, 0, 0]
    private var solutions = 0.0
    private var count = 0.0

    init(n: Int) {
      factorization = PolyaFactorization(nodes: n)
    }

    mutating func add(_ system: SolvedSystem) {
      let own = factorization.scaledCoefficients(of: system.A).coefficients
      for (index, values) in own.enumerated() {
        coefficients[index] += sumOfSquares(values)
      }
      solutions += sumOfSquares(system.u)
      count += Double(factorization.n)
    }

    var encoding: OperatorEncoding {
      OperatorEncoding(
        coefficientGains: coefficients.map {
          Encoding.gain(mean: $0 / count, Encoding.tokenRMS)
        },
        solutionGain: Encoding.gain(mean: solutions / count, 1),
        factorization)
    }
  }
}

extension OperatorEncoding: Equatable {
  public static func == (a: OperatorEncoding, b: OperatorEncoding) -> Bool {
    a.n == b.n && a.coefficientGains == b.coefficientGains
      && a.solutionGain == b.solutionGain
  }
}
