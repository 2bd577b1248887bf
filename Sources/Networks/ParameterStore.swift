import CKernels

/// A network's parameters and gradients, and what its products read of them.
final class ParameterStore {
  let layout: ParameterLayout
  let parameters: AlignedBuffer<Float>
  /// Empty for inference.
  let gradients: AlignedBuffer<Float>
  /// Counts the changes, so that packed weights can tell whether they are old.
  private(set) var version = 0
  private let halves: AlignedBuffer<UInt16>?

  init(_ layout: ParameterLayout, precision: Precision, isTraining: Bool) {
    self.layout = layout
    parameters = AlignedBuffer(count: layout.length)
    gradients = AlignedBuffer(count: isTraining ? layout.length : 0)
    halves = precision == .bf16 ? AlignedBuffer(count: layout.length) : nil
  }

  /// Takes note of new parameters.
  func parametersChanged(_ engine: ComputeEngine) {
    version += 1
    guard let halves else { return }
    engine.activate()
    ck_bf16_from_f32(parameters.pointer, halves.pointer, layout.length)
  }

  /// A parameter tensor as Float32.
  func parameter(_ offset: Int) -> UnsafePointer<Float> {
    UnsafePointer(parameters.pointer + offset)
  }

  func gradient(_ offset: Int) -> UnsafeMutablePointer<Float> {
    gradients.pointer + offset
  }

  /// A weight matrix at the precision of the products.
  func weights(_ offset: Int) -> UnsafeRawPointer {
    if let halves { return UnsafeRawPointer(halves.pointer + offset) }
    return UnsafeRawPointer(parameters.pointer + offset)
  }
}
