import CKernels
import Foundation
import Networks
import TensorFiles

/// The unit roundoff of Float32.
let singleRoundoff = 0x1p-24

extension Precision {
  /// The unit roundoff of an activation.
  var roundoff: Double { self == .f32 ? 0 : 0x1p-8 }
}

/// Activations of a kernel: Float32, or bfloat16 that are read as what they
/// stand for.
final class Activations {
  let precision: Precision
  private let memory: AlignedBuffer<UInt32>

  /// Rounds numbers to activations.
  init(_ precision: Precision, _ values: [Float]) {
    self.precision = precision
    memory = AlignedBuffer(count: values.count)
    for (index, value) in values.enumerated() {
      switch precision {
      case .f32: floats[index] = value
      case .bf16: halves[index] = BFloat16.bits(value)
      }
    }
  }

  /// Space for results, full of NaN.
  convenience init(_ precision: Precision, count: Int) {
    self.init(precision, Array(repeating: .nan, count: count))
  }

  /// Others of the same values.
  func copy() -> Activations { Activations(precision, values.map(Float.init)) }

  /// What they stand for.
  var values: [Double] {
    (0..<memory.count).map {
      precision == .f32
        ? Double(floats[$0]) : Double(BFloat16.float(halves[$0]))
    }
  }

  var raw: UnsafeMutableRawPointer { UnsafeMutableRawPointer(memory.pointer) }
  var floats: UnsafeMutablePointer<Float> {
    raw.assumingMemoryBound(to: Float.self)
  }
  var halves: UnsafeMutablePointer<UInt16> {
    raw.assumingMemoryBound(to: UInt16.self)
  }
}

extension AlignedBuffer<Float> {
  convenience init(_ values: [Float]) {
    self.init(count: values.count)
    _ = elements.update(fromContentsOf: values)
  }
}

/// Numbers in (−size, size) without a pattern, the same every time.
func scrambled(_ count: Int, _ seed: Int, size: Double = 1) -> [Float] {
  (0..<count).map {
    let x = sin(12.9898 * Double($0 + 1) + 78.233 * Double(seed)) * 43758.5453
    return Float(size * (2 * (x - x.rounded(.down)) - 1))
  }
}

/// The largest error in units of its own bound; infinite where a number is
/// none or one is missing.
func worstError(
  _ found: [Double], _ expected: [Double], bounds: [Double]
) -> Double {
  guard found.count == expected.count, found.count == bounds.count else {
    return .infinity
  }
  var worst = 0.0
  for index in found.indices {
    let error = abs(found[index] - expected[index]) / bounds[index]
    worst = error.isNaN ? .infinity : max(worst, error)
  }
  return worst
}

// MARK: Attention

/// Attention of one sample and head by its definition in Float64, with bounds
/// of the rounding errors of an evaluation in Float32 whose probabilities and
/// gradients of scores are rounded to activations.
///
/// Sums of m terms cost m roundoffs of the sum of their sizes, whatever their
/// order; an exponential costs two and the error of its argument.
struct AttentionReference {
  let n: Int
  let head: Int
  private let scale: Double
  private let q: [[Double]]
  private let k: [[Double]]
  private let v: [[Double]]
  private let seen: (Int) -> Int
  private let e: Double
  /// Probabilities, and their relative errors.
  private(set) var p: [[Double]] = []
  private(set) var lse: [Double] = []
  private var argument: [[Double]] = []

  init(
    _ precision: Precision, q: [[Double]], k: [[Double]], v: [[Double]],
    causal: Bool
  ) {
    (self.q, self.k, self.v) = (q, k, v)
    n = q.count
    head = q[0].count
    scale = 1 / Double(head).squareRoot()
    e = precision.roundoff
    let n = n
    seen = { causal ? $0 + 1 : n }
    for i in 0..<n {
      let scores = (0..<seen(i)).map { scale * Self.dot(q[i], k[$0]) }
      let largest = scores.max() ?? 0
      let sum = scores.reduce(0) { $0 + exp($1 - largest) }
      lse.append(largest + log(sum))
      p.append(scores.map { exp($0 - largest) / sum })
      argument.append(
        (0..<seen(i)).map {
          let size = scale * Self.dot(q[i].map(abs), k[$0].map(abs))
          return Double(head + 8) * singleRoundoff * (size + abs(lse[i]))
        })
    }
  }

  private static func dot(_ a: [Double], _ b: [Double]) -> Double {
    zip(a, b).reduce(0) { $0 + $1.0 * $1.1 }
  }

  /// The relative error of a probability.
  private func error(_ i: Int) -> Double {
    2 * (argument[i].max() ?? 0) + Double(n + 8) * singleRoundoff
  }

  /// The bounds of lse.
  var lseBounds: [Double] {
    (0..<n).map { error($0) + 4 * singleRoundoff * abs(lse[$0]) }
  }

  /// The output of token i, and the bounds of its errors.
  func output(_ i: Int) -> (values: [Double], bounds: [Double]) {
    var values = [Double](repeating: 0, count: head)
    var sizes = values
    for j in 0..<seen(i) {
      for c in 0..<head {
        values[c] += p[i][j] * v[j][c]
        sizes[c] += p[i][j] * abs(v[j][c])
      }
    }
    let own = error(i) + Double(n) * singleRoundoff + e
    return (
      values, zip(values, sizes).map { 1e-30 + $1 * own + 1.01 * e * abs($0) }
    )
  }

  /// A gradient with the bounds of its errors, [n, head].
  struct Gradient {
    var values: [[Double]]
    var sizes: [[Double]]
    var errors: [[Double]]

    init(_ n: Int, _ head: Int) {
      values = Array(repeating: Array(repeating: 0, count: head), count: n)
      (sizes, errors) = (values, values)
    }

    /// row i += a b, a with an error.
    mutating func add(_ i: Int, _ a: Double, _ error: Double, _ b: [Double]) {
      for c in b.indices {
        values[i][c] += a * b[c]
        sizes[i][c] += abs(a * b[c])
        errors[i][c] += error * abs(b[c])
      }
    }

    /// The bounds where a sum of n terms is rounded to an activation.
    func bounds(_ n: Int, _ e: Double) -> [[Double]] {
      values.indices.map { i in
        values[i].indices.map { c in
          1e-30 + errors[i][c] + Double(n + 4) * singleRoundoff * sizes[i][c]
            + 1.01 * e * (abs(values[i][c]) + errors[i][c])
        }
      }
    }
  }

  /// The gradients by queries, keys and values.
  func gradients(_ dy: [[Double]]) -> [Gradient] {
    var (dq, dk, dv) = (
      Gradient(n, head), Gradient(n, head), Gradient(n, head)
    )
    let u = singleRoundoff
    for i in 0..<n {
      let all = 0..<seen(i)
      let dp = all.map { Self.dot(dy[i], v[$0]) }
      let dpErrors = all.map {
        Double(head + 2) * u * Self.dot(dy[i].map(abs), v[$0].map(abs))
      }
      let sum = Self.dot(p[i], dp)
      let size = Self.dot(p[i], dp.map(abs))
      let own = error(i)
      let sumError =
        size * (own + Double(n) * u) + Self.dot(p[i], dpErrors)
      for j in all {
        let ds = p[i][j] * (dp[j] - sum)
        let dsError =
          p[i][j]
          * ((own + 4 * u) * (abs(dp[j]) + abs(sum)) + dpErrors[j] + sumError)
          + e * abs(ds)
        dv.add(j, p[i][j], p[i][j] * (own + e), dy[i])
        dq.add(i, scale * ds, scale * dsError, k[j])
        dk.add(j, scale * ds, scale * dsError, q[i])
      }
    }
    return [dq, dk, dv]
  }
}
