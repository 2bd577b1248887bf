import Chebyshev
import Equations

/// Holds a solution against its equations between the nodes.
///
/// At the points of collocation K u′ − v u = g and g′ = w u′ + q u − f; in between
/// what is left of them is how far either side is from the polynomial through its
/// values at those points. A feature of a coefficient that the points step over
/// shows there, and nowhere else: the decay of the solution's own coefficients
/// knows nothing of it. What is narrower than the probes' distance, too, is not
/// seen.
struct ResidualProbes {
  /// A piece of a mesh.
  typealias Piece = PiecewiseCollocation.Piece

  private let problem: ContinuousProblem
  private let matrices: PiecewiseCollocation.MatrixCache

  /// Points of the whole domain, ascending, and the coefficients there.
  let x: [Double]
  let sample: BoundaryValueProblem

  /// How many there are.
  ///
  /// Their distance is at most 1/2,600 of the domain, so that
  /// a bell of the form exp(−(x/δ)²) with δ = 1/3,300 of it, or half of its height
  /// over 1/2,000, reaches some probe with more than half of its height.
  private static let count = 4096

  /// How much of the rounding of values at nodes remains between them.
  private static let rounding = 8 * Double.ulpOfOne

  init(
    _ problem: ContinuousProblem, _ matrices: PiecewiseCollocation.MatrixCache
  ) throws {
    self.problem = problem
    self.matrices = matrices
    let (low, high) = (problem.domain.lowerBound, problem.domain.upperBound)
    // Multiples of the golden section, which meet no pattern.
    x = (1...Self.count).map { (index: Int) -> Double in
      let part = (Double(index) * 0.6180339887498949)
        .truncatingRemainder(dividingBy: 1)
      return low + (high - low) * part
    }.sorted()
    sample = try problem.coefficients(x)
  }

  /// The indices of the probes inside of an interval.
  func inside(_ domain: ClosedRange<Double>) -> Range<Int> {
    /// The first probe that is not below a point.
    func first(_ point: Double) -> Int {
      var (low, high) = (0, x.count)
      while low < high {
        let middle = (low + high) / 2
        if x[middle] < point { low = middle + 1 } else { high = middle }
      }
      return low
    }
    let start = first(domain.lowerBound)
    return start..<max(start, first(domain.upperBound))
  }

  /// What each piece of a mesh leaves unseen of the equations, as the change of u,
  /// relative to the largest |u|, that it may make; 0 where the residual is within
  /// the tolerance of its own terms, or is rounding.
  ///
  /// - Parameters:
  ///   - mesh: pieces, which need not be those of the solution.
  ///   - u: a solution.
  ///   - fluxScale: what errors of its flux are measured by.
  ///   - tolerance: relative.
  /// - Returns: a number a piece.
  /// - Throws: what the coefficients throw.
  func errors(
    _ mesh: [Piece], of u: PiecewiseSolution, fluxScale: Double,
    tolerance: Double
  ) throws -> [Double] {
    // The points of collocation of all pieces and the probes of those that have
    // few of the domain's, in one call.
    let fixed = mesh.map { inside($0.domain) }
    let points = zip(mesh, fixed).map { piece, fixed in
      matrices(piece.nodes).points.map { piece.middle + piece.half * $0 }
        + (fixed.count < 2 * piece.nodes ? Self.probes(piece) : [])
    }
    let all = Values(
      points.flatMap { $0 }, try problem.coefficients(points.flatMap { $0 }), u)
    let probed = Values(x, sample, u)
    let scales = (u: u.scale, flux: fluxScale)
    var first = 0
    return mesh.indices.map { index in
      let n = mesh[index].nodes
      let nodes = all[first..<first + n - 1]
      let own = all[first + n - 1..<first + points[index].count]
      first += points[index].count
      return [own, probed[fixed[index]]].reduce(0) {
        max(
          $0,
          error(mesh[index], nodes, $1, scales: scales, tolerance: tolerance))
      }
    }
  }

  /// Evenly spaced, two a node.
  private static func probes(_ piece: Piece) -> [Double] {
    let count = 2 * piece.nodes
    return (0..<count).map {
      let part = (Double(2 * $0 + 1) / Double(count)) - 1
      return piece.middle + piece.half * part
    }
  }

  private func error(
    _ piece: Piece, _ nodes: Values, _ probes: Values,
    scales: (u: Double, flux: Double), tolerance: Double
  ) -> Double {
    guard !probes.x.isEmpty else { return 0 }
    let weights = matrices(piece.nodes).weights
    let polynomials = bary(
      probes.x, [nodes.flux, nodes.source], nodes: nodes.x, weights: weights)
    let (flux, source) = (polynomials[0], polynomials[1])
    // What rounding of u makes of u′.
    let slope =
      nodes.u.reduce(0) { max($0, abs($1)) } * Double(piece.nodes * piece.nodes)
      / piece.half
    let sizes = nodes.sizes(slope: slope)
    var (worstFlux, worstSource) = (0.0, 0.0)
    for i in probes.x.indices {
      let inFlux = abs(probes.flux[i] - flux[i])
      let fluxRounds =
        tolerance * (probes.fluxSize[i] + abs(flux[i]))
        + Self.rounding * max(sizes.flux, probes.K[i] * slope)
      if !(inFlux <= fluxRounds) {
        worstFlux = max(worstFlux, inFlux / probes.K[i])
      }
      let inSource = abs(probes.source[i] - source[i])
      let sourceRounds =
        tolerance * (probes.sourceSize[i] + abs(source[i]))
        + Self.rounding * max(sizes.source, probes.drift(i) * slope)
      if !(inSource <= sourceRounds) {
        worstSource = max(worstSource, inSource)
      }
    }
    let width = 2 * piece.half
    func share(_ part: Double, of whole: Double) -> Double {
      part == 0 ? 0 : part / max(whole, .leastNormalMagnitude)
    }
    return share(width * worstFlux, of: scales.u)
      + share(width * worstSource, of: scales.flux)
  }
}

/// Both sides of the equations at points.
private struct Values {
  var x: [Double]
  var u: [Double]
  var K: [Double]
  var w: [Double]
  /// K u′ − v u, and |K u′| + |v u|.
  var flux: [Double]
  var fluxSize: [Double]
  /// w u′ + q u − f, and the sum of what these are.
  var source: [Double]
  var sourceSize: [Double]

  init(_ x: [Double], _ sample: BoundaryValueProblem, _ u: PiecewiseSolution) {
    self.x = x
    let function = u.withDerivative(x)
    self.u = function.u
    K = sample.K
    w = sample.w ?? []
    (flux, fluxSize, source, sourceSize) = ([], [], [], [])
    for (i, slope) in function.slope.enumerated() {
      let sides = sample.sides(i, u: function.u[i], slope: slope)
      flux.append(sides.flux)
      source.append(sides.source)
      fluxSize.append(sides.fluxSize)
      sourceSize.append(sides.sourceSize)
    }
  }

  func drift(_ index: Int) -> Double { w.isEmpty ? 0 : abs(w[index]) }

  /// The largest of either side, with the errors of u′ that are rounding.
  func sizes(slope: Double) -> (flux: Double, source: Double) {
    var (inFlux, inSource) = (0.0, 0.0)
    for i in x.indices {
      inFlux = max(inFlux, fluxSize[i], K[i] * slope)
      inSource = max(inSource, sourceSize[i], drift(i) * slope)
    }
    return (inFlux, inSource)
  }

  subscript(range: Range<Int>) -> Values {
    var part = self
    part.x = Array(x[range])
    part.u = Array(u[range])
    part.K = Array(K[range])
    part.w = w.isEmpty ? [] : Array(w[range])
    part.flux = Array(flux[range])
    part.fluxSize = Array(fluxSize[range])
    part.source = Array(source[range])
    part.sourceSize = Array(sourceSize[range])
    return part
  }
}
