import CMatmul

/// An operand of a product: its element type, dimensions and strides (in
/// elements).
struct Operand {
  var precision: Precision
  var dimensions: [Int]
  var strides: [Int]

  /// A dense row-major matrix, or a stack of them.
  init(_ precision: Precision, _ dimensions: Int...) {
    self.precision = precision
    self.dimensions = dimensions
    strides = Array(repeating: 1, count: dimensions.count)
    for axis in dimensions.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * dimensions[axis + 1]
    }
  }

  /// The same memory read with its last two axes exchanged.
  var transposed: Operand {
    var result = self
    let last = dimensions.count - 1
    result.dimensions.swapAt(last, last - 1)
    result.strides.swapAt(last, last - 1)
    return result
  }

  /// The same shape and strides at another precision.
  func with(_ precision: Precision) -> Operand {
    var result = self
    result.precision = precision
    return result
  }

  /// The elements from the first to the last.
  var span: Int {
    zip(dimensions, strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 }
  }

  /// The same for C.
  var forC: cm_operand {
    cm_operand_make(
      precision == .bf16 ? 1 : 0, Int32(clamping: dimensions.count),
      dimensions.map(Int64.init), strides.map(Int64.init))
  }
}
