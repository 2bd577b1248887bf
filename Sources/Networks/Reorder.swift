import CDNNL

/// A prepared copy from one order of elements to another.
final class Reorder {
  /// The bytes of the destination.
  let size: Int
  private let engine: ComputeEngine
  private let primitive: dnnl_primitive_t
  private let source: dnnl_memory_t
  private let destination: dnnl_memory_t

  init(
    _ engine: ComputeEngine, from plain: dnnl_memory_desc_t,
    to packed: dnnl_memory_desc_t
  ) throws {
    self.engine = engine
    var plain = plain
    var packed = packed
    size = dnnl_memory_desc_get_size(&packed)
    var description: dnnl_primitive_desc_t?
    try check(
      dnnl_reorder_primitive_desc_create(
        &description, &plain, engine.handle, &packed, engine.handle, nil),
      "prepare a reorder")
    defer { dnnl_primitive_desc_destroy(description) }
    var primitive: dnnl_primitive_t?
    try check(
      dnnl_primitive_create(&primitive, description), "create a reorder")
    var source: dnnl_memory_t?
    var destination: dnnl_memory_t?
    try check(
      dnnl_memory_create(&source, &plain, engine.handle, nil), "create memory")
    try check(
      dnnl_memory_create(&destination, &packed, engine.handle, nil),
      "create memory")
    guard let primitive, let source, let destination else {
      throw NetworkError.oneDNN(operation: "create a reorder", status: -1)
    }
    self.primitive = primitive
    self.source = source
    self.destination = destination
  }

  deinit {
    dnnl_memory_destroy(source)
    dnnl_memory_destroy(destination)
    dnnl_primitive_destroy(primitive)
  }

  func run(_ from: UnsafeRawPointer, _ to: UnsafeMutableRawPointer) throws {
    try check(
      dnnl_memory_set_data_handle(
        source, UnsafeMutableRawPointer(mutating: from)),
      "use an operand")
    try check(
      dnnl_memory_set_data_handle(destination, to), "use an operand")
    let arguments = [
      dnnl_exec_arg_t(arg: DNNL_ARG_FROM, memory: source),
      dnnl_exec_arg_t(arg: DNNL_ARG_TO, memory: destination),
    ]
    try check(
      dnnl_primitive_execute(
        primitive, engine.stream, Int32(arguments.count), arguments),
      "reorder")
  }
}
