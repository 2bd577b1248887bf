import CDNNL

/// oneDNN's descriptions of everything that a product reads and writes.
struct MatmulPlaces {
  /// Source, weights and destination.
  private var operands: [dnnl_memory_desc_t]
  /// A Float32 number for each column.
  private let bias: dnnl_memory_desc_t
  /// A Float32 array of the destination's shape.
  let addend: dnnl_memory_desc_t
  private let hasBias: Bool
  private let hasAddend: Bool
  private let precision: Precision
  /// The operands' dimensions, for messages.
  let shape: String

  /// Describes the operands; packed weights are of the order that the processor
  /// reads fastest.
  init(_ operands: [Operand], bias: Bool, addend: Bool, isPacked: Bool) throws {
    let destination = operands[2].with(.f32)
    var columns = destination
    for axis in columns.dimensions.indices.dropLast() {
      columns.dimensions[axis] = 1
      columns.strides[axis] = columns.dimensions[columns.dimensions.count - 1]
    }
    self.bias = try columns.descriptor()
    self.addend = try destination.descriptor()
    self.operands = try operands.enumerated().map { index, operand in
      try operand.descriptor(isOpaque: isPacked && index == 1)
    }
    hasBias = bias
    hasAddend = addend
    precision = operands[0].precision
    shape = operands.map { "\($0.dimensions)" }.joined(separator: " ")
  }

  /// The description of the product; the caller destroys it.
  mutating func describe(
    _ engine: ComputeEngine, _ attributes: MatmulAttributes
  ) throws -> dnnl_primitive_desc_t? {
    var bias = bias
    var operation = dnnl_matmul_desc_t()
    try check(
      withUnsafePointer(to: &bias) {
        dnnl_matmul_desc_init(
          &operation, &operands[0], &operands[1], hasBias ? $0 : nil,
          &operands[2])
      },
      "describe the product \(shape)")
    var result: dnnl_primitive_desc_t?
    try check(
      withUnsafeBytes(of: &operation) {
        dnnl_primitive_desc_create(
          &result, $0.baseAddress, attributes.handle, engine.handle, nil)
      },
      "prepare the product \(shape) in \(precision)")
    return result
  }

  /// Takes over the order of weights that oneDNN chose.
  mutating func takePackedWeights(_ description: dnnl_primitive_desc_t?) throws
    -> dnnl_memory_desc_t
  {
    guard
      let chosen = dnnl_primitive_desc_query_md(
        description, dnnl_query_weights_md, 0)
    else { throw NetworkError.oneDNN(operation: "pack weights", status: -1) }
    operands[1] = chosen.pointee
    return chosen.pointee
  }

  /// Memory objects for all places, in the order source, weights, destination,
  /// bias, addend, and the arguments that name them.
  ///
  /// - Parameters:
  ///   - engine: where the product runs.
  ///   - addendIndex: the addend's place among the post-operations.
  /// - Returns: the memory objects, and the arguments.
  /// - Throws: ``NetworkError`` if oneDNN has no memory for them.
  func memories(_ engine: ComputeEngine, addendIndex: Int32) throws
    -> (memories: [dnnl_memory_t], arguments: [dnnl_exec_arg_t])
  {
    var places = [
      (DNNL_ARG_SRC, operands[0]), (DNNL_ARG_WEIGHTS, operands[1]),
      (DNNL_ARG_DST, operands[2]),
    ]
    if hasBias { places.append((DNNL_ARG_BIAS, bias)) }
    if hasAddend {
      // DNNL_ARG_ATTR_MULTIPLE_POST_OP, a macro with an argument.
      places.append(((16384 * (addendIndex + 1)) | DNNL_ARG_SRC_1, addend))
    }
    var memories: [dnnl_memory_t] = []
    var arguments: [dnnl_exec_arg_t] = []
    for (argument, descriptor) in places {
      var descriptor = descriptor
      var memory: dnnl_memory_t?
      try check(
        dnnl_memory_create(&memory, &descriptor, engine.handle, nil),
        "create memory")
      if let memory { memories.append(memory) }
      arguments.append(dnnl_exec_arg_t(arg: argument, memory: memory))
    }
    return (memories, arguments)
  }
}

/// What happens to a product before it is stored.
final class MatmulAttributes {
  private(set) var handle: dnnl_primitive_attr_t?

  /// Adds `sum` times the destination's previous content, then the addend, then
  /// takes GELU, as far as they are wanted.
  init(_ places: MatmulPlaces, sum: Float?, addend: Bool, gelu: Bool) throws {
    var operations: dnnl_post_ops_t?
    try check(dnnl_post_ops_create(&operations), "create post-operations")
    defer { dnnl_post_ops_destroy(operations) }
    if let sum {
      try check(dnnl_post_ops_append_sum(operations, sum), "append a sum")
    }
    if addend {
      var descriptor = places.addend
      try check(
        dnnl_post_ops_append_binary(operations, dnnl_binary_add, &descriptor),
        "append an addition")
    }
    if gelu {
      try check(
        dnnl_post_ops_append_eltwise(
          operations, 1, dnnl_eltwise_gelu_erf, 0, 0),
        "append GELU")
    }
    try check(dnnl_primitive_attr_create(&handle), "create attributes")
    try check(
      dnnl_primitive_attr_set_post_ops(handle, operations),
      "set post-operations")
  }

  deinit { dnnl_primitive_attr_destroy(handle) }
}
