/// The element types of safetensors that the workbench knows.
public enum DType: String, CaseIterable, Sendable {
  case F64, F32, F16, BF16, I64, I32, I16, I8, U64, U32, U16, U8, BOOL

  /// The bytes of one element.
  public var size: Int {
    switch self {
    case .F64, .I64, .U64: 8
    case .F32, .I32, .U32: 4
    case .F16, .BF16, .I16, .U16: 2
    case .I8, .U8, .BOOL: 1
    }
  }
}

/// A tensor as the header of a file describes it.
public struct TensorInfo: Sendable, Equatable {
  public let name: String
  public let dtype: DType
  /// Row-major dimensions; none for a scalar.
  public let shape: [Int]
  /// Where its bytes lie, counted from the end of the header.
  public let byteRange: Range<Int>

  /// The number of elements.
  public var count: Int { byteRange.count / dtype.size }
}

/// bfloat16, the upper half of a Float32.
public enum BFloat16 {
  /// The nearest bfloat16, ties to even; a NaN stays one.
  public static func bits(_ value: Float) -> UInt16 {
    if value.isNaN { return UInt16(value.bitPattern >> 16) | 0x40 }
    let pattern = value.bitPattern
    let rounded = UInt64(pattern) + 0x7fff + UInt64((pattern >> 16) & 1)
    return UInt16(truncatingIfNeeded: rounded >> 16)
  }

  /// The value of a pattern.
  public static func float(_ bits: UInt16) -> Float {
    Float(bitPattern: UInt32(bits) << 16)
  }
}
