import CMatmul

/// The arithmetic of the matrix products.
public enum Precision: String, CaseIterable, Sendable {
  /// Float32 throughout.
  case f32
  /// bfloat16 operands and activations; sums, residual stream, master
  /// weights, gradients and optimiser state stay Float32.
  case bf16

  /// Whether this processor multiplies bfloat16 in hardware.
  ///
  /// Elsewhere bf16 rounds the same operands and multiplies them in Float32:
  /// the same arithmetic, without the speed.
  public static var hasHardwareBF16: Bool { cm_has_bf16() != 0 }

  /// The bytes of one activation.
  var stride: Int { self == .bf16 ? 2 : 4 }
}
