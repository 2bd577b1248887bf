import Chebyshev
import DenseSolvers
import Foundation
import Tables

/// A problem that has no solution, or more than one, as far as double precision
/// can tell.
public struct SingularProblem: Error, CustomStringConvertible {
  /// A discrete system whose 1/κ is smaller, after scaling, is taken for
  /// singular.
  static let limit = 1e-14

  /// In pieces: below the first the problem is singular, below the second it is
  /// where no digit of the solution is certain.
  static let certainLimit = 2e-17
  static let suspiciousLimit = 1e-13

  /// The function that nearly solves the homogeneous problem, in words.
  public let homogeneousSolution: String
  public let reciprocalCondition: Double

  init(
    nullVector: [[Double]], on domains: [ClosedRange<Double>],
    reciprocalCondition: Double
  ) {
    self.reciprocalCondition = reciprocalCondition
    homogeneousSolution = Self.describe(nullVector, domains)
  }

  public var description: String {
    "no unique solution: \(homogeneousSolution) solves the homogeneous problem "
      + "(1/κ = \(NumberFormat.short.text(reciprocalCondition)))"
  }

  /// u = const, u = x, or where it is zero and largest.
  private static func describe(
    _ values: [[Double]], _ domains: [ClosedRange<Double>]
  ) -> String {
    let x = zip(values, domains).flatMap { chebpts($0.count, on: $1) }
    let u = values.flatMap { $0 }
    guard let largest = u.map(abs).max(), largest > 0 else {
      return "some u other than 0"
    }
    let mean = u.reduce(0, +) / Double(u.count)
    if u.allSatisfy({ abs($0 - mean) <= 1e-6 * largest }) { return "u = const" }
    let slope =
      u.indices.map { u[$0] * x[$0] }.reduce(0, +)
      / x.map { $0 * $0 }.reduce(0, +)
    if u.indices.allSatisfy({ abs(u[$0] - slope * x[$0]) <= 1e-6 * largest }) {
      return "u = x"
    }
    let order = x.indices.sorted { x[$0] < x[$1] }
    // At an end where it is zero its sign is that of rounding.
    let sizeable = order.filter { abs(u[$0]) > 1e-3 * largest }
    let changes = zip(sizeable, sizeable.dropFirst()).count {
      u[$0] * u[$1] < 0
    }
    let top = order.max { abs(u[$0]) < abs(u[$1]) } ?? 0
    return "a u that is largest at x = \(NumberFormat.short.text(x[top])) and "
      + "changes sign \(changes) time\(changes == 1 ? "" : "s") between the ends"
  }
}

/// How near a problem on one grid is to a singular one.
public struct GridRegularity: Sendable {
  /// κ₂ of the matrix with rows of unit norm; nil where it is far from harm.
  public let condition: Double?

  /// About how many digits of the solution rounding leaves, where these are
  /// few.
  public var digits: Int? {
    condition.map { max(0, Int(-log10($0 * .ulpOfOne))) }
  }

  /// Below this bound of ‖A⁻¹‖ nothing more is asked.
  private static let suspicious = 1e11

  /// Looks at a system after `DenseSolver.lu` has solved it.
  ///
  /// - Parameters:
  ///   - A: n × n in column-major order.
  ///   - n: the order.
  ///   - domain: the interval, for messages.
  ///   - workspace: the one that it was solved in.
  /// - Throws: ``SingularProblem``; `SolveFailure` if A cannot be decomposed.
  public init(
    afterLU A: UnsafePointer<Double>, n: Int, on domain: ClosedRange<Double>,
    workspace: Workspace
  ) throws {
    guard workspace.inverseNormAfterLU(of: A) > Self.suspicious else {
      condition = nil
      return
    }
    let spectrum = try RowScaledSpectrum(A, n: n, workspace: workspace)
    guard spectrum.condition * SingularProblem.limit < 1 else {
      throw SingularProblem(
        nullVector: [spectrum.nullVector], on: [domain],
        reciprocalCondition: 1 / spectrum.condition)
    }
    condition = spectrum.condition > Self.suspicious ? spectrum.condition : nil
  }
}
