import CKernels
import CMatmul

/// A prepared product, destination = source · weights (+ bias) (+ addend)
/// (+ scale · destination), or GELU of that.
///
/// The primitive and its memory objects are made once; running it only points
/// them at the caller's memory. bf16 operands on a processor without bf16
/// products are widened into scratch memory and multiplied in Float32.
///
/// Weights that many products share can be packed once, into the order in which
/// the processor reads them; a product of plain weights packs them every time,
/// which costs more than a few rows of products.
final class Matmul {
  /// Kept alive: the product runs on it.
  private let engine: WorkerEngine
  private let product: OpaquePointer
  private let operands: [Operand]
  private let keepsDestination: Bool
  /// Float32 stand-ins for the bf16 operands, where they are emulated.
  private let standIns: [AlignedBuffer<Float>?]
  /// The bytes of packed weights; 0 if the product takes plain ones.
  var packedSize: Int { cm_product_packed_size(product) }

  /// Prepares a product.
  ///
  /// - Parameters:
  ///   - engine: where it runs.
  ///   - source: the left factor.
  ///   - weights: the right factor.
  ///   - destination: the product.
  ///   - bias: whether a Float32 bias, one for each column, is added.
  ///   - sum: the factor of the destination's previous content, if it is kept.
  ///   - addend: whether a Float32 array of the destination's shape is added.
  ///   - gelu: whether x Φ(x) of the product is taken at the end.
  ///   - isPacked: whether it takes weights that ``pack(_:into:)`` prepared.
  /// - Throws: ``NetworkError`` if oneDNN has no such product.
  init(
    _ engine: WorkerEngine, _ source: Operand, _ weights: Operand,
    _ destination: Operand, bias: Bool = false, sum: Float? = nil,
    addend: Bool = false, gelu: Bool = false, isPacked: Bool = false
  ) throws {
    self.engine = engine
    operands = [source, weights, destination]
    keepsDestination = sum != nil
    let emulated = !Precision.hasHardwareBF16
    standIns = operands.map {
      emulated && $0.precision == .bf16 ? AlignedBuffer(count: $0.span) : nil
    }
    let actual = emulated ? operands.map { $0.with(.f32) } : operands
    var description = cm_description(
      source: actual[0].forC, weights: actual[1].forC,
      destination: actual[2].forC, has_bias: bias ? 1 : 0,
      has_sum: sum == nil ? 0 : 1, sum: sum ?? 0, has_addend: addend ? 1 : 0,
      has_gelu: gelu ? 1 : 0, is_packed: isPacked ? 1 : 0)
    let shape = actual.map { "\($0.dimensions)" }.joined(separator: " ")
    let operation = "prepare the product \(shape) in \(actual[0].precision)"
    var product: OpaquePointer?
    try check(
      cm_product_create(&product, engine.handle, &description), operation)
    guard let product else {
      throw NetworkError.oneDNN(operation: operation, reason: "there is none")
    }
    self.product = product
  }

  deinit { cm_product_destroy(product) }

  /// Runs the product on the memory given, with the bias and the addend that
  /// it was prepared for.
  func run(
    _ source: UnsafeRawPointer, _ weights: UnsafeRawPointer,
    _ destination: UnsafeMutableRawPointer,
    _ bias: UnsafePointer<Float>? = nil, _ addend: UnsafePointer<Float>? = nil
  ) throws {
    let target: UnsafeMutableRawPointer
    if let standIn = standIns[2] {
      if keepsDestination || !isDense(operands[2]) {
        _ = widened(destination, operand: 2)
      }
      target = UnsafeMutableRawPointer(standIn.pointer)
    } else {
      target = destination
    }
    try check(
      cm_product_run(
        product, widened(source, operand: 0),
        packedSize == 0 ? widened(weights, operand: 1) : weights, target, bias,
        addend),
      "multiply")
    if let standIn = standIns[2] {
      ck_bf16_from_f32(
        standIn.pointer, destination.assumingMemoryBound(to: UInt16.self),
        operands[2].span)
    }
  }

  /// Whether another product reads the same packed weights.
  func packsAs(_ other: Matmul) -> Bool {
    cm_product_packs_as(product, other.product) != 0
  }

  /// Packs plain weights for ``run(_:_:_:_:_:)``; `packed` has ``packedSize``
  /// bytes.
  ///
  /// Several threads may pack at once.
  func pack(_ weights: UnsafeRawPointer, into packed: UnsafeMutableRawPointer)
    throws
  {
    guard standIns[1] != nil else {
      return try check(
        cm_product_pack(product, weights, packed), "pack weights")
    }
    let wide = AlignedBuffer<Float>(count: operands[1].span)
    ck_f32_from_bf16(
      weights.assumingMemoryBound(to: UInt16.self), wide.pointer, wide.count)
    try check(
      cm_product_pack(product, wide.pointer, packed), "pack weights")
  }

  private func isDense(_ operand: Operand) -> Bool {
    operand.span == operand.dimensions.reduce(1, *)
  }

  private func widened(_ pointer: UnsafeRawPointer, operand: Int)
    -> UnsafeRawPointer
  {
    guard let standIn = standIns[operand] else { return pointer }
    ck_f32_from_bf16(
      pointer.assumingMemoryBound(to: UInt16.self), standIn.pointer,
      operands[operand].span)
    return UnsafeRawPointer(standIn.pointer)
  }
}
