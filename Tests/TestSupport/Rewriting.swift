import TensorFiles

/// Replaces a file of F64 and F32 tensors by one with other metadata, other
/// numbers or both.
///
/// - Parameters:
///   - path: the file.
///   - change: changes the metadata.
///   - values: changes the numbers of a tensor, given its name.
/// - Throws: `SafetensorsError`.
public func rewrite(
  _ path: String, metadata change: (inout [String: String]) -> Void = { _ in },
  values: (String, inout [Double]) -> Void = { _, _ in }
) throws {
  let file = try SafetensorsFile(path: path)
  var metadata = file.metadata
  change(&metadata)
  let writer = try SafetensorsWriter(
    path: path, tensors: file.tensors.map { ($0.name, $0.dtype, $0.shape) },
    metadata: metadata)
  for tensor in file.tensors {
    var numbers = try file.doubles(tensor.name)
    values(tensor.name, &numbers)
    if tensor.dtype == .F64 {
      try writer.write(tensor.name, doubles: numbers)
    } else {
      try writer.write(tensor.name, floats: numbers.map { Float($0) })
    }
  }
  try writer.finish()
}
