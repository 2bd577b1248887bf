import Chebyshev
import DenseSolvers
import Foundation
import Solutions
import Systems

/// How the matrix of a second-order operator becomes tokens, and what a network
/// makes of them an inverse: token i holds K, V and Q at node i, read off A, over
/// the mean of K, and the targets are the fields of Pólya's factorisation.
///
/// The right-hand side is no part of it: answers are linear in it.
public struct FactorEncoding: Sendable {
  /// What K, V and Q are multiplied by.
  public let coefficientGains: [Double]
  /// What ln K, V/K and ln e are multiplied by to become the targets.
  public let fieldGains: [Double]
  /// How often an answer is corrected by what it leaves of b; 0 where A is noisy.
  public let corrections: Int
  let factorization: PolyaFactorization
  /// How coefficients are read off a matrix that is noisy; nil reads them node by
  /// node.
  let estimator: CoefficientEstimator?
  /// The network's tokens.
  public let tokens: Int

  /// Fields of an operator, and numbers in a token.
  public static let count = 3

  public init(
    coefficientGains: [Double], fieldGains: [Double], corrections: Int = 0,
    _ factorization: PolyaFactorization,
    estimator: CoefficientEstimator? = nil
  ) {
    self.estimator = estimator
    precondition(
      coefficientGains.count == Self.count && fieldGains.count == Self.count,
      "there are three coefficients and three fields")
    self.coefficientGains = coefficientGains
    self.fieldGains = fieldGains
    self.corrections = corrections
    self.factorization = factorization
    tokens = factorization.n
  }

  /// The same network's, for systems of another order: coefficients and fields are
  /// functions, which are interpolated.
  private init(_ own: FactorEncoding, order: Int) {
    estimator = nil
    coefficientGains = own.coefficientGains
    fieldGains = own.fieldGains
    corrections = own.corrections
    tokens = own.tokens
    factorization = PolyaFactorization(nodes: order)
  }

  /// The encoding of systems of any order.
  func on(_ order: Int) -> FactorEncoding {
    order == n || estimator != nil ? self : FactorEncoding(self, order: order)
  }

  /// The order of the systems.
  var n: Int { factorization.n }

  /// Writes the tokens of one system, [tokens, features] in row-major order.
  ///
  /// - Parameters:
  ///   - A: the matrix, n × n in column-major order.
  ///   - written: receives 3 numbers a token, or 19 of a noisy matrix.
  /// - Returns: the logarithm of K's mean.
  public func encode(
    _ A: UnsafePointer<Double>, into written: UnsafeMutablePointer<Float>
  ) -> Double {
    if let estimator { return encode(A, by: estimator, into: written) }
    let (coefficients, logarithm) = factorization.scaledCoefficients(of: A)
    for (feature, gain) in coefficientGains.enumerated() {
      let values = regridded(coefficients[feature], to: tokens)
      for i in 0..<tokens {
        written[i * Self.count + feature] = Float(gain * values[i])
      }
    }
    return logarithm
  }

  /// Numbers in a token of estimates: of each coefficient two means and the
  /// logarithms of their deviations, the estimate by least squares alone as far as
  /// it can be believed, and that; and the logarithm of the noise.
  static let estimateFeatures = 6 * count + 1

  /// Writes the tokens of what a noisy matrix says of its coefficients.
  private func encode(
    _ A: UnsafePointer<Double>, by estimator: CoefficientEstimator,
    into written: UnsafeMutablePointer<Float>
  ) -> Double {
    let found = estimator.estimates(of: A, workspace: Workspace())
    let width = Self.estimateFeatures
    for i in 0..<(n * width) { written[i] = 0 }
    func logarithm(_ deviation: Double) -> Float {
      Float(0.25 * log10(max(deviation, 1e-9)))
    }
    for (term, estimate) in zip(estimator.terms, found.estimates) {
      let index = CoefficientEstimator.Term.allCases.firstIndex(of: term) ?? 0
      let gain = coefficientGains[index]
      for i in 0..<n {
        let token = written + i * width + 6 * index
        for law in estimate.means.indices {
          token[2 * law] = Float(gain * estimate.means[law][i])
          token[2 * law + 1] = logarithm(gain * estimate.deviations[law][i])
        }
        // Half of it is believed where it is off by a tenth of its size.
        let deviation = 10 * gain * estimate.plainDeviations[i]
        let belief = 1 / (1 + deviation * deviation)
        token[4] = Float(belief * gain * estimate.plain[i])
        token[5] = Float(belief)
      }
    }
    for i in 0..<n {
      written[i * width + width - 1] = logarithm(found.noise)
    }
    return log(found.scale)
  }

  /// Writes the network's targets for a matrix, [3, n].
  ///
  /// - Parameters:
  ///   - A: the matrix without noise, n × n in column-major order.
  ///   - logarithm: of K's mean.
  ///   - workspace: memory of the calling thread.
  ///   - targets: receives 3 n numbers.
  /// - Throws: `OscillatoryOperator`, `SolveFailure`.
  func writeTargets(
    _ A: [Double], logarithm: Double, workspace: Workspace,
    into targets: UnsafeMutablePointer<Float>
  ) throws {
    precondition(n == tokens, "a network learns from systems of its own order")
    let fields = try factorization.fields(of: A, workspace: workspace)
    for i in 0..<n {
      targets[i] = Float(
        fieldGains[0] * (fields.logarithmOfK[i] - logarithm))
      targets[n + i] = Float(fieldGains[1] * fields.drift[i])
      targets[2 * n + i] = Float(
        fieldGains[2] * fields.logarithmOfSolution[i])
    }
  }

  /// The fields that a network's outputs say.
  public func fields(
    _ outputs: UnsafePointer<Float>, logarithm: Double
  ) -> PolyaFields {
    func field(_ index: Int) -> [Double] {
      regridded(
        (0..<tokens).map {
          Double(outputs[index * tokens + $0]) / fieldGains[index]
        }, to: n)
    }
    return PolyaFields(
      logarithmOfK: field(0).map { $0 + logarithm }, drift: field(1),
      logarithmOfSolution: field(2))
  }

  /// The answer to a system that a network's outputs make.
  ///
  /// - Parameters:
  ///   - fields: what the network says.
  ///   - A: the matrix, n × n in column-major order.
  ///   - b: the right-hand side, n numbers.
  /// - Returns: n numbers.
  func answer(
    _ fields: PolyaFields, A: UnsafePointer<Double>, b: UnsafePointer<Double>
  ) -> [Double] {
    factorization.solve(
      fields, A: A, b: b, corrections: corrections,
      fitsEnds: estimator == nil)
  }

  /// Chooses the gains that bring coefficients and fields to a root mean square
  /// of ``Encoding/tokenRMS`` and of 1.
  struct Calibration {
    private let unit: FactorEncoding
    private let corrections: Int
    private var coefficients = [0.0, 0, 0]
    private var fields = [0.0, 0, 0]
    private var count = 0.0
    private let isNoisy: Bool

    init(n: Int, corrections: Int, isNoisy: Bool) {
      self.isNoisy = isNoisy
      self.corrections = corrections
      unit = FactorEncoding(
        coefficientGains: [1, 1, 1], fieldGains: [1, 1, 1],
        PolyaFactorization(nodes: n))
    }

    mutating func add(_ A: [Double], _ workspace: Workspace) throws {
      let (own, logarithm) = unit.factorization.scaledCoefficients(of: A)
      let found = try unit.factorization.fields(of: A, workspace: workspace)
      for (index, values) in own.enumerated() {
        coefficients[index] += sumOfSquares(values)
      }
      fields[0] += sumOfSquares(found.logarithmOfK.map { $0 - logarithm })
      fields[1] += sumOfSquares(found.drift)
      fields[2] += sumOfSquares(found.logarithmOfSolution)
      count += Double(unit.n)
    }

    /// The coefficients that there are.
    private var terms: [CoefficientEstimator.Term] {
      zip(CoefficientEstimator.Term.allCases, coefficients).filter {
        $0 == .K || ($1 / count).squareRoot() > 1e-6
      }.map(\.0)
    }

    func encoding() throws(SolveFailure) -> FactorEncoding {
      FactorEncoding(
        coefficientGains: coefficients.map {
          Encoding.gain(mean: $0 / count, Encoding.tokenRMS)
        },
        fieldGains: fields.map { Encoding.gain(mean: $0 / count, 1) },
        corrections: corrections, unit.factorization,
        estimator: isNoisy
          ? try CoefficientEstimator(nodes: unit.n, terms: terms) : nil)
    }
  }
}

/// Values on another number of Chebyshev nodes.
private func regridded(_ values: [Double], to count: Int) -> [Double] {
  values.count == count
    ? values : bary(chebpts(count, on: -1...1), values, on: -1...1)
}

/// Σ x².
func sumOfSquares(_ values: [Double]) -> Double {
  values.reduce(0) { $0 + $1 * $1 }
}

extension PolyaFactorization {
  /// K, V and Q at the nodes over the geometric mean of |K|, and its logarithm.
  func scaledCoefficients(
    of A: UnsafePointer<Double>
  ) -> (coefficients: [[Double]], logarithm: Double) {
    let (K, V, Q) = coefficients(of: A)
    let sum = K.reduce(0) { $0 + log(max(abs($1), .leastNormalMagnitude)) }
    let logarithm = sum / Double(n)
    let inverse = exp(-logarithm)
    return (
      [K, V, Q].map { values in values.map { $0 * inverse } }, logarithm
    )
  }
}

extension FactorEncoding: Equatable {
  public static func == (a: FactorEncoding, b: FactorEncoding) -> Bool {
    a.n == b.n && a.tokens == b.tokens
      && a.coefficientGains == b.coefficientGains
      && a.fieldGains == b.fieldGains && a.corrections == b.corrections
      && a.estimator?.terms == b.estimator?.terms
  }
}
