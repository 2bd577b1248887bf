import CKernels
import Foundation
import Networks
import Testing

/// The kernels of the layers against straightforward sums in Float64, within
/// bounds that follow from the arithmetic: m roundoffs for a sum of m terms.
@Suite(.serialized)
struct LayerKernelTests {
  private static let shapes = [
    (rows: 1, width: 1), (rows: 5, width: 7), (rows: 65, width: 33),
    (rows: 700, width: 48), (rows: 96, width: 300),
  ]
  private let u = singleRoundoff

  // MARK: Layer norm

  /// A row's mean, 1/√(var + 10⁻⁵) and normalised entries.
  private func normal(_ x: [Double]) -> (
    mean: Double, rstd: Double, values: [Double]
  ) {
    let width = Double(x.count)
    let mean = x.reduce(0, +) / width
    let variance = x.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / width
    let rstd = 1 / (variance + 1e-5).squareRoot()
    return (mean, rstd, x.map { ($0 - mean) * rstd })
  }

  @Test(arguments: shapes, Precision.allCases)
  func layerNormIsItsDefinition(
    _ shape: (rows: Int, width: Int), _ precision: Precision
  ) {
    let (rows, width) = shape
    let x = scrambled(rows * width, 1, size: 3)
    let (weight, bias) = (scrambled(width, 2), scrambled(width, 3))
    let y = Activations(precision, count: rows * width)
    var mean = [Float](repeating: .nan, count: rows)
    var rstd = mean
    switch precision {
    case .f32:
      ck_layer_norm_forward_f32(
        x, weight, bias, y.floats, &mean, &rstd, rows, width)
    case .bf16:
      ck_layer_norm_forward_bf16(
        x, weight, bias, y.halves, &mean, &rstd, rows, width)
    }
    let c = Double(width + 8) * u
    var (expected, bounds): ([Double], [Double]) = ([], [])
    for i in 0..<rows {
      let own = x[(i * width)..<((i + 1) * width)].map(Double.init)
      let right = normal(own)
      #expect(abs(Double(mean[i]) - right.mean) <= 3 * c)
      #expect(
        abs(Double(rstd[i]) / right.rstd - 1) <= c * (1 + 3 * right.rstd))
      for j in 0..<width {
        let (w, b) = (Double(weight[j]), Double(bias[j]))
        let value = right.values[j] * w + b
        expected.append(value)
        bounds.append(
          1e-30 + 4 * c * abs(w)
            * (3 * right.rstd + abs(right.values[j]) * (1 + 3 * right.rstd))
            + 4 * u * (abs(value) + abs(b)) + precision.roundoff * abs(value))
      }
    }
    #expect(worstError(y.values, expected, bounds: bounds) <= 1)
  }

  @Test(arguments: shapes.dropFirst(), Precision.allCases)
  func layerNormBackwardIsTheDerivative(
    _ shape: (rows: Int, width: Int), _ precision: Precision
  ) {
    let (rows, width) = shape
    let x = scrambled(rows * width, 1, size: 3)
    let weight = scrambled(width, 2)
    let dy = Activations(precision, scrambled(rows * width, 4))
    let before = scrambled(rows * width, 5)
    var dx = before
    let copy = Activations(precision, count: rows * width)
    var dweight = [Float](repeating: .nan, count: width)
    var dbias = dweight
    let normals = (0..<rows).map { i in
      normal(x[(i * width)..<((i + 1) * width)].map(Double.init))
    }
    let mean = normals.map { Float($0.mean) }
    let rstd = normals.map { Float($0.rstd) }
    switch precision {
    case .f32:
      ck_layer_norm_backward_f32(
        dy.floats, x, weight, mean, rstd, &dx, copy.floats, &dweight, &dbias,
        rows, width)
    case .bf16:
      ck_layer_norm_backward_bf16(
        dy.halves, x, weight, mean, rstd, &dx, copy.halves, &dweight, &dbias,
        rows, width)
    }
    let right = gradients(
      dy.values, normals.map(\.values), normals.map(\.rstd), weight, before
    )
    #expect(worst(dx.map(Double.init), right.dx) <= 1)
    #expect(worst(dweight.map(Double.init), right.dweight) <= 1)
    #expect(worst(dbias.map(Double.init), right.dbias) <= 1)
    let rounded = Activations(precision, dx)
    #expect(copy.values == rounded.values)
  }

  private typealias Bounded = (values: [Double], bounds: [Double])

  private func worst(_ found: [Double], _ right: Bounded) -> Double {
    worstError(found, right.values, bounds: right.bounds)
  }

  private func gradients(
    _ dy: [Double], _ normal: [[Double]], _ rstd: [Double], _ weight: [Float],
    _ before: [Float]
  ) -> (dx: Bounded, dweight: Bounded, dbias: Bounded) {
    let (rows, width) = (normal.count, weight.count)
    var dx: Bounded = ([], [])
    var dweight: Bounded = (
      Array(repeating: 0, count: width), Array(repeating: 1e-30, count: width)
    )
    var dbias = dweight
    let (m, r) = (Double(width + 12) * u, Double(rows + 12) * u)
    for i in 0..<rows {
      let own = dy[(i * width)..<((i + 1) * width)]
      let g = zip(own, weight).map { $0 * Double($1) }
      let products = zip(g, normal[i]).map { $0 * $1 }
      let sum = g.reduce(0, +) / Double(width)
      let product = products.reduce(0, +) / Double(width)
      // The sizes that each difference is made of; a normalised entry itself
      // has an error of a few roundoffs of |x| rstd.
      let shift = 1 + 6 * rstd[i]
      let (sumSize, productSize) = (
        g.reduce(0) { $0 + abs($1) } / Double(width),
        products.reduce(0) { $0 + abs($1) } / Double(width)
          + 6 * rstd[i] * g.reduce(0) { $0 + abs($1) } / Double(width)
      )
      for (j, gradient) in own.enumerated() {
        let z = normal[i][j]
        let start = Double(before[i * width + j])
        let change = rstd[i] * (g[j] - sum - z * product)
        let size =
          rstd[i]
          * (abs(g[j]) + sumSize + (abs(z) + shift) * (productSize + sumSize))
        dx.values.append(start + change)
        dx.bounds.append(m * size + 2 * u * (abs(start) + abs(change)))
        dweight.values[j] += gradient * z
        dweight.bounds[j] += r * abs(gradient) * (abs(z) + shift)
        dbias.values[j] += gradient
        dbias.bounds[j] += r * abs(gradient)
      }
    }
    return (dx, dweight, dbias)
  }

  // MARK: GELU

  @Test(arguments: [1, 7, 4099, 30_001], Precision.allCases)
  func geluIsItsDefinitionAtAnyLength(_ count: Int, _ precision: Precision) {
    let given = Activations(precision, scrambled(count, 6, size: 9))
    let x = given.copy()
    let y = Activations(precision, count: count)
    switch precision {
    case .f32: ck_gelu_forward_f32(x.floats, y.floats, count)
    case .bf16: ck_gelu_forward_bf16(x.halves, y.halves, count)
    }
    var values: Bounded = ([], [])
    var slopes = values
    let e = 1.01 * precision.roundoff
    for t in given.values {
      let probability = 0.5 * erfc(-t / 2.0.squareRoot())
      let density = exp(-t * t / 2) / (2 * Double.pi).squareRoot()
      let slope = probability + t * density
      // What ElementaryFunctionTests hold of both functions.
      let error = 6e-7 + 0x1p-25 * t * t + 4 * u
      values.values.append(t * probability)
      values.bounds.append(1e-30 + abs(t * probability) * (error + e))
      slopes.values.append(slope)
      slopes.bounds.append(
        1e-30 + error * (probability + abs(t) * density) + e * abs(slope))
    }
    #expect(worst(y.values, values) <= 1)
    #expect(worst(x.values, slopes) <= 1)
  }

  @Test(arguments: shapes, Precision.allCases)
  func productsAreRoundedOnceAndSummed(
    _ shape: (rows: Int, width: Int), _ precision: Precision
  ) {
    let (rows, width) = shape
    let a = Activations(precision, scrambled(rows * width, 1))
    let b = Activations(precision, scrambled(rows * width, 2))
    let product = a.copy()
    var sum = [Float](repeating: .nan, count: width)
    switch precision {
    case .f32:
      ck_gelu_backward_f32(product.floats, b.floats, &sum, rows, width)
    case .bf16:
      ck_gelu_backward_bf16(product.halves, b.halves, &sum, rows, width)
    }
    let right = zip(a.values, b.values).map { Float($0) * Float($1) }
    #expect(product.values == Activations(precision, right).values)
    expectColumnSums(sum, of: product.values, rows: rows)
  }

  // MARK: Sums and the decoder

  @Test(arguments: shapes, Precision.allCases)
  func columnSumsAreSums(
    _ shape: (rows: Int, width: Int), _ precision: Precision
  ) {
    let (rows, width) = shape
    let x = Activations(precision, scrambled(rows * width, 7))
    var sum = [Float](repeating: .nan, count: width)
    switch precision {
    case .f32: ck_column_sum_f32(x.floats, &sum, rows, width)
    case .bf16: ck_column_sum_bf16(x.halves, &sum, rows, width)
    }
    expectColumnSums(sum, of: x.values, rows: rows)
  }

  private func expectColumnSums(
    _ sum: [Float], of values: [Double], rows: Int
  ) {
    for j in sum.indices {
      let column = (0..<rows).map { values[$0 * sum.count + j] }
      let size = column.reduce(0) { $0 + abs($1) }
      #expect(
        abs(Double(sum[j]) - column.reduce(0, +))
          <= Double(rows + 4) * u * size)
    }
  }

  @Test(arguments: shapes, Precision.allCases)
  func theDecoderIsALinearMap(
    _ shape: (rows: Int, width: Int), _ precision: Precision
  ) {
    for fields in [1, 3] { decode(shape, fields, precision) }
  }

  /// One sample of `rows` tokens, of which some numbers are said.
  private func decode(
    _ shape: (rows: Int, width: Int), _ fields: Int, _ precision: Precision
  ) {
    let (rows, width) = shape
    let h = Activations(precision, scrambled(rows * width, 8))
    let weight = scrambled(fields * width, 9)
    let bias = [Float](scrambled(fields, 11))
    let dy = scrambled(fields * rows, 10)
    var y = [Float](repeating: .nan, count: fields * rows)
    let dh = Activations(precision, count: rows * width)
    var dweight = [Float](repeating: .nan, count: fields * width)
    var dbias = [Float](repeating: .nan, count: fields)
    switch precision {
    case .f32:
      ck_decode_forward_f32(
        h.floats, weight, bias, &y, rows, width, fields, rows)
      ck_decode_backward_f32(
        h.floats, weight, dy, dh.floats, &dweight, &dbias, rows, width, fields,
        rows)
    case .bf16:
      ck_decode_forward_bf16(
        h.halves, weight, bias, &y, rows, width, fields, rows)
      ck_decode_backward_bf16(
        h.halves, weight, dy, dh.halves, &dweight, &dbias, rows, width, fields,
        rows)
    }
    let values = h.values
    func isRight(_ found: Double, _ terms: [Double]) -> Bool {
      abs(found - terms.reduce(0, +))
        <= Double(terms.count + 6) * u * terms.reduce(0) { $0 + abs($1) }
    }
    for f in 0..<fields {
      for i in 0..<rows {
        let terms = (0..<width).map {
          values[i * width + $0] * Double(weight[f * width + $0])
        }
        #expect(isRight(Double(y[f * rows + i]), [Double(bias[f])] + terms))
      }
      for j in 0..<width {
        let terms = (0..<rows).map {
          values[$0 * width + j] * Double(dy[f * rows + $0])
        }
        #expect(isRight(Double(dweight[f * width + j]), terms))
      }
      let own = dy[(f * rows)..<((f + 1) * rows)].map(Double.init)
      #expect(isRight(Double(dbias[f]), own))
    }
    let outer = (0..<rows).flatMap { i in
      (0..<width).map { j in
        (0..<fields).reduce(Float(0)) {
          $0 + dy[$1 * rows + i] * weight[$1 * width + j]
        }
      }
    }
    let expected = Activations(precision, outer).values
    let step = precision == .bf16 ? 0.01 : 1e-5
    #expect(
      zip(dh.values, expected).allSatisfy {
        abs($0 - $1) <= step * max(1, abs($1))
      })
  }

  // MARK: Positions and the loss

  @Test func positionsAreAddedAndTheirGradientsSummed() {
    let (samples, n, width) = (5, 33, 40)
    let x = scrambled(samples * n * width, 1)
    let position = scrambled(n * width, 2)
    var sum = x
    ck_add_position(&sum, position, samples, n, width)
    let stride = n * width
    #expect(
      sum == x.indices.map { x[$0] + position[$0 % stride] })
    var gradient = [Float](repeating: .nan, count: stride)
    ck_position_gradient(x, &gradient, samples, n, width)
    for i in 0..<stride {
      let terms = (0..<samples).map { Double(x[$0 * stride + i]) }
      #expect(
        abs(Double(gradient[i]) - terms.reduce(0, +))
          <= Double(samples) * u * terms.reduce(0) { $0 + abs($1) })
    }
  }

  @Test func theSquaredErrorIsItsDefinition() {
    let (y, target) = (scrambled(1001, 1), scrambled(1001, 2))
    var dy = [Float](repeating: .nan, count: 1001)
    let sum = ck_squared_error(y, target, &dy, 0.25, 1001)
    let differences = zip(y, target).map { $0 - $1 }
    let right = differences.reduce(0) { $0 + Double($1) * Double($1) }
    #expect(abs(sum / right - 1) < 1e-12)
    #expect(dy == differences.map { 0.25 * $0 })
    #expect(ck_squared_error(y, target, nil, 0.25, 1001) == sum)
  }
}
