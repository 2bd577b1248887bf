import CDNNL
import CKernels

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

  /// The elements from the first to the last.
  var span: Int {
    zip(dimensions, strides).reduce(1) { $0 + ($1.0 - 1) * $1.1 }
  }

  /// oneDNN's description; of an opaque operand it chooses the elements' order.
  func descriptor(isOpaque: Bool = false) throws -> dnnl_memory_desc_t {
    var result = dnnl_memory_desc_t()
    if isOpaque {
      try check(
        dnnl_memory_desc_init_by_tag(
          &result, Int32(dimensions.count), dimensions.map(dnnl_dim_t.init),
          precision == .bf16 ? dnnl_bf16 : dnnl_f32, dnnl_format_tag_any),
        "describe an operand of shape \(dimensions)")
      return result
    }
    try check(
      dnnl_memory_desc_init_by_strides(
        &result, Int32(dimensions.count), dimensions.map(dnnl_dim_t.init),
        precision == .bf16 ? dnnl_bf16 : dnnl_f32,
        strides.map(dnnl_dim_t.init)),
      "describe an operand of shape \(dimensions)")
    return result
  }
}

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
  private var arguments: [dnnl_exec_arg_t]
  private let operands: [Operand]
  private let keepsDestination: Bool
  /// Float32 stand-ins for the bf16 operands, where they are emulated.
  private var standIns: [AlignedBuffer<Float>?]
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
    var actual = operands
    if emulated {
      for index in actual.indices { actual[index].precision = .f32 }
    }
    var descriptors = try actual.map { try $0.descriptor() }
    let columns = destination.dimensions[destination.dimensions.count - 1]
    var biasShape = destination
    biasShape.precision = .f32
    for axis in biasShape.dimensions.indices.dropLast() {
      biasShape.dimensions[axis] = 1
      biasShape.strides[axis] = columns
    }
    var biasDescriptor = try biasShape.descriptor()
    var addendShape = destination
    addendShape.precision = .f32
    var addendDescriptor = try addendShape.descriptor()

    var postOperations: dnnl_post_ops_t?
    try check(dnnl_post_ops_create(&postOperations), "create post-operations")
    defer { dnnl_post_ops_destroy(postOperations) }
    if let sum {
      try check(dnnl_post_ops_append_sum(postOperations, sum), "append a sum")
    }
    if addend {
      try check(
        dnnl_post_ops_append_binary(
          postOperations, dnnl_binary_add, &addendDescriptor),
        "append an addition")
    }
    if gelu {
      try check(
        dnnl_post_ops_append_eltwise(
          postOperations, 1, dnnl_eltwise_gelu_erf, 0, 0),
        "append GELU")
    }
    var attributes: dnnl_primitive_attr_t?
    try check(dnnl_primitive_attr_create(&attributes), "create attributes")
    defer { dnnl_primitive_attr_destroy(attributes) }
    try check(
      dnnl_primitive_attr_set_post_ops(attributes, postOperations),
      "set post-operations")

    let shape = operands.map { "\($0.dimensions)" }.joined(separator: " ")
    let plainWeights = descriptors[1]
    if isPacked { descriptors[1] = try actual[1].descriptor(isOpaque: true) }
    var operation = dnnl_matmul_desc_t()
    try check(
      withUnsafePointer(to: &biasDescriptor) {
        dnnl_matmul_desc_init(
          &operation, &descriptors[0], &descriptors[1], bias ? $0 : nil,
          &descriptors[2])
      },
      "describe the product \(shape)")
    var primitiveDescriptor: dnnl_primitive_desc_t?
    try check(
      withUnsafeBytes(of: &operation) {
        dnnl_primitive_desc_create(
          &primitiveDescriptor, $0.baseAddress, attributes, engine.handle, nil)
      },
      "prepare the product \(shape) in \(source.precision)")
    defer { dnnl_primitive_desc_destroy(primitiveDescriptor) }
    var created: dnnl_primitive_t?
    try check(
      dnnl_primitive_create(&created, primitiveDescriptor),
      "create the product \(shape)")
    guard let created else {
      throw NetworkError.oneDNN(operation: "create the product", status: -1)
    }
    primitive = created
    if isPacked {
      guard
        let chosen = dnnl_primitive_desc_query_md(
          primitiveDescriptor, dnnl_query_weights_md, 0)
      else {
        throw NetworkError.oneDNN(operation: "pack weights", status: -1)
      }
      descriptors[1] = chosen.pointee
      packing = try Reorder(engine, from: plainWeights, to: chosen.pointee)
    } else {
      packing = nil
    }

    var all = [
      (DNNL_ARG_SRC, descriptors[0]), (DNNL_ARG_WEIGHTS, descriptors[1]),
      (DNNL_ARG_DST, descriptors[2]),
    ]
    if bias { all.append((DNNL_ARG_BIAS, biasDescriptor)) }
    if addend {
      let index: Int32 = sum == nil ? 1 : 2
      all.append(((16384 * index) | DNNL_ARG_SRC_1, addendDescriptor))
    }
    var memories: [dnnl_memory_t] = []
    var arguments: [dnnl_exec_arg_t] = []
    for (argument, descriptor) in all {
      var descriptor = descriptor
      var memory: dnnl_memory_t?
      try check(
        dnnl_memory_create(&memory, &descriptor, engine.handle, nil),
        "create memory")
      if let memory { memories.append(memory) }
      arguments.append(dnnl_exec_arg_t(arg: argument, memory: memory))
    }
    self.memories = memories
    self.arguments = arguments
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
