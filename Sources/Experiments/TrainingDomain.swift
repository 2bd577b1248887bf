import DenseSolvers
import Equations
import Networks
import Systems
import Tables
import Training

/// What a network was trained on, and so where its answers may be believed.
///
/// The recipe in a checkpoint's metadata has the equation: it is sampled again,
/// and a system is compared with those samples in its coefficients, its
/// condition number, and the residual that the network leaves.
public struct TrainingDomain {
  /// What a coefficient was over the training samples.
  public struct Coefficient: Sendable, Equatable {
    public let name: String
    /// The range of the samples' smallest values.
    public var minimum: ClosedRange<Double>
    /// The range of the samples' largest values.
    public var maximum: ClosedRange<Double>
  }

  /// Why an answer should be doubted.
  public struct Doubt: Sendable, Equatable {
    /// What is unlike the training: a coefficient, κ₂(A) or the residual.
    public let subject: String
    /// The sentence.
    public let text: String
  }

  /// The coefficients that the equation has: without f of a network that is linear in
  /// the right-hand side, with f over its root mean square of a homogeneous one.
  public let coefficients: [Coefficient]
  /// The range of κ₂(A).
  public let condition: ClosedRange<Double>
  /// The largest residual of the network's answers, rows scaled to unit norm.
  public let residual: Double
  private let sourceUse: SourceUse
  /// The grid of the training.
  private let nodes: Int

  /// Samples what a checkpoint was trained on; nil if it does not say, or if that
  /// are systems of a nonlinear equation, which the recipe does not know.
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
    // A recipe or an equation of a later version says nothing here.
    guard let text = checkpoint.notes["recipe"],
      let recipe = try? Recipe(note: text, path: "recipe"),
      let source = recipe.data.equation,
      let equation = try? Equation(yaml: source, path: "recipe"),
      !equation.isNonlinear
    else { return nil }
    // On the grid that it has learned on, whatever grid the answers are on.
    let n = checkpoint.configuration.n
    let predictor = try Predictor(
      predictor.network, encoding: checkpoint.encoding, n: n)
    let systems = try EquationSource(
      equation, nodes: n, seed: recipe.seed, count: count)
    let use = SourceUse(checkpoint.encoding)
    var seen: [String: Coefficient] = [:]
    var conditions: [Double] = []
    var residuals: [Double] = []
    var system = SolvedSystem(n: n)
    let workspace = SystemWorkspace()
    for index in 0..<count {
      try systems.load(index, into: &system, workspace: workspace)
      Self.note(use.coefficients(of: workspace.problem), in: &seen)
      conditions.append(
        try conditionNumber(system.A, n: n, workspace: workspace.solver))
      let u = try predictor.predict(A: system.A, b: system.b)
      residuals.append(
        equilibratedResidual(A: system.A, b: system.b, x: u, n: n))
    }
    sourceUse = use
    nodes = n
    coefficients = (equation.coefficientNames + [SourceUse.shapeName])
      .compactMap {
        seen[$0]
      }
    condition = (conditions.min() ?? 0)...(conditions.max() ?? 0)
    residual = residuals.max() ?? 0
  }

  /// Widens the ranges of the coefficients by those of a sample.
  private static func note(
    _ coefficients: [(name: String, values: [Double])],
    in seen: inout [String: Coefficient]
  ) {
    for (name, values) in coefficients {
      guard let low = values.min(), let high = values.max() else { continue }
      var known =
        seen[name]
        ?? Coefficient(name: name, minimum: low...low, maximum: high...high)
      known.minimum = known.minimum.extended(to: low)
      known.maximum = known.maximum.extended(to: high)
      seen[name] = known
    }
  }

  /// Why a network's answer should be doubted, a sentence each; none if the
  /// problem is like those of the training.
  ///
  /// - Parameters:
  ///   - problem: the coefficients; a system of no equation has none, and is judged
  ///     by all else.
  ///   - condition: κ₂(A); nil passes over it.
  ///   - residual: the `equilibratedResidual` of the answer.
  ///   - leniency: how many times as far as usual a sample may be out.
  /// - Returns: the sentences.
  public func doubts(
    _ problem: BoundaryValueProblem, condition: Double?, residual: Double,
    leniency: Double = 1
  ) -> [Doubt] {
    var doubts =
      problem.K.isEmpty ? [] : doubts(of: problem, leniency: leniency)
    if let condition, problem.K.count == nodes,
      condition < self.condition.lowerBound / 3
        || condition > 3 * self.condition.upperBound
    {
      doubts.append(
        Doubt(
          subject: "κ₂",
          text: "κ₂(A) is \(rounded(condition)), in training from "
            + "\(rounded(self.condition.lowerBound)) to "
            + "\(rounded(self.condition.upperBound))"))
    }
    if residual > 2 * leniency * self.residual {
      doubts.append(
        Doubt(
          subject: "residual",
          text:
            "residual: ‖S(Ax − b)‖/‖Sf‖ of the answer is \(rounded(residual)), on training "
            + "samples at most \(rounded(self.residual))"))
    }
    return doubts
  }

  /// How the coefficients of a problem are unlike those of the training.
  private func doubts(
    of problem: BoundaryValueProblem, leniency: Double
  ) -> [Doubt] {
    var given = sourceUse.coefficients(of: problem).filter { name, values in
      // What is zero everywhere is not there.
      coefficients.contains { $0.name == name } || values.contains { $0 != 0 }
    }
    var doubts = given.filter { values in
      !coefficients.contains { $0.name == values.name }
    }.map {
      Doubt(
        subject: $0.name,
        text: "has a coefficient \($0.name), which no training sample had")
    }
    for known in coefficients
    where !given.contains(where: { $0.name == known.name }) {
      given.append((known.name, [0]))
    }
    for (name, values) in given {
      guard let low = values.min(), let high = values.max(),
        let known = coefficients.first(where: { $0.name == name })
      else { continue }
      doubts += known.doubts(low: low, high: high, leniency: leniency)
        .map { Doubt(subject: name, text: $0) }
    }
    return doubts
  }
}

/// What a network's answers have to do with f.
private enum SourceUse: Sendable {
  /// All that f is.
  case all
  /// Its shape: multiples of b have multiples of the answer.
  case shape
  /// Nothing: answers are linear in b.
  case none

  /// What f over its root mean square is called.
  static let shapeName = "f/rms(f)"

  init(_ encoding: Encoding) {
    self =
      encoding.kind.isLinear ? .none : encoding.isHomogeneous ? .shape : .all
  }

  /// The coefficients that an answer depends on.
  func coefficients(
    of problem: BoundaryValueProblem
  ) -> [(name: String, values: [Double])] {
    problem.coefficients.compactMap {
      name, values -> (name: String, values: [Double])? in
      guard name == "f" else { return (name, values) }
      switch self {
      case .all: return (name, values)
      case .none: return nil
      case .shape:
        let squares = values.reduce(0) { $0 + $1 * $1 }
        let rms = (squares / Double(values.count)).squareRoot()
        return (Self.shapeName, rms > 0 ? values.map { $0 / rms } : values)
      }
    }
  }
}

extension TrainingDomain.Coefficient {
  /// Why a problem whose coefficient lies between `low` and `high` is unlike the
  /// training samples.
  fileprivate func doubts(
    low: Double, high: Double, leniency: Double
  ) -> [String] {
    // A hundred samples do not reach the ends of a range.
    let slack = 0.1 * leniency * (maximum.upperBound - minimum.lowerBound)
    if low < minimum.lowerBound - slack || high > maximum.upperBound + slack {
      return [
        "\(name) is from \(rounded(low)) to \(rounded(high)), in training "
          + "from \(rounded(minimum.lowerBound)) to "
          + "\(rounded(maximum.upperBound))"
      ]
    }
    if high < maximum.lowerBound - slack {
      return [
        "\(name) is at most \(rounded(high)), in every training sample it "
          + "reaches \(rounded(maximum.lowerBound))"
      ]
    }
    if low > minimum.upperBound + slack {
      return [
        "\(name) is at least \(rounded(low)), in every training sample it "
          + "falls to \(rounded(minimum.upperBound))"
      ]
    }
    return []
  }
}

extension ClosedRange<Double> {
  /// The smallest range with `value` in it as well.
  fileprivate func extended(to value: Double) -> ClosedRange<Double> {
    Swift.min(value, lowerBound)...Swift.max(value, upperBound)
  }
}

/// A number to three digits.
private func rounded(_ value: Double) -> String {
  NumberFormat.short.text(value)
}
