import Randomness

extension EquationSampler {
  /// What is random in a sample.
  public struct Latents: Sendable, Equatable {
    /// The parameters, in the order of the equation's file.
    public var parameters: [Double]
    /// The coefficients of each field, independent and standard normal.
    public var fields: [[Double]]

    public init(parameters: [Double], fields: [[Double]]) {
      self.parameters = parameters
      self.fields = fields
    }
  }

  /// How many coefficients each field has.
  public var fieldModes: [Int] { bases.map(\.modes) }

  /// What is random in the sample of this index.
  public func latents(_ index: Int) throws(EquationError) -> Latents {
    Latents(
      parameters: try parameters(index),
      fields: bases.enumerated().map { j, basis in
        var random = CounterRandom(seed: seed, index: index, stream: .field(j))
        return (0..<basis.modes).map { _ in random.nextNormal() }
      })
  }

  /// Evaluates the coefficients for given latent variables, whatever they give;
  /// conditions at the ends are left as they are.
  ///
  /// - Parameters:
  ///   - problem: receives the coefficients.
  ///   - latents: of a linear equation.
  public func evaluateCoefficients(
    of problem: inout BoundaryValueProblem, _ latents: Latents
  ) {
    withInputs(
      latents.parameters,
      field: { bases[$0].write(latents.fields[$0], into: $1) },
      { evaluate(&problem, with: $0) })
  }
}
