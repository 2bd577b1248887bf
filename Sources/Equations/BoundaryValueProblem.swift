/// A condition α u + β u′ = γ at one end of the domain, or ∫u = γ in its place.
///
/// u′ is du/dx at both ends, not the outward derivative.
public struct BoundaryCondition: Equatable, Sendable {
  /// The weight of u.
  public var alpha: Double

  /// The weight of u′.
  public var beta: Double

  /// The right-hand side.
  public var gamma: Double

  /// The weight of the integral of u over the domain.
  public var integral: Double

  /// Creates the condition α u + β u′ + ι ∫u = γ.
  public init(
    alpha: Double, beta: Double, gamma: Double, integral: Double = 0
  ) {
    self.alpha = alpha
    self.beta = beta
    self.gamma = gamma
    self.integral = integral
  }

  /// Returns the condition u = `value`.
  public static func dirichlet(_ value: Double) -> Self {
    Self(alpha: 1, beta: 0, gamma: value)
  }

  /// Returns the condition u′ = `value`.
  public static func neumann(_ value: Double) -> Self {
    Self(alpha: 0, beta: 1, gamma: value)
  }
}

/// A point inside of the domain where coefficients, or u itself, may jump.
public struct Breakpoint: Equatable, Sendable {
  /// Where.
  public let x: Double

  /// u on the right less u on the left.
  public let jump: Double

  /// The flux K u′ − v u on the right less that on the left.
  public let fluxJump: Double

  /// Creates a breakpoint; without jumps u and its flux are continuous there.
  public init(x: Double, jump: Double = 0, fluxJump: Double = 0) {
    self.x = x
    self.jump = jump
    self.fluxJump = fluxJump
  }
}

/// One sample of an equation: −(K u′)′ + (v u)′ + w u′ + q u = f with a condition
/// at each end, its coefficients given at the nodes of a Chebyshev grid.
public struct BoundaryValueProblem: Equatable, Sendable {
  /// The sample's index under its seed.
  public var index: Int

  /// The random parameters' values, in the order of the equation's file.
  public var parameters: [Double]

  /// The diffusivity at the nodes, [n].
  public var K: [Double]

  /// The source term at the nodes, [n].
  public var f: [Double]

  /// The reaction coefficient at the nodes, [n], where there is one.
  public var q: [Double]?

  /// The velocity of (v u)′ at the nodes, [n], where there is one.
  public var v: [Double]?

  /// The velocity of w u′ at the nodes, [n], where there is one.
  public var w: [Double]?

  /// The condition at the left end, node n − 1.
  public var left: BoundaryCondition

  /// The condition at the right end, node 0.
  public var right: BoundaryCondition

  /// Creates a problem from its coefficients at n nodes, index 0 at the right
  /// end.
  public init(
    index: Int = 0, parameters: [Double] = [], K: [Double], f: [Double],
    q: [Double]? = nil, v: [Double]? = nil, w: [Double]? = nil,
    left: BoundaryCondition = .dirichlet(0),
    right: BoundaryCondition = .dirichlet(0)
  ) {
    self.index = index
    self.parameters = parameters
    self.K = K
    self.f = f
    self.q = q
    self.v = v
    self.w = w
    self.left = left
    self.right = right
  }

  /// The coefficients that there are, by name: K, f, and q, v and w where the
  /// equation has them.
  public var coefficients: [(name: String, values: [Double])] {
    [("K", K), ("f", f), ("q", q), ("v", v), ("w", w)].compactMap {
      name, values in values.map { (name, $0) }
    }
  }
}

extension BoundaryValueProblem {
  /// Both sides of the equation in its first-order form, K u′ − v u = g and
  /// g′ = w u′ + q u − f, of a function at a point.
  public struct Sides {
    /// K u′ − v u.
    public let flux: Double
    /// |K u′| + |v u|.
    public let fluxSize: Double
    /// w u′ + q u − f.
    public let source: Double
    /// |w u′| + |q u| + |f|.
    public let sourceSize: Double
  }

  /// Both sides of the equation at a point.
  ///
  /// - Parameters:
  ///   - index: which of the points that the coefficients are given at.
  ///   - u: the function there.
  ///   - slope: its derivative there.
  /// - Returns: the sides.
  public func sides(_ index: Int, u: Double, slope: Double) -> Sides {
    let (inward, along) = (K[index] * slope, (v?[index] ?? 0) * u)
    let drift = (w?[index] ?? 0) * slope
    let reaction = (q?[index] ?? 0) * u
    return Sides(
      flux: inward - along, fluxSize: abs(inward) + abs(along),
      source: drift + reaction - f[index],
      sourceSize: abs(drift) + abs(reaction) + abs(f[index]))
  }

  /// Whether coefficients and boundary conditions are the same but for rounding.
  public func isNear(_ other: BoundaryValueProblem) -> Bool {
    func near(_ a: [Double]?, _ b: [Double]?) -> Bool {
      guard let a, let b else { return a == nil && b == nil }
      let size = a.reduce(0) { max($0, abs($1)) }
      return zip(a, b).allSatisfy { abs($0 - $1) <= 1e-12 * size }
    }
    func near(_ a: BoundaryCondition, _ b: BoundaryCondition) -> Bool {
      near(
        [a.alpha, a.beta, a.gamma, a.integral],
        [b.alpha, b.beta, b.gamma, b.integral])
    }
    return near(K, other.K) && near(f, other.f) && near(q, other.q)
      && near(v, other.v) && near(w, other.w) && near(left, other.left)
      && near(right, other.right)
  }
}
