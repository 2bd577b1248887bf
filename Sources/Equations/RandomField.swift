import Chebyshev
import Foundation
import Randomness
import Tables

/// The distribution of a random function of x.
///
/// g(x) = Σ_k √λ_k ξ_k cos(kπ(x − a)/(b − a)), k = 0, 1, …, with independent
/// standard normal ξ_k and λ_k ∝ exp(−(kπℓ/(b − a))²/2), scaled so that the
/// variance has the mean σ² over the domain: a Gaussian field of correlation
/// length ℓ whose derivative vanishes at both ends. It is a function, not a
/// vector: the number of nodes plays no part in it.
public struct RandomField: Equatable, Sendable {
  /// What is made of the Gaussian field g.
  public enum Kind: String, CaseIterable, Sendable {
    /// g itself, of zero mean.
    case gaussian

    /// exp(g) over its mean over the domain: positive, with unit mean.
    case logGaussian = "log-gaussian"
  }

  /// What is made of the Gaussian field.
  public let kind: Kind

  /// The Gaussian field's standard deviation, the root of its mean variance.
  public let sigma: Double

  /// The correlation length, in the units of x.
  public let length: Double

  /// The largest number of terms.
  ///
  /// Lengths that need more are refused: no grid of a sensible size could show
  /// such a field.
  static let largestModeCount = 1024

  /// The number of terms on an interval of length `extent`: the λ_k of all
  /// others are below 10⁻³² of λ₀.
  func modeCount(extent: Double) -> Double {
    1 + ((64 * log(10.0)).squareRoot() * extent / (.pi * length)).rounded(.up)
  }

  /// The shortest correlation length allowed on an interval of length
  /// `extent`.
  static func shortestLength(extent: Double) -> Double {
    (64 * log(10.0)).squareRoot() * extent
      / (.pi * Double(largestModeCount - 1))
  }
}

extension RandomField: CustomStringConvertible {
  public var description: String {
    let exact = NumberFormat.exact.text
    return "\(kind.rawValue) {sigma: \(exact(sigma)), length: \(exact(length))}"
  }
}

/// A random field's cosines on a grid, so that a draw is one matrix-vector
/// product.
struct RandomFieldBasis: Sendable {
  private let kind: RandomField.Kind
  private let domain: ClosedRange<Double>
  private let count: Int
  /// The coefficients, which are independent and standard normal.
  let modes: Int
  /// √λ_k, [modes].
  private let amplitudes: [Double]

  /// √λ_k cos(kπ(x_j − a)/(b − a)) and its derivatives in x, [modes, count]
  /// each.
  private let atNodes: [[Double]]

  /// The same on a grid fine enough for the mean, [modes, fine].
  private let atFineNodes: [Double]

  /// Clenshaw–Curtis weights of the fine grid's mean, [fine].
  private let fineWeights: [Double]

  /// Tabulates `field`, and its derivatives up to one of `order`, at `nodes` of
  /// `domain`.
  init(
    _ field: RandomField, nodes: [Double], on domain: ClosedRange<Double>,
    order: Int = 0
  ) {
    let extent = domain.upperBound - domain.lowerBound
    kind = field.kind
    self.domain = domain
    count = nodes.count
    modes = Int(field.modeCount(extent: extent))
    amplitudes = Self.amplitudes(field, modes: modes, extent: extent)
    let amplitudes = amplitudes
    atNodes = (0...order).map {
      Self.cosines(amplitudes, at: nodes, on: domain, order: $0)
    }
    if kind == .gaussian {
      atFineNodes = []
      fineWeights = []
    } else {
      // exp(g) has several times the bandwidth of g; with eight nodes a mode
      // the mean is exact to rounding for any σ of use.
      let fine = 8 * max(32, modes) + 1
      atFineNodes = Self.cosines(
        amplitudes, at: chebpts(fine, on: domain), on: domain)
      fineWeights = quadwts(fine, on: domain).map { $0 / extent }
    }
  }

  /// The same field tabulated elsewhere; its mean is taken over.
  func at(_ nodes: [Double]) -> RandomFieldBasis {
    RandomFieldBasis(self, nodes: nodes)
  }

  private init(_ other: RandomFieldBasis, nodes: [Double]) {
    kind = other.kind
    domain = other.domain
    count = nodes.count
    modes = other.modes
    amplitudes = other.amplitudes
    atNodes = other.atNodes.indices.map {
      Self.cosines(other.amplitudes, at: nodes, on: other.domain, order: $0)
    }
    atFineNodes = other.atFineNodes
    fineWeights = other.fineWeights
  }

  /// Returns √λ_k.
  private static func amplitudes(
    _ field: RandomField, modes: Int, extent: Double
  ) -> [Double] {
    let squares = (0..<modes).map { k in
      let z = Double(k) * .pi * field.length / extent
      return exp(-0.5 * z * z)
    }
    // cos² has the mean 1 for k = 0 and ½ for all others.
    let variance = 0.5 * (squares.reduce(0, +) + squares[0])
    return squares.map { field.sigma * ($0 / variance).squareRoot() }
  }

  private static func cosines(
    _ amplitudes: [Double], at x: [Double], on domain: ClosedRange<Double>,
    order: Int = 0
  ) -> [Double] {
    let a = domain.lowerBound
    let extent = domain.upperBound - a
    return amplitudes.enumerated().flatMap { k, amplitude in
      let scale =
        amplitude * pow(Double(k) * .pi / extent, Double(order))
        * (order % 4 == 1 || order % 4 == 2 ? -1 : 1)
      return x.map {
        let angle = Double(k) * .pi * (($0 - a) / extent)
        return scale * (order.isMultiple(of: 2) ? cos(angle) : sin(angle))
      }
    }
  }

  /// Writes one draw's values and derivatives at the nodes into `values`,
  /// [order + 1, count].
  func draw(
    _ random: inout CounterRandom, into values: UnsafeMutablePointer<Double>
  ) {
    withUnsafeTemporaryAllocation(of: Double.self, capacity: modes) {
      guard let xi = $0.baseAddress else { return }
      for k in 0..<modes { xi[k] = random.nextNormal() }
      write(xi, into: values)
    }
  }

  /// Writes the values and derivatives at the nodes of the field with given
  /// coefficients, [modes], into `values`, [order + 1, count].
  func write(
    _ xi: UnsafePointer<Double>, into values: UnsafeMutablePointer<Double>
  ) {
    let fine = fineWeights.count
    for (order, basis) in atNodes.enumerated() {
      combine(basis, xi, count, into: values + order * count)
    }
    guard kind == .logGaussian else { return }
    withUnsafeTemporaryAllocation(of: Double.self, capacity: fine) {
      guard let g = $0.baseAddress else { return }
      combine(atFineNodes, xi, fine, into: g)
      // The largest value is taken out first so that exp cannot overflow.
      var largest = g[0]
      for i in 1..<fine { largest = max(largest, g[i]) }
      var mean = 0.0
      for i in 0..<fine { mean += fineWeights[i] * exp(g[i] - largest) }
      for i in 0..<count { values[i] = exp(values[i] - largest) / mean }
      for i in 0..<count { Self.derive(values + i, atNodes.count, count) }
    }
  }

  /// Makes derivatives of r = exp(g)/mean from those of g, by r′ = g′ r.
  ///
  /// - Parameters:
  ///   - values: r and then the derivatives of g at a point.
  ///   - count: how many there are, r included.
  ///   - stride: the distance between them.
  private static func derive(
    _ values: UnsafeMutablePointer<Double>, _ count: Int, _ stride: Int
  ) {
    guard count > 1 else { return }
    let g = (0..<count).map { values[$0 * stride] }
    for k in 1..<count {
      var binomial = 1.0
      var sum = 0.0
      for j in 0..<k {
        sum += binomial * values[j * stride] * g[k - j]
        binomial *= Double(k - 1 - j) / Double(j + 1)
      }
      values[k * stride] = sum
    }
  }

  /// Writes Σ_k ξ_k basis_k, [count], summed in a fixed order so that the bits
  /// don't depend on a library.
  private func combine(
    _ basis: [Double], _ xi: UnsafePointer<Double>, _ count: Int,
    into sum: UnsafeMutablePointer<Double>
  ) {
    basis.withUnsafeBufferPointer { basis in
      guard let basis = basis.baseAddress else { return }
      // Sixteen sums stay in registers while k runs.
      let whole = count / 16 * 16
      for i in stride(from: 0, to: whole, by: 16) {
        var sums = SIMD16<Double>.zero
        for k in 0..<modes {
          sums +=
            xi[k]
            * UnsafeRawPointer(basis + k * count + i)
            .loadUnaligned(as: SIMD16<Double>.self)
        }
        UnsafeMutableRawPointer(sum + i).storeBytes(
          of: sums, as: SIMD16<Double>.self)
      }
      for i in whole..<count {
        sum[i] = 0
        for k in 0..<modes { sum[i] += xi[k] * basis[k * count + i] }
      }
    }
  }
}
