/// How an iterate of min ‖Ax − b‖ₚ becomes tokens: token i holds entry i of Aᵀb
/// and entry i of x, with a constant gain each.
public struct IterateEncoding: Sendable, Equatable {
  /// What x is multiplied by.
  public let iterateGain: Double
  /// What Aᵀb is multiplied by.
  public let productGain: Double
  /// What a step is multiplied by to become the network's target.
  public let targetGain: Double

  public init(iterateGain: Double, productGain: Double, targetGain: Double) {
    self.iterateGain = iterateGain
    self.productGain = productGain
    self.targetGain = targetGain
  }

  /// Writes the tokens of one iterate, [n, 2] in row-major order.
  ///
  /// - Parameters:
  ///   - iterate: x, n numbers.
  ///   - product: Aᵀb, n numbers.
  ///   - n: their length.
  ///   - tokens: receives 2 n numbers.
  public func encode(
    iterate: UnsafePointer<Double>, product: UnsafePointer<Double>, n: Int,
    into tokens: UnsafeMutablePointer<Float>
  ) {
    for i in 0..<n {
      tokens[2 * i] = Float(productGain * product[i])
      tokens[2 * i + 1] = Float(iterateGain * iterate[i])
    }
  }

  /// Chooses the gains that bring the iterates and the products to a root mean
  /// square of ``Encoding/tokenRMS``, and the steps, which become ever smaller,
  /// to one of 1.
  public struct Calibration {
    private var iterates = 0.0
    private var products = 0.0
    private var steps = 0.0
    private var count = 0.0

    public init() {}

    /// Takes an iterate, its problem's Aᵀb and the step from it into account.
    public mutating func add(
      iterate: some Collection<Double>, product: some Collection<Double>,
      step: some Collection<Double>
    ) {
      for value in product { products += value * value }
      for value in iterate { iterates += value * value }
      steps += step.reduce(0) { $0 + $1 * $1 }
      count += Double(iterate.count)
    }

    /// The encoding with the gains of what was seen.
    public var encoding: IterateEncoding {
      IterateEncoding(
        iterateGain: Encoding.gain(squares: iterates, count: count),
        productGain: Encoding.gain(squares: products, count: count),
        targetGain: steps > 0 ? (count / steps).squareRoot() : 1)
    }
  }
}
