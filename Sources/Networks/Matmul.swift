import CDNNL
import CKernels

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
  private let engine: ComputeEngine
  private let primitive: dnnl_primitive_t
  private let memories: [dnnl_memory_t]
  private let arguments: [dnnl_exec_arg_t]
  private let operands: [Operand]
  private let keepsDestination: Bool
  /// Float32 stand-ins for the bf16 operands, where they are emulated.
  private let standIns: [AlignedBuffer<Float>?]
  /// Brings plain weights into the packed order.
  private let packing: Reorder?
  /// The bytes of packed weights; 0 if the product takes plain ones.
  var packedSize: Int { packing?.size ?? 0 }

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
    _ engine: ComputeEngine, _ source: Operand, _ weights: Operand,
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
    var places = try MatmulPlaces(
      actual, bias: bias, addend: addend, isPacked: isPacked)
    let description = try places.describe(
      engine, MatmulAttributes(places, sum: sum, addend: addend, gelu: gelu))
    defer { dnnl_primitive_desc_destroy(description) }
    var created: dnnl_primitive_t?
    try check(
      dnnl_primitive_create(&created, description),
      "create the product \(places.shape)")
    guard let created else {
      throw NetworkError.oneDNN(operation: "create the product", status: -1)
    }
    primitive = created
    packing =
      isPacked
      ? try Reorder(
        engine, from: actual[1].descriptor(),
        to: places.takePackedWeights(description)) : nil
    (memories, arguments) = try places.memories(
      engine, addendIndex: sum == nil ? 0 : 1)
  }

  deinit {
    for memory in memories { dnnl_memory_destroy(memory) }
    dnnl_primitive_destroy(primitive)
  }

  /// Runs the product on the memory given, with the bias and the addend that
  /// it was prepared for.
  func run(
    _ source: UnsafeRawPointer, _ weights: UnsafeRawPointer,
    _ destination: UnsafeMutableRawPointer,
    _ bias: UnsafePointer<Float>? = nil, _ addend: UnsafePointer<Float>? = nil
  ) throws {
    try point(0, at: widened(source, operand: 0))
    try point(1, at: packing == nil ? widened(weights, operand: 1) : weights)
    let target: UnsafeMutableRawPointer
    if let standIn = standIns[2] {
      if keepsDestination || !isDense(operands[2]) {
        _ = widened(destination, operand: 2)
      }
      target = UnsafeMutableRawPointer(standIn.pointer)
    } else {
      target = destination
    }
    try point(2, at: target)
    if let bias { try point(3, at: bias) }
    if let addend { try point(4, at: addend) }
    try check(
      dnnl_primitive_execute(
        primitive, engine.stream, Int32(arguments.count), arguments),
      "multiply")
    if let standIn = standIns[2] {
      ck_bf16_from_f32(
        standIn.pointer, destination.assumingMemoryBound(to: UInt16.self),
        operands[2].span)
    }
  }

  /// Packs plain weights for ``run(_:_:_:_:_:)``; `packed` has ``packedSize``
  /// bytes.
  func pack(_ weights: UnsafeRawPointer, into packed: UnsafeMutableRawPointer)
    throws
  {
    try packing?.run(widened(weights, operand: 1), packed)
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

  private func point(_ index: Int, at pointer: UnsafeRawPointer) throws {
    try check(
      dnnl_memory_set_data_handle(
        memories[index], UnsafeMutableRawPointer(mutating: pointer)),
      "use an operand")
  }
}
