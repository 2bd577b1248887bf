import CKernels
import Networks
import Testing

/// Attention against its definition, entry by entry, within bounds that follow
/// from the arithmetic.
@Suite(.serialized)
struct AttentionKernelTests {
  private static let shapes = [
    (n: 1, head: 3, heads: 1), (n: 7, head: 5, heads: 1),
    (n: 33, head: 8, heads: 2), (n: 65, head: 4, heads: 8),
    (n: 96, head: 33, heads: 2), (n: 64, head: 16, heads: 8),
  ]
  private let samples = 3

  /// The rows of one sample's and head's part of an array.
  private func rows(
    _ values: [Double], _ n: Int, pitch: Int, at offset: Int, _ head: Int
  ) -> [[Double]] {
    (0..<n).map { i in
      Array(values[(offset + i * pitch)..<(offset + i * pitch + head)])
    }
  }

  @Test(arguments: shapes, Precision.allCases)
  func itIsItsDefinition(
    _ shape: (n: Int, head: Int, heads: Int), _ precision: Precision
  ) {
    for causal in [false, true] { check(shape, precision, causal: causal) }
  }

  private func check(
    _ shape: (n: Int, head: Int, heads: Int), _ precision: Precision,
    causal: Bool
  ) {
    let (n, head, heads) = shape
    let width = head * heads
    let qkv = Activations(
      precision, scrambled(samples * n * 3 * width, 1, size: 2))
    let dout = Activations(precision, scrambled(samples * n * width, 2))
    let out = Activations(precision, count: samples * n * width)
    let gradient = Activations(precision, count: samples * n * 3 * width)
    var lse = [Float](repeating: .nan, count: samples * heads * n)
    var scratch = [Float](
      repeating: 0, count: ck_attention_scratch(n, width, heads))
    let flag: Int32 = causal ? 1 : 0
    switch precision {
    case .f32:
      for rows in parts(n) {
        ck_attention_forward_f32(
          qkv.floats, out.floats, &lse, &scratch, samples, n, width, heads,
          rows.lowerBound, rows.count, flag)
      }
      ck_attention_backward_f32(
        qkv.floats, lse, dout.floats, gradient.floats, &scratch, samples, n,
        width, heads, flag)
    case .bf16:
      for rows in parts(n) {
        ck_attention_forward_bf16(
          qkv.halves, out.halves, &lse, &scratch, samples, n, width, heads,
          rows.lowerBound, rows.count, flag)
      }
      ck_attention_backward_bf16(
        qkv.halves, lse, dout.halves, gradient.halves, &scratch, samples, n,
        width, heads, flag)
    }
    let results = Results(
      inputs: qkv.values, given: dout.values, out: out.values,
      lse: lse.map(Double.init), gradient: gradient.values)
    for sample in 0..<samples {
      for h in 0..<heads {
        compare(results, shape, precision, causal, sample, h)
      }
    }
  }

  /// The queries in two calls, where there are enough.
  private func parts(_ n: Int) -> [Range<Int>] {
    n < 7 ? [0..<n] : [0..<(n / 3), (n / 3)..<n]
  }

  private struct Results {
    let inputs: [Double]
    let given: [Double]
    let out: [Double]
    let lse: [Double]
    let gradient: [Double]
  }

  private func compare(
    _ results: Results, _ shape: (n: Int, head: Int, heads: Int),
    _ precision: Precision, _ causal: Bool, _ sample: Int, _ h: Int
  ) {
    let (n, head, heads) = shape
    let width = head * heads
    func parts(_ values: [Double]) -> [[[Double]]] {
      (0..<3).map {
        rows(
          values, n, pitch: 3 * width,
          at: sample * n * 3 * width + $0 * width + h * head, head)
      }
    }
    let place = sample * n * width + h * head
    let qkv = parts(results.inputs)
    let reference = AttentionReference(
      precision, q: qkv[0], k: qkv[1], v: qkv[2], causal: causal)
    let label = "\(shape) \(precision) causal \(causal)"
    let first = (sample * heads + h) * n
    #expect(
      worstError(
        Array(results.lse[first..<(first + n)]), reference.lse,
        bounds: reference.lseBounds) <= 1, "\(label): lse")
    let out = rows(results.out, n, pitch: width, at: place, head)
    for i in 0..<n {
      let (values, bounds) = reference.output(i)
      let worst = worstError(out[i], values, bounds: bounds)
      #expect(worst <= 1, "\(label): output \(i)")
    }
    let gradients = reference.gradients(
      rows(results.given, n, pitch: width, at: place, head))
    for (part, name) in ["queries", "keys", "values"].enumerated() {
      let found = parts(results.gradient)[part]
      let bounds = gradients[part].bounds(
        n, precision.roundoff)
      let worst = worstError(
        found.flatMap { $0 }, gradients[part].values.flatMap { $0 },
        bounds: bounds.flatMap { $0 })
      #expect(worst <= 1, "\(label): \(name)")
    }
  }
}
