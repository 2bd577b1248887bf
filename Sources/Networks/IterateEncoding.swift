/// How an iterate of min ‖Ax − b‖ₚ becomes tokens: token i holds entry i of Aᵀb,
/// entry i of x and, where it is told, entry i of the gradient of ‖Ax − b‖ₚᵖ at x,
/// with a constant gain each.
public struct IterateEncoding: Sendable, Equatable {
  /// What x is multiplied by.
  public let iterateGain: Double
  /// What Aᵀb is multiplied by.
  public let productGain: Double
  /// What the gradient is multiplied by; nil leaves it out.
  public let gradientGain: Double?
  /// What a step is multiplied by to become the network's target.
  public let targetGain: Double

  public init(
    iterateGain: Double, productGain: Double, gradientGain: Double? = nil,
    targetGain: Double
  ) {
    self.iterateGain = iterateGain
    self.productGain = productGain
    self.gradientGain = gradientGain
    self.targetGain = targetGain
  }

  /// Writes the tokens of one iterate, [n, 2] or [n, 3] in row-major order.
  ///
  /// - Parameters:
  ///   - iterate: x, n numbers.
  ///   - product: Aᵀb, n numbers.
  ///   - gradient: n numbers, which are not looked at where there is no gain.
  ///   - tokens: receives them.
  public func encode(
    iterate: some RandomAccessCollection<Double>,
    product: some RandomAccessCollection<Double>,
    gradient: some RandomAccessCollection<Double>,
    into tokens: UnsafeMutablePointer<Float>
  ) {
    var place = tokens
    for (i, pair) in zip(product, iterate).enumerated() {
      place[0] = Float(productGain * pair.0)
      place[1] = Float(iterateGain * pair.1)
      guard let gradientGain else {
        place += 2
        continue
      }
      let entry = gradient[gradient.index(gradient.startIndex, offsetBy: i)]
      place[2] = Float(gradientGain * entry)
      place += 3
    }
  }

  /// Chooses the gains that bring the iterates, the products and the gradients to a
  /// root mean square of ``Encoding/tokenRMS``, and the steps, which become ever
  /// smaller, to one of 1.
  public struct Calibration {
    private let hasGradient: Bool
    private var iterates = 0.0
    private var products = 0.0
    private var gradients = 0.0
    private var steps = 0.0
    private var count = 0.0

    /// Begins.
    ///
    /// - Parameter hasGradient: whether the tokens have the gradient.
    public init(hasGradient: Bool = false) { self.hasGradient = hasGradient }

    /// Takes an iterate, its problem's Aᵀb, the gradient and the step there into
    /// account.
    public mutating func add(
      iterate: some Collection<Double>, product: some Collection<Double>,
      gradient: some Collection<Double>, step: some Collection<Double>
    ) {
      func squares(_ values: some Collection<Double>) -> Double {
        values.reduce(0) { $0 + $1 * $1 }
      }
      products += squares(product)
      iterates += squares(iterate)
      gradients += squares(gradient)
      steps += squares(step)
      count += Double(iterate.count)
    }

    /// The encoding with the gains of what was seen.
    public var encoding: IterateEncoding {
      IterateEncoding(
        iterateGain: Encoding.gain(squares: iterates, count: count),
        productGain: Encoding.gain(squares: products, count: count),
        gradientGain: hasGradient
          ? Encoding.gain(squares: gradients, count: count) : nil,
        targetGain: steps > 0 ? (count / steps).squareRoot() : 1)
    }
  }
}
