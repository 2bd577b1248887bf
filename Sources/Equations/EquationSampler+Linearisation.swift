/// The derivatives of a nonlinear equation's f and q in u and u′.
struct NonlinearTerms: Sendable {
  private let f: [Expression]
  private let q: [Expression]

  init(_ coefficients: CoefficientExpressions, parameters: Int) {
    func derivatives(_ expression: Expression?) -> [Expression] {
      [.u, .du].map { variable in
        Expression(
          expression?.tree.derivative(in: variable) ?? .number(0),
          parameters: parameters)
      }
    }
    f = derivatives(coefficients.f)
    q = derivatives(coefficients.q)
  }

  /// ∂f/∂u, ∂f/∂u′, ∂q/∂u and ∂q/∂u′ at the points.
  fileprivate func values(_ inputs: FormulaInputs) -> [[Double]] {
    (f + q).map { inputs.values($0) }
  }
}

extension FormulaInputs {
  /// A formula's values at the points, [points].
  func values(_ expression: Expression) -> [Double] {
    var result = [Double](repeating: 0, count: x.count)
    evaluate(expression, into: &result)
    return result
  }
}

/// A function and its derivative at points, [points] each.
public struct FunctionValues: Sendable {
  public let u: [Double]
  public let du: [Double]

  public init(u: [Double], du: [Double]) {
    self.u = u
    self.du = du
  }
}

extension Equation {
  /// The coefficients of a sample at any points, from the formulas; of a
  /// nonlinear equation where the solution is a given function.
  public func formulas(
    seed: UInt64, index: Int, overrides: [String: Double] = [:],
    at solution: (([Double]) -> FunctionValues)? = nil
  ) -> ([Double]) throws -> BoundaryValueProblem {
    let draw = Result { () throws(EquationError) in
      try EquationSampler(self, points: [], seed: seed, overrides: overrides)
    }
    return { points in
      let sampler = try draw.get().at(points)
      guard let solution else { return try sampler.sample(index) }
      return try sampler.sample(index, at: solution(points))
    }
  }
}

extension EquationSampler {
  /// The linear problem of a step of Newton's method for a sample of a nonlinear
  /// equation, at the points.
  ///
  /// With f and q functions of u and u′, the operator linearised at u₀ is
  ///
  ///     −(K u′)′ + (v u)′ + (w + q_u′ u₀ − f_u′) u′ + (q + q_u u₀ − f_u) u
  ///
  /// and the right-hand side such that the solution is û − L⁻¹F(û), F being the
  /// equation's residual: Newton's next iterate where û = u₀.
  ///
  /// - Parameters:
  ///   - index: the sample.
  ///   - start: u₀ at the points.
  ///   - trial: û at the points; u₀ unless it is given.
  /// - Returns: the coefficients at the points.
  /// - Throws: an error that names the sample where a coefficient is not finite
  ///   or K not positive.
  public func linearisation(
    _ index: Int, at start: FunctionValues, trial: FunctionValues? = nil
  ) throws(EquationError) -> BoundaryValueProblem {
    let trial = trial ?? start
    var problem = BoundaryValueProblem(K: [], f: [])
    try prepare(&problem, index)
    withInputs(index, problem.parameters, at: start) { inputs in
      let coefficients = equation.coefficients
      problem.K = inputs.values(coefficients.K)
      problem.v = coefficients.v.map { inputs.values($0) }
      let d = equation.nonlinear.values(inputs)
      let q = coefficients.q.map { inputs.values($0) }
      let w = coefficients.w.map { inputs.values($0) }
      problem.q = nodes.indices.map {
        (q?[$0] ?? 0) + d[2][$0] * start.u[$0] - d[0][$0]
      }
      problem.w =
        equation.stepsHaveDrift
        ? nodes.indices.map {
          (w?[$0] ?? 0) + d[3][$0] * start.u[$0] - d[1][$0]
        } : nil
    }
    withInputs(index, problem.parameters, at: trial) { inputs in
      let coefficients = equation.coefficients
      let f = inputs.values(coefficients.f)
      let q = coefficients.q.map { inputs.values($0) }
      let w = coefficients.w.map { inputs.values($0) }
      problem.f = nodes.indices.map {
        let linear = (problem.q?[$0] ?? 0) - (q?[$0] ?? 0)
        let drift = (problem.w?[$0] ?? 0) - (w?[$0] ?? 0)
        return f[$0] + linear * trial.u[$0] + drift * trial.du[$0]
      }
    }
    try check(problem)
    return problem
  }

  /// The coefficients of a sample of a nonlinear equation where the solution is
  /// this function.
  ///
  /// - Throws: as ``linearisation(_:at:trial:)`` does.
  public func sample(
    _ index: Int, at solution: FunctionValues
  ) throws(EquationError) -> BoundaryValueProblem {
    var problem = BoundaryValueProblem(K: [], f: [])
    try prepare(&problem, index)
    evaluateCoefficients(of: &problem, at: solution)
    try check(problem)
    return problem
  }
}
