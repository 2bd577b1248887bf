import COpenBLAS
import Chebyshev
import DenseSolvers
import Foundation

/// The three fields of the factors of a second-order operator, at the nodes of a
/// Chebyshev grid from right to left, [n] each, in units of half the domain's
/// width.
///
/// Where L u = −(K u′)′ + V u′ + Q u has a positive solution e of L e = 0,
///
///     L u = −(1/μ) D K e μ D (u/e),   μ = e exp(−∫V/K);
///
/// Pólya, Trans. Amer. Math. Soc. 24 (1922). Its inverse is two integrations.
public struct PolyaFields: Sendable, Equatable {
  /// ln K.
  public var logarithmOfK: [Double]
  /// V/K.
  public var drift: [Double]
  /// ln e, with e = 1 at both ends.
  public var logarithmOfSolution: [Double]

  public init(
    logarithmOfK: [Double], drift: [Double], logarithmOfSolution: [Double]
  ) {
    self.logarithmOfK = logarithmOfK
    self.drift = drift
    self.logarithmOfSolution = logarithmOfSolution
  }
}

/// An operator whose homogeneous equation has no positive solution: it
/// oscillates, and has no such factors.
public struct OscillatoryOperator: Error, CustomStringConvertible {
  public let description =
    "the homogeneous equation has no positive solution between the ends; the "
    + "operator oscillates and does not factor"
}

/// A matrix that is none of a second-order operator on a grid that resolves it.
public struct NoOperator: Error, CustomStringConvertible {
  public let description =
    "the diffusivity read off the matrix is not positive everywhere: it is none "
    + "of an operator on so many Chebyshev nodes, or these are too few for it"
}

/// Pólya's factorisation on a grid of n nodes: what it takes to read the fields
/// off a matrix, and to solve with them.
public final class PolyaFactorization: Sendable {
  public let n: Int
  /// The nodes on [−1, 1], from right to left.
  private let nodes: [Double]
  private let D: [Double]
  /// Values at Gauss points between the nodes, (n − 1) · m of them from right to
  /// left, from values at the nodes; row-major.
  private let toPoints: [Double]
  /// The points' weights.
  private let weights: [Double]
  /// The integral from the left end to each node, [n, n] in row-major order.
  private let integration: [Double]
  /// What extends values at the inner nodes to the right and to the left end.
  private let toEnds: (right: [Double], left: [Double])

  /// Gauss points between two nodes.
  private static let m = 8
  /// No field is larger: its exponential would leave Float64.
  private static let largest = 200.0

  public init(nodes n: Int) {
    precondition(n >= 4, "the factors need four nodes")
    self.n = n
    let nodes = chebpts(n, on: -1...1)
    self.nodes = nodes
    D = diffmat(n, on: -1...1)
    let rule = legpts(Self.m)
    let bary = baryWeights(n)
    var rows: [Double] = []
    var weights: [Double] = []
    for i in 0..<n - 1 {
      let middle = 0.5 * (nodes[i] + nodes[i + 1])
      let half = 0.5 * (nodes[i] - nodes[i + 1])
      for (node, weight) in zip(rule.nodes, rule.weights) {
        let terms = nodes.indices.map {
          bary[$0] / (middle + half * node - nodes[$0])
        }
        let sum = terms.reduce(0, +)
        rows += terms.map { $0 / sum }
        weights.append(half * weight)
      }
    }
    toPoints = rows
    self.weights = weights
    var integration = [Double](repeating: 0, count: n * n)
    for i in stride(from: n - 2, through: 0, by: -1) {
      for j in 0..<n {
        integration[i * n + j] = integration[(i + 1) * n + j]
        for point in (i * Self.m)..<((i + 1) * Self.m) {
          integration[i * n + j] += weights[point] * rows[point * n + j]
        }
      }
    }
    self.integration = integration
    toEnds = (Self.extension(nodes, to: 0), Self.extension(nodes, to: n - 1))
  }

  /// The weights of the inner nodes' values in the value at an end of the
  /// polynomial through them.
  private static func `extension`(_ nodes: [Double], to end: Int) -> [Double] {
    // The inner nodes are the zeros of U: weights (−1)ʲ sin².
    let terms = (1..<nodes.count - 1).map { j -> Double in
      let node = nodes[j]
      let weight = (1 - node * node) / (nodes[end] - node)
      return j.isMultiple(of: 2) ? weight : -weight
    }
    let sum = terms.reduce(0, +)
    return terms.map { $0 / sum }
  }

  /// The values at all nodes of those at the inner ones.
  private func extended(_ values: [Double]) -> [Double] {
    var result = values
    result[0] = 0
    result[n - 1] = 0
    for j in 1..<n - 1 {
      result[0] += toEnds.right[j - 1] * values[j]
      result[n - 1] += toEnds.left[j - 1] * values[j]
    }
    return result
  }

  /// The integrals of the polynomial through values at the inner nodes, from the
  /// left end to each node and from there to the right end; [n, n] each in row-major
  /// order, with zeros in the ends' columns.
  public var innerIntegrals: (left: [Double], right: [Double]) {
    var left = integration
    for i in 0..<n {
      for j in 1..<n - 1 {
        left[i * n + j] +=
          integration[i * n] * toEnds.right[j - 1]
          + integration[i * n + n - 1] * toEnds.left[j - 1]
      }
      left[i * n] = 0
      left[i * n + n - 1] = 0
    }
    return (left, left.indices.map { left[$0 % n] - left[$0] })
  }

  // MARK: The fields of a matrix

  /// K, V and Q at the nodes, read off a matrix by what it makes of 1, x − xᵢ and
  /// (x − xᵢ)².
  ///
  /// The rows of the ends hold conditions: K is extended to them, V and Q are
  /// those of the next node.
  ///
  /// - Parameter A: the matrix, n × n in column-major order.
  /// - Returns: the coefficients, [n] each.
  public func coefficients(
    of A: UnsafePointer<Double>
  ) -> (K: [Double], V: [Double], Q: [Double]) {
    var K = [Double](repeating: 0, count: n)
    var V = K
    var Q = K
    for j in 0..<n {
      for i in 1..<n - 1 {
        let entry = A[j * n + i]
        let distance = nodes[j] - nodes[i]
        Q[i] += entry
        V[i] += entry * distance
        K[i] -= 0.5 * entry * distance * distance
      }
    }
    K = extended(K)
    cblas_dgemv(
      CblasRowMajor, CblasNoTrans, Int32(n), Int32(n), 1, D, Int32(n), K, 1, 1,
      &V, 1)
    V[0] = V[1]
    V[n - 1] = V[n - 2]
    Q[0] = Q[1]
    Q[n - 1] = Q[n - 2]
    return (K, V, Q)
  }

  /// What the row of an end makes of 1 and of x − x_end.
  public func condition(
    _ end: Int, of A: UnsafePointer<Double>
  ) -> (value: Double, slope: Double) {
    var (value, slope) = (0.0, 0.0)
    for j in 0..<n {
      value += A[j * n + end]
      slope += A[j * n + end] * (nodes[j] - nodes[end])
    }
    return (value, slope)
  }

  /// The fields of an operator, from its matrix.
  ///
  /// - Parameters:
  ///   - A: the matrix, n × n in column-major order.
  ///   - workspace: memory of the calling thread.
  /// - Returns: the fields.
  /// - Throws: ``OscillatoryOperator`` if it does not factor, ``NoOperator`` if the
  ///   matrix is of none, `SolveFailure` if its homogeneous equation cannot be
  ///   solved.
  public func fields(
    of A: [Double], workspace: Workspace
  ) throws -> PolyaFields {
    let (K, V, _) = coefficients(of: A)
    guard K.allSatisfy({ $0 > 0 }) else { throw NoOperator() }
    // L e = 0 with e = 1 at both ends.
    var matrix = A
    var e = [Double](repeating: 0, count: n)
    for j in 0..<n {
      matrix[j * n] = j == 0 ? 1 : 0
      matrix[j * n + n - 1] = j == n - 1 ? 1 : 0
    }
    var right = e
    right[0] = 1
    right[n - 1] = 1
    try DenseSolver.lu.solve(
      A: matrix, b: right, n: n, x: &e, workspace: workspace)
    guard e.allSatisfy({ $0 > 0 }) else { throw OscillatoryOperator() }
    return PolyaFields(
      logarithmOfK: K.map { log($0) }, drift: zip(V, K).map(/),
      logarithmOfSolution: e.map { log($0) })
  }

  // MARK: Solving

  /// The solution of A x = b by two integrations with the operator's fields.
  ///
  /// The first integration's factors are one kernel, taken in the direction in
  /// which it decays, so that drifts of any strength lose nothing. What the fields
  /// leave open are the two constants of integration, from A's rows of the ends,
  /// and the values of b at the ends, where its entries belong to conditions:
  /// these are such that the residual is smallest. Linear in b.
  ///
  /// A correction solves for the residual with e = 1, that is without the operator's
  /// term of order zero, which matters little to what is rough; and rough is what
  /// the grid does not resolve of e, or a network says wrongly of it.
  ///
  /// - Parameters:
  ///   - fields: of the operator, or near to them.
  ///   - A: the matrix, n × n in column-major order.
  ///   - b: the right-hand side, n numbers.
  ///   - corrections: how many; each needs a residual, that is an A that is right.
  ///   - fitsEnds: whether b's values at the ends are those that leave the smallest
  ///     residual, for which A has to be right as well; else they are those of the
  ///     polynomial through b's others.
  /// - Returns: x, n numbers, not finite if the fields make no sense.
  public func solve(
    _ fields: PolyaFields, A: UnsafePointer<Double>, b: UnsafePointer<Double>,
    corrections: Int = 0, fitsEnds: Bool = true
  ) -> [Double] {
    var x = answer(fields, A: A, b: b, fitsEnds: fitsEnds)
    var plain = fields
    plain.logarithmOfSolution = Array(repeating: 0, count: n)
    for _ in 0..<corrections {
      var residual = Array(UnsafeBufferPointer(start: b, count: n))
      cblas_dgemv(
        CblasColMajor, CblasNoTrans, Int32(n), Int32(n), -1, A, Int32(n), x, 1,
        1, &residual, 1)
      let correction = answer(plain, A: A, b: residual, fitsEnds: fitsEnds)
      for j in 0..<n { x[j] += correction[j] }
    }
    return x
  }

  /// The solution without corrections.
  private func answer(
    _ fields: PolyaFields, A: UnsafePointer<Double>, b: UnsafePointer<Double>,
    fitsEnds: Bool
  ) -> [Double] {
    let n = n
    let parts = integrals(
      fields, extended(Array(UnsafeBufferPointer(start: b, count: n))))
    // The two solutions of the homogeneous equation meet the conditions.
    func row(_ end: Int, _ u: ArraySlice<Double>) -> Double {
      var sum = 0.0
      for (j, value) in u.enumerated() { sum += A[j * n + end] * value }
      return sum
    }
    func part(_ index: Int) -> ArraySlice<Double> {
      parts[(index * n)..<((index + 1) * n)]
    }
    let (a11, a12) = (row(0, part(3)), row(0, part(4)))
    let (a21, a22) = (row(n - 1, part(3)), row(n - 1, part(4)))
    let determinant = a11 * a22 - a12 * a21
    var u = Array(parts[..<(3 * n)])
    for index in 0..<3 {
      let first = (index == 0 ? b[0] : 0) - row(0, part(index))
      let last = (index == 0 ? b[n - 1] : 0) - row(n - 1, part(index))
      let c1 = (first * a22 - last * a12) / determinant
      let c2 = (a11 * last - a21 * first) / determinant
      for j in 0..<n {
        u[index * n + j] += c1 * parts[3 * n + j] + c2 * parts[4 * n + j]
      }
    }
    return fitsEnds ? corrected(u, A: A, b: b) : Array(u[..<n])
  }

  /// The first of three functions plus those multiples of the others that leave
  /// the smallest residual at the inner nodes.
  private func corrected(
    _ u: [Double], A: UnsafePointer<Double>, b: UnsafePointer<Double>
  ) -> [Double] {
    var images = [Double](repeating: 0, count: 3 * n)
    cblas_dgemm(
      CblasColMajor, CblasNoTrans, CblasNoTrans, Int32(n), 3, Int32(n), 1, A,
      Int32(n), u, Int32(n), 0, &images, Int32(n))
    var (aa, ab, bb, ra, rb) = (0.0, 0.0, 0.0, 0.0, 0.0)
    for i in 1..<n - 1 {
      let (p, q) = (images[n + i], images[2 * n + i])
      let r = b[i] - images[i]
      aa += p * p
      ab += p * q
      bb += q * q
      ra += r * p
      rb += r * q
    }
    let determinant = aa * bb - ab * ab
    guard determinant > 1e-12 * aa * bb else { return Array(u[..<n]) }
    let s = (ra * bb - rb * ab) / determinant
    let t = (aa * rb - ab * ra) / determinant
    return (0..<n).map { j -> Double in
      let first = s * u[n + j]
      return u[j] + first + t * u[2 * n + j]
    }
  }

  /// Solutions of L u = f for f as given and one at the right or the left end
  /// alone, and the two of L u = 0: [5, n].
  private func integrals(_ fields: PolyaFields, _ f: [Double]) -> [Double] {
    func bounded(_ values: [Double]) -> [Double] {
      values.map { min(max($0, -Self.largest), Self.largest) }
    }
    let logE = bounded(fields.logarithmOfSolution)
    let logK = bounded(fields.logarithmOfK)
    // ln 1/μ, whose ratios are the first integration's kernel.
    var h = logE.map { -$0 }
    cblas_dgemv(
      CblasRowMajor, CblasNoTrans, Int32(n), Int32(n), 1, integration,
      Int32(n), fields.drift, 1, 1, &h, 1)
    var p = flux(h, f)
    let top = max(h[0], h[n - 1])
    p += h.map { exp($0 - top) }
    let inverse = zip(logK, logE).map { exp(-$0 - $1) }
    for row in 0..<4 {
      for j in 0..<n { p[row * n + j] *= inverse[j] }
    }
    var z = [Double](repeating: 1, count: 5 * n)
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, 4, Int32(n), Int32(n), 1, p,
      Int32(n), integration, Int32(n), 0, &z, Int32(n))
    let e = logE.map { exp($0) }
    for row in 0..<5 {
      for j in 0..<n { z[row * n + j] *= e[j] }
    }
    return z
  }

  /// The first integration for f and for one at either end alone: p with
  /// p′ = h′ p − f, from that end at which exp h is largest; [3, n].
  private func flux(_ h: [Double], _ f: [Double]) -> [Double] {
    let m = Self.m
    let count = (n - 1) * m
    let given = h + f
    var atPoints = [Double](repeating: 0, count: 2 * count)
    cblas_dgemm(
      CblasRowMajor, CblasNoTrans, CblasTrans, 2, Int32(count), Int32(n), 1,
      given, Int32(n), toPoints, Int32(n), 0, &atPoints, Int32(count))
    var p = [Double](repeating: 0, count: 3 * n)
    let isFromRight = h[0] >= h[n - 1]
    for step in 0..<n - 1 {
      let interval = isFromRight ? step : n - 2 - step
      let from = isFromRight ? interval : interval + 1
      let to = isFromRight ? interval + 1 : interval
      let decay = exp(h[to] - h[from])
      var (sum, right, left) = (0.0, 0.0, 0.0)
      for point in (interval * m)..<((interval + 1) * m) {
        let kernel = weights[point] * exp(h[to] - atPoints[point])
        sum += kernel * atPoints[count + point]
        right += kernel * toPoints[point * n]
        left += kernel * toPoints[point * n + n - 1]
      }
      let sign = isFromRight ? 1.0 : -1.0
      for (row, part) in [sum, right, left].enumerated() {
        p[row * n + to] = decay * p[row * n + from] + sign * part
      }
    }
    return p
  }
}
