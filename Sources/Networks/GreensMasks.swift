import Foundation
import Solutions

/// The masks M₁ and M₂ of Green's functions on n Chebyshev nodes of [−1, 1], from
/// right to left.
///
/// With functions p and q at the nodes, M₁ ∘ (p qᵀ) maps b to p(x) ∫ q f from the
/// left end to x, f being the polynomial through the inner entries of b, exactly
/// as far as polynomials go; M₂, from x to the right end. The columns of the ends,
/// where b holds the conditions' values, are ones in M₁ at the left and in M₂ at
/// the right end, and zero elsewhere.
enum GreensMasks {
  private static let lock = NSLock()
  nonisolated(unsafe) private static var known: [Int: AlignedBuffer<Float>] =
    [:]

  /// The masks of `n` nodes, [2, n, n] in row-major order, made at their first
  /// use.
  static func ofSize(_ n: Int) -> AlignedBuffer<Float> {
    lock.withLock {
      if let masks = known[n] { return masks }
      let masks = make(n)
      known[n] = masks
      return masks
    }
  }

  private static func make(_ n: Int) -> AlignedBuffer<Float> {
    let (left, right) = PolyaFactorization(nodes: n).innerIntegrals
    let masks = AlignedBuffer<Float>(count: 2 * n * n)
    for (place, (fromLeft, toRight)) in zip(left, right).enumerated() {
      let column = place % n
      masks.pointer[place] = column == n - 1 ? 1 : Float(fromLeft)
      masks.pointer[n * n + place] = column == 0 ? 1 : Float(toRight)
    }
    return masks
  }
}
