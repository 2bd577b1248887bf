import Chebyshev

/// A solution as a polynomial on each piece of the domain.
public struct PiecewiseSolution: Sendable {
  /// The function on one piece.
  public struct Piece: Sendable {
    public let domain: ClosedRange<Double>
    /// The values at the Chebyshev nodes, from the right end to the left.
    public let values: [Double]
    /// K u′ − v u at the nodes.
    public let flux: [Double]
    /// u′ at the nodes.
    public let slopes: [Double]
  }

  /// Ascending, without gaps.
  public let pieces: [Piece]

  /// The largest value of |u| at the nodes.
  public let scale: Double

  /// The largest value of |K u′ − v u| at the nodes.
  let fluxScale: Double

  init(pieces: [Piece]) {
    self.pieces = pieces
    scale = pieces.reduce(0) { $1.values.reduce($0) { max($0, abs($1)) } }
    fluxScale = pieces.reduce(0) { $1.flux.reduce($0) { max($0, abs($1)) } }
  }

  /// The number of nodes.
  public var nodes: Int { pieces.reduce(0) { $0 + $1.values.count } }

  /// u at points of the domain; at a breakpoint, of the piece to its left.
  public func callAsFunction(_ points: [Double]) -> [Double] {
    evaluate(points) { [$0.values] }[0]
  }

  /// u′ at points of the domain.
  public func derivative(_ points: [Double]) -> [Double] {
    evaluate(points) { [$0.slopes] }[0]
  }

  /// u and u′ at points of the domain.
  func withDerivative(_ points: [Double]) -> (u: [Double], slope: [Double]) {
    let both = evaluate(points) { [$0.values, $0.slopes] }
    return (both[0], both[1])
  }

  /// The flux K u′ − v u at points of the domain.
  public func flux(_ points: [Double]) -> [Double] {
    evaluate(points) { [$0.flux] }[0]
  }

  /// Some functions at points, each given by its values at the nodes of a piece.
  private func evaluate(
    _ points: [Double], _ values: (Piece) -> [[Double]]
  ) -> [[Double]] {
    var result = values(pieces[0]).map { _ in
      [Double](repeating: 0, count: points.count)
    }
    var inside = [[Int]](repeating: [], count: pieces.count)
    for (index, x) in points.enumerated() {
      inside[piece(of: x)].append(index)
    }
    for (piece, indices) in zip(pieces, inside) where !indices.isEmpty {
      let n = piece.values.count
      let found = bary(
        indices.map { points[$0] }, values(piece),
        nodes: chebpts(n, on: piece.domain), weights: baryWeights(n))
      for k in found.indices {
        for (place, index) in indices.enumerated() {
          result[k][index] = found[k][place]
        }
      }
    }
    return result
  }

  /// The piece that holds x, by bisection.
  private func piece(of x: Double) -> Int {
    var (low, high) = (0, pieces.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if x <= pieces[middle].domain.upperBound {
        high = middle
      } else {
        low = middle + 1
      }
    }
    return low
  }

  /// The largest difference to another solution inside of the pieces; at their
  /// ends u may jump.
  func distance(to other: PiecewiseSolution) -> Double {
    var largest = 0.0
    for piece in pieces {
      let there = other(chebpts(piece.values.count, on: piece.domain))
      for index in 1..<(piece.values.count - 1) {
        largest = max(largest, abs(there[index] - piece.values[index]))
      }
    }
    return largest
  }

  /// (1 − λ) u + λ w on pieces that are pieces of both.
  func mixed(
    _ damping: Double, with other: PiecewiseSolution
  ) -> PiecewiseSolution {
    let ends = Set(
      (pieces + other.pieces).flatMap {
        [$0.domain.lowerBound, $0.domain.upperBound]
      }
    ).sorted()
    return PiecewiseSolution(
      pieces: zip(ends, ends.dropFirst()).map { low, high in
        let middle = 0.5 * (low + high)
        let (a, b) = (
          pieces[piece(of: middle)], other.pieces[other.piece(of: middle)]
        )
        let n = max(a.values.count, b.values.count)
        let points = chebpts(n, on: low...high)
        func mix(_ values: (Piece) -> [Double]) -> [Double] {
          zip(
            bary(points, values(a), on: a.domain),
            bary(points, values(b), on: b.domain)
          ).map { $0 + damping * ($1 - $0) }
        }
        return Piece(
          domain: low...high, values: mix { $0.values }, flux: mix { $0.flux },
          slopes: mix { $0.slopes })
      })
  }
}
