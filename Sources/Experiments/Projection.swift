import Chebyshev
import DenseSolvers
import Equations
import Systems

/// The expert's solver: it knows that
/// A = −D diag(K) D + D diag(v) + diag(w) D + diag(q) in its interior rows, fits the coefficients to the noisy A by weighted
/// least squares, rebuilds A and solves by LU.
///
/// A coefficient that is the same in every sample, as its formula has neither a
/// random parameter nor a field, is known and not fitted: the q of
/// reaction-diffusion.
///
/// v and w together are not told apart by A, as a constant is the same in either;
/// the matrix that they make is.
///
/// The weights are the inverse standard deviations of the entries. With noise
/// that is proportional to the entries these are known only through the noisy
/// entries, so the fit is repeated with those of the first.
public struct Projection: SystemSolver, Sendable {
  static let name = "projection"
  static let knowledge = "A, b, operator's form, constant q and v, noise model"

  public var name: String { Self.name }
  public var knowledge: String { Self.knowledge }

  private let n: Int
  private let D: [Double]
  /// Whether q, v and w are fitted.
  private let fitsReaction: Bool
  private let fitsAdvection: Bool
  private let fitsDrift: Bool
  /// How many numbers are fitted.
  private let unknowns: Int
  /// The part of A that is known, n × n in column-major order.
  private let known: [Double]

  /// Prepares the projection of systems of an equation at `n` nodes.
  ///
  /// - Throws: `EquationError` if the equation has no samples at `n` nodes.
  public init(_ equation: Equation, nodes n: Int) throws {
    self.n = n
    let D = Collocation(nodes: n, on: equation.domain).D
    self.D = D
    let sampler = try EquationSampler(equation, nodes: n, seed: 0)
    let shared = sampler.sharedCoefficients
    let terms = equation.coefficientNames
    fitsReaction = terms.contains("q") && shared.q == nil
    fitsAdvection = terms.contains("v") && shared.v == nil
    fitsDrift = terms.contains("w") && shared.w == nil
    // q and w at the ends are in no interior row.
    unknowns =
      n + (fitsAdvection ? n : 0)
      + (n - 2) * [fitsReaction, fitsDrift].count { $0 }
    guard unknowns <= n * (n - 2) else {
      throw EquationError(
        file: equation.path,
        message: "\(n) nodes are too few to fit its coefficients to a matrix; "
          + "projection needs more")
    }
    var known = [Double](repeating: 0, count: n * n)
    if let q = shared.q {
      for i in 0..<n { known[i * n + i] += q[i] }
    }
    if let v = shared.v {
      for j in 0..<n {
        for i in 0..<n { known[j * n + i] += D[i * n + j] * v[j] }
      }
    }
    if let w = shared.w {
      for j in 0..<n {
        for i in 0..<n { known[j * n + i] += w[i] * D[i * n + j] }
      }
    }
    self.known = known
  }

  public func bytes(order n: Int) -> Double {
    let equations = Double(n) * Double(n)
    return 8 * equations * (Double(unknowns) + 8)
  }

  /// Solves one system; both boundary rows of A are taken as they are.
  public func solve(
    _ system: SolvedSystem, noise: NoiseKnowledge, workspace: SystemWorkspace
  ) throws -> [Double] {
    let isRelative = noise.model?.scalesWithEntries ?? false
    var fitted = try fit(system.A, deviations: isRelative ? system.A : nil)
    if isRelative { fitted = try fit(system.A, deviations: fitted) }
    var x = [Double](repeating: 0, count: n)
    try DenseSolver.lu.solve(
      A: fitted, b: system.b, n: n, x: &x, workspace: workspace.solver)
    return x
  }

  /// The matrix of the operator's form that is nearest to A.
  private func fit(_ A: [Double], deviations: [Double]?) throws(SolveFailure)
    -> [Double]
  {
    let rows = n * (n - 2)
    let floor = 1e-9 * (deviations?.reduce(0) { max($0, abs($1)) } ?? 0)
    var matrix = [Double](repeating: 0, count: rows * unknowns)
    var right = [Double](repeating: 0, count: rows)
    // One equation for each interior entry, column by column of A.
    var row = 0
    for j in 0..<n {
      for i in 1..<(n - 1) {
        let weight = deviations.map { 1 / max(abs($0[j * n + i]), floor) } ?? 1
        for k in 0..<n {
          matrix[k * rows + row] = -weight * D[i * n + k] * D[k * n + j]
        }
        var column = n
        if fitsAdvection {
          matrix[(column + j) * rows + row] = weight * D[i * n + j]
          column += n
        }
        if fitsReaction {
          if i == j { matrix[(column + i - 1) * rows + row] = weight }
          column += n - 2
        }
        if fitsDrift {
          matrix[(column + i - 1) * rows + row] = weight * D[i * n + j]
        }
        right[row] = weight * (A[j * n + i] - known[j * n + i])
        row += 1
      }
    }
    let solution = try leastSquares(
      &matrix, &right, rows: rows, columns: unknowns
    ).x
    return rebuild(A, solution)
  }

  /// A's boundary rows with the operator of the fitted coefficients between.
  private func rebuild(_ A: [Double], _ coefficients: [Double]) -> [Double] {
    var result = A
    for j in 0..<n {
      for i in 1..<(n - 1) {
        var entry = known[j * n + i]
        for k in 0..<n {
          entry -= D[i * n + k] * coefficients[k] * D[k * n + j]
        }
        var column = n
        if fitsAdvection {
          entry += D[i * n + j] * coefficients[column + j]
          column += n
        }
        if fitsReaction {
          if i == j { entry += coefficients[column + i - 1] }
          column += n - 2
        }
        if fitsDrift { entry += coefficients[column + i - 1] * D[i * n + j] }
        result[j * n + i] = entry
      }
    }
    return result
  }
}
