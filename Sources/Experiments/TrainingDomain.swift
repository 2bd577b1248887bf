import DenseSolvers
import Equations
import Foundation
import Networks
import Training

/// What a network was trained on, and so where its answers may be believed.
///
/// The recipe in a checkpoint's metadata has the equation: it is sampled again,
/// and a system is compared with those samples in its coefficients, its
/// condition number, and the residual that the network leaves.
public struct TrainingDomain {
  /// The ranges of the coefficients that the equation has, by name.
  public let coefficients: [(name: String, range: ClosedRange<Double>)]
  /// The range of κ₂(A).
  public let condition: ClosedRange<Double>
  /// The largest relative residual of the network's answers.
  public let residual: Double

  /// Samples what a checkpoint was trained on; nil if it does not say.
  ///
  /// - Parameters:
  ///   - checkpoint: whose metadata hold the recipe.
  ///   - predictor: its network.
  ///   - count: the number of samples.
  /// - Throws: `EquationError`, `SolveFailure` or `NetworkError` for a sample
  ///   that cannot be made, decomposed or predicted.
  public init?(_ checkpoint: Checkpoint, predictor: Predictor, count: Int = 100)
    throws
  {
    guard let text = checkpoint.notes["recipe"],
      let recipe = try? Recipe(path: "recipe", text: text),
      let equation = try? Equation(yaml: recipe.equation, path: "recipe")
    else { return nil }
    let n = checkpoint.configuration.n
    let sampler = try EquationSampler(
      equation, nodes: n, seed: recipe.seed)
    let source = try EquationSource(
      equation, nodes: n, seed: recipe.seed, count: count)
    var ranges: [String: ClosedRange<Double>] = [:]
    var conditions: [Double] = []
    var residuals: [Double] = []
    var system = SolvedSystem(n: n)
    for index in 0..<count {
      for (name, values) in Self.coefficients(of: try sampler.sample(index)) {
        guard let low = values.min(), let high = values.max() else { continue }
        let known = ranges[name] ?? low...high
        ranges[name] =
          min(low, known.lowerBound)...max(high, known.upperBound)
      }
      try source.load(index, into: &system)
      conditions.append(try conditionNumber(system.A, n: n))
      let u = try predictor.predict(A: system.A, b: system.b)
      residuals.append(
        relativeResidual(A: system.A, b: system.b, x: u, n: n))
    }
    coefficients = ["K", "f", "q", "v"].compactMap { name in
      ranges[name].map { (name, $0) }
    }
    condition = (conditions.min() ?? 0)...(conditions.max() ?? 0)
    residual = residuals.max() ?? 0
  }

  private static func coefficients(of problem: BoundaryValueProblem)
    -> [(name: String, values: [Double])]
  {
    [
      ("K", problem.K), ("f", problem.f), ("q", problem.q ?? []),
      ("v", problem.v ?? []),
    ].filter { !$0.1.isEmpty }
  }

  /// Why a network's answer should be doubted, a sentence each; none if the
  /// problem is like those of the training.
  ///
  /// - Parameters:
  ///   - problem: the coefficients.
  ///   - condition: κ₂(A).
  ///   - residual: the relative residual of the answer.
  /// - Returns: the sentences.
  public func doubts(
    _ problem: BoundaryValueProblem, condition: Double, residual: Double
  ) -> [String] {
    var doubts: [String] = []
    for (name, values) in Self.coefficients(of: problem) {
      guard let low = values.min(), let high = values.max() else { continue }
      guard let known = coefficients.first(where: { $0.name == name })?.range
      else {
        doubts.append("has a coefficient \(name), which no training sample had")
        continue
      }
      // A hundred samples do not reach the ends of a range.
      let slack = 0.1 * (known.upperBound - known.lowerBound)
      if low < known.lowerBound - slack || high > known.upperBound + slack {
        doubts.append(
          "\(name) is from \(rounded(low)) to \(rounded(high)), in training "
            + "from \(rounded(known.lowerBound)) to "
            + "\(rounded(known.upperBound))")
      }
    }
    if condition < self.condition.lowerBound / 3
      || condition > 3 * self.condition.upperBound
    {
      doubts.append(
        "κ₂(A) is \(rounded(condition)), in training from "
          + "\(rounded(self.condition.lowerBound)) to "
          + "\(rounded(self.condition.upperBound))")
    }
    if residual > 2 * self.residual {
      doubts.append(
        "the answer's relative residual is \(rounded(residual)), on training "
          + "samples at most \(rounded(self.residual))")
    }
    return doubts
  }
}

/// A number to three digits.
private func rounded(_ value: Double) -> String {
  String(format: "%.3g", value)
}
