import COpenBLAS
import Parallel
import Randomness

/// A problem min ‖Ax − b‖ₚᵖ, A m × n with m > n.
///
/// Problem i of seed s is a pure function of (s, i), so that a dataset need not
/// hold its matrix. Sittoni and Tudisco, *Algebraformer*, section 6 and appendix
/// G, have p = 6, m = 10⁴ and n = 60.
public struct PNormProblem: Sendable {
  /// What A and b are scaled to; b always has unit 2-norm but for `none`.
  public enum Scaling: String, CaseIterable, Sendable, Codable {
    /// Unit Frobenius norm of A.
    case frobenius
    /// Unit 2-norm of A, by its largest singular value.
    case spectral
    /// As drawn.
    case none
  }

  /// The law of the starting point.
  public enum Start: String, CaseIterable, Sendable, Codable {
    case zero
    /// Independent normal entries of the standard deviation 0.1.
    case normal
    /// Independent entries uniform on [0, 0.2).
    case uniform
  }

  /// The law of problems.
  public struct Law: Sendable, Equatable {
    public var p: Double
    public var rows: Int
    public var columns: Int
    public var scaling: Scaling
    public var start: Start

    public init(
      p: Double = 6, rows: Int = 10_000, columns: Int = 60,
      scaling: Scaling = .frobenius, start: Start = .zero
    ) {
      self.p = p
      self.rows = rows
      self.columns = columns
      self.scaling = scaling
      self.start = start
    }

    /// Refuses problems that do not fit into memory: A and the Hessians of a
    /// step's parts, besides what all problems leave behind.
    ///
    /// - Parameter problems: how many trajectories are kept in memory.
    /// - Throws: `MemoryShortage`.
    public func requireMemory(problems: Int = 0) throws(MemoryShortage) {
      let (m, n) = (Double(rows), Double(columns))
      try Memory.require(
        8 * (m * (n + 1) + 12 * n * n + 4 * n * Double(problems)),
        for: "a problem of \(rows) by \(columns)"
          + (problems > 0 ? ", \(problems) of them" : ""))
    }

    /// Whether problems of such a size are solved.
    public var isOfSensibleSize: Bool {
      (2...4096).contains(columns) && rows > columns && rows <= 10_000_000
    }
  }

  public let law: Law

  /// A, [m, n] in row-major order: a step reads it once, a few rows at a time.
  public let A: [Double]
  /// b, [m].
  public let b: [Double]
  /// x₀, [n].
  public let start: [Double]

  /// Draws problem `index` of `seed`: A and b uniform on [0, 1), then scaled.
  public init(_ law: Law, seed: UInt64, index: Int) {
    self.law = law
    let (m, n) = (law.rows, law.columns)
    func uniform(_ count: Int, _ stream: RandomStream) -> [Double] {
      var random = CounterRandom(seed: seed, index: index, stream: stream)
      return (0..<count).map { _ in random.nextUniform() }
    }
    var A = uniform(m * n, .pNormMatrix)
    var b = uniform(m, .pNormVector)
    var random = CounterRandom(seed: seed, index: index, stream: .pNormStart)
    start = (0..<n).map { _ in
      switch law.start {
      case .zero: 0
      case .normal: 0.1 * random.nextNormal()
      case .uniform: 0.2 * random.nextUniform()
      }
    }
    switch law.scaling {
    case .none: break
    case .frobenius: Self.scale(&A, by: 1 / Self.norm(A))
    case .spectral: Self.scale(&A, by: 1 / Self.spectralNorm(A, m, n))
    }
    if law.scaling != .none { Self.scale(&b, by: 1 / Self.norm(b)) }
    self.A = A
    self.b = b
  }

  private static func norm(_ x: [Double]) -> Double {
    cblas_dnrm2(Int32(x.count), x, 1)
  }

  private static func scale(_ x: inout [Double], by factor: Double) {
    for index in x.indices { x[index] *= factor }
  }

  /// The largest singular value, by the power method on AᵀA.
  ///
  /// A is positive, so the first singular vector is too and the method converges
  /// at once.
  private static func spectralNorm(_ A: [Double], _ m: Int, _ n: Int) -> Double
  {
    var v = [Double](repeating: 1 / Double(n).squareRoot(), count: n)
    var y = [Double](repeating: 0, count: m)
    var sigma = 0.0
    for _ in 0..<40 {
      cblas_dgemv(
        CblasRowMajor, CblasNoTrans, Int32(m), Int32(n), 1, A, Int32(n), v, 1,
        0, &y, 1)
      sigma = norm(y)
      cblas_dgemv(
        CblasRowMajor, CblasTrans, Int32(m), Int32(n), 1, A, Int32(n), y, 1, 0,
        &v, 1)
      scale(&v, by: 1 / norm(v))
    }
    return sigma
  }

  /// Aᵀb, [n].
  public var transposedProduct: [Double] {
    var result = [Double](repeating: 0, count: law.columns)
    cblas_dgemv(
      CblasRowMajor, CblasTrans, Int32(law.rows), Int32(law.columns), 1, A,
      Int32(law.columns), b, 1, 0, &result, 1)
    return result
  }
}
