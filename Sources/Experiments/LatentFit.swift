import COpenBLAS
import DenseSolvers
import Equations
import Foundation
import Systems

/// Noisy data and how far their entries may be off: what a fit of latent variables
/// is made to.
struct LatentFit {
  /// A linearised fit: the gradient and the information of the data.
  struct Normal {
    /// Jᵀ W² (data − model), [m].
    var gradient: [Double]
    /// Jᵀ W² J, [m, m].
    var information: [Double]
  }

  let model: LatentModel
  private let system: SolvedSystem
  /// The inverse deviations of the entries, 0 where they are known: [n, n] in
  /// column-major order, and [n]; empty where all are.
  private var matrixWeights: [Double] = []
  private var vectorWeights: [Double] = []
  private let noise: Noise
  /// What deviations have besides, over the entries; see ``tempered(_:)``.
  private var slack = 0.0

  private var n: Int { model.n }
  private var m: Int { model.coordinates.count }

  /// Takes data: noisy ones tell their deviations themselves, as well as they can.
  init(
    _ model: LatentModel, _ system: SolvedSystem, noise: Noise,
    isNoisy: Bool = true
  ) {
    self.model = model
    self.system = system
    self.noise = noise
    weigh(by: system.A, system.b, isNoisy: isNoisy)
  }

  /// Sets the deviations to those of noise on other data.
  private mutating func weigh(by A: [Double], _ b: [Double], isNoisy: Bool) {
    if noise.target != .b { matrixWeights = weights(A, isNoisy: isNoisy) }
    if noise.target != .A { vectorWeights = weights(b, isNoisy: isNoisy) }
  }

  /// One over the deviations of entries, 0 in the rows of the ends.
  private func weights(_ values: [Double], isNoisy: Bool) -> [Double] {
    // The noise itself is part of the root mean square of what is noisy.
    let share = isNoisy && noise.model == .rms ? hypot(1, noise.level) : 1
    let least = 1e-9 * noise.level * values.reduce(0) { max($0, abs($1)) }
    return zip(noise.deviations(of: values, n: n), values).enumerated().map {
      entry, pair in
      let row = entry % n
      guard row > 0, row < n - 1 else { return 0 }
      let deviation = max(hypot(pair.0 / share, slack * pair.1), least)
      return deviation > 0 ? 1 / deviation : 0
    }
  }

  /// The weighted differences of the data from a model's, [n, n] and [n].
  private func residuals(
    _ problem: Modelled
  ) -> (matrix: [Double], vector: [Double]) {
    (
      zip(matrixWeights, zip(system.A, problem.A)).map {
        $0 * ($1.0 - $1.1)
      },
      zip(vectorWeights, zip(system.b, problem.f)).map {
        $0 * ($1.0 - $1.1)
      }
    )
  }

  /// What the model has in the place of the data.
  private struct Modelled {
    var A: [Double]
    var f: [Double]
  }

  private func modelled(_ point: LatentModel.Point)
    -> Modelled
  {
    let problem = model.problem(point)
    var A = [Double](
      repeating: 0, count: matrixWeights.isEmpty ? 0 : n * n)
    if !A.isEmpty { model.assemble(problem, into: &A) }
    return Modelled(A: A, f: problem.f)
  }

  /// Half the weighted sum of squares, and that of the normal laws.
  func objective(_ point: LatentModel.Point) -> Double {
    let rest = residuals(modelled(point))
    func squares(_ values: [Double]) -> Double {
      cblas_ddot(Int32(values.count), values, 1, values, 1)
    }
    let value = 0.5 * (squares(rest.matrix) + squares(rest.vector))
    return zip(model.coordinates, point.y).reduce(value) {
      $1.0.isBounded ? $0 : $0 + 0.5 * $1.1 * $1.1
    }
  }

  /// The derivatives of A in the coordinates that it depends on, and of f in all:
  /// [model.matrixCoordinates.count, n, n] and [m, n].
  private func jacobian(
    _ point: LatentModel.Point
  ) -> (matrix: [Double], vector: [Double]) {
    let derivatives = model.derivatives(point)
    let places = matrixWeights.isEmpty ? [] : model.matrixCoordinates
    var matrix = [Double](repeating: 0, count: places.count * n * n)
    matrix.withUnsafeMutableBufferPointer {
      guard let start = $0.baseAddress else { return }
      for (row, k) in places.enumerated() {
        model.assemble(derivatives[k], into: start + row * n * n)
      }
    }
    return (matrix, derivatives.flatMap(\.f))
  }

  /// The linearised fit at a point.
  func normal(_ point: LatentModel.Point) -> Normal {
    let rest = residuals(modelled(point))
    var (matrix, vector) = jacobian(point)
    var normal = Normal(
      gradient: Array(repeating: 0, count: m),
      information: Array(repeating: 0, count: m * m))
    add(
      &matrix, of: model.matrixCoordinates, matrixWeights, rest.matrix,
      to: &normal)
    add(
      &vector, of: Array(0..<m), vectorWeights, rest.vector, to: &normal)
    return normal
  }

  /// Adds a part of the data, whose derivatives in some coordinates are weighted in
  /// place.
  private func add(
    _ jacobian: inout [Double], of places: [Int], _ weights: [Double],
    _ rest: [Double], to normal: inout Normal
  ) {
    let (count, own) = (weights.count, places.count)
    guard count > 0, own > 0 else { return }
    for k in 0..<own {
      for i in 0..<count { jacobian[k * count + i] *= weights[i] }
    }
    var information = [Double](repeating: 0, count: own * own)
    var gradient = [Double](repeating: 0, count: own)
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, Int32(own), Int32(own),
      Int32(count), 1, jacobian, Int32(count), jacobian, Int32(count), 0,
      &information, Int32(own))
    cblas_dgemv(
      CblasRowMajor, CblasNoTrans, Int32(own), Int32(count), 1, jacobian,
      Int32(count), rest, 1, 0, &gradient, 1)
    for (row, k) in places.enumerated() {
      normal.gradient[k] += gradient[row]
      for (column, l) in places.enumerated() {
        normal.information[k * m + l] += information[row * own + column]
      }
    }
  }

  // MARK: Solutions

  /// The system that the model has in the place of the data; what is clean stays.
  func fitted(_ point: LatentModel.Point) -> SolvedSystem {
    let own = modelled(point)
    var fitted = system
    if !matrixWeights.isEmpty {
      for j in 0..<n {
        for i in 1..<n - 1 { fitted.A[j * n + i] = own.A[j * n + i] }
      }
    }
    if !vectorWeights.isEmpty {
      for i in 1..<n - 1 { fitted.b[i] = own.f[i] }
    }
    return fitted
  }

  /// Whether deviations were taken from entries that are noisy themselves.
  var isWeighedByData: Bool { noise.model != .absolute }

  /// The shares that entries are taken to be off by, one after another, down to what
  /// they are off by.
  func tempers(from first: Double) -> [Double] {
    let coarse = [0.3, 0.1, 0.03, 0.01].filter { $0 <= first }
    let fine = (3...16).map { pow(10, -Double($0)) }
    // Entries of A are up to the square of n times what they are made of.
    let least = noise.level / (matrixWeights.isEmpty ? 1 : Double(n * n))
    return coarse + fine.filter { $0 > least }
  }

  /// Whether what a point leaves of the data is what their errors explain.
  func isExplained(at point: LatentModel.Point) -> Bool {
    let rest = residuals(modelled(point))
    let all = rest.matrix + rest.vector
    let count = Double((matrixWeights + vectorWeights).count { $0 > 0 })
    let misfit = all.reduce(0) { $0 + $1 * $1 }
    return misfit <= 2 * count + 30
  }

  /// The same fit to data that are off by a share of the entries as well.
  ///
  /// Where some entries are known to many more digits than others their sum of
  /// squares has many deep and narrow valleys, of which few are entered from afar;
  /// where all are known to a share it has a few wide ones.
  func tempered(_ share: Double) -> LatentFit {
    var fit = self
    fit.slack = share
    fit.weigh(by: system.A, system.b, isNoisy: true)
    return fit
  }

  /// The same fit with the deviations of noise on what a point has.
  func weighed(by point: LatentModel.Point) -> LatentFit {
    var fit = self
    let own = fitted(point)
    fit.weigh(by: own.A, own.b, isNoisy: false)
    return fit
  }

  /// The variances of the solution's entries, where the point is as uncertain as
  /// data and laws leave it: the diagonal of G (F + Λ)⁻¹ Gᵀ, G = ∂u/∂y.
  ///
  /// - Parameters:
  ///   - point: the coordinates.
  ///   - u: the solution there, n numbers.
  ///   - workspace: memory of the calling thread.
  /// - Returns: n numbers.
  /// - Throws: `SolveFailure`.
  func variances(
    _ point: LatentModel.Point, u: [Double], workspace: Workspace
  ) throws -> [Double] {
    guard m > 0 else { return Array(repeating: 0, count: n) }
    var information = normal(point).information
    // Deviations that follow the entries tell of them as well.
    var more =
      noise.model.scalesWithEntries ? 1 + 2 * noise.level * noise.level : 1
    // A double exponential has twice a normal's information.
    if noise.law == .laplace { more *= 2 }
    for i in information.indices { information[i] *= more }
    for (k, coordinate) in model.coordinates.enumerated() {
      information[k * m + k] += coordinate.information
    }
    let own = fitted(point)
    let slopes = try DenseSolver.solveAll(
      A: own.A, B: changes(point, u), n: n, workspace: workspace)
    // [n, m], and (F + Λ)⁻¹ of it.
    var G = [Double](repeating: 0, count: n * m)
    for k in 0..<m {
      for i in 0..<n { G[i * m + k] = slopes[k * n + i] }
    }
    let covariances = try DenseSolver.solveAll(
      A: information, B: G, n: m, workspace: workspace)
    return (0..<n).map { i in
      (0..<m).reduce(0.0) { $0 + G[i * m + $1] * covariances[i * m + $1] }
    }
  }

  /// What a change of each coordinate leaves of b: ∂b − ∂A u, [m, n].
  private func changes(
    _ point: LatentModel.Point, _ u: [Double]
  ) -> [Double] {
    let (matrix, vector) = jacobian(point)
    var changes = [Double](repeating: 0, count: m * n)
    let places = matrixWeights.isEmpty ? [] : model.matrixCoordinates
    matrix.withUnsafeBufferPointer { matrix in
      guard let start = matrix.baseAddress else { return }
      changes.withUnsafeMutableBufferPointer {
        guard let own = $0.baseAddress else { return }
        for (row, k) in places.enumerated() {
          cblas_dgemv(
            CblasColMajor, CblasNoTrans, Int32(n), Int32(n), -1,
            start + row * n * n, Int32(n), u, 1, 0, own + k * n, 1)
        }
      }
    }
    for k in 0..<m {
      if !vectorWeights.isEmpty {
        for i in 0..<n { changes[k * n + i] += vector[k * n + i] }
      }
      // Conditions at the ends are known.
      changes[k * n] = 0
      changes[k * n + n - 1] = 0
    }
    return changes
  }
}
