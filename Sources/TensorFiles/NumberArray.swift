import Foundation

/// An array of numbers in a file, NumPy's `.npy` or a tensor of a safetensors file,
/// whose elements are read as they are asked for.
public struct NumberArray: Sendable {
  /// What errors call it.
  public let name: String
  public let shape: [Int]
  private let read: @Sendable (Range<Int>) throws -> [Double]

  /// The elements of a range of the array in row-major order.
  ///
  /// - Throws: ``SafetensorsError`` if the file cannot be read.
  public func callAsFunction(_ range: Range<Int>) throws -> [Double] {
    try read(range)
  }

  /// Takes a tensor of F64, F32 or BF16.
  ///
  /// - Throws: ``SafetensorsError`` if the file has none of this name.
  public init(_ tensor: String, of file: SafetensorsFile) throws {
    guard let info = file[tensor] else {
      throw SafetensorsError.tensor(
        path: file.path, name: tensor, reason: "is missing")
    }
    name = "\(file.path): '\(tensor)'"
    shape = info.shape
    switch info.dtype {
    case .F64: read = { @Sendable in try file.doubles(tensor, $0) }
    default:
      read = { @Sendable in try file.floats(tensor, $0).map(Double.init) }
    }
  }

  // MARK: NumPy

  /// Opens a file of NumPy's, of little-endian Float64 or Float32 in C order.
  ///
  /// - Throws: ``SafetensorsError`` that says what else it holds.
  public init(npy path: String) throws(SafetensorsError) {
    let data: Data
    do {
      data = try Data(
        contentsOf: URL(fileURLWithPath: path), options: .mappedIfSafe)
    } catch {
      throw .metadata(path: path, reason: "cannot be read")
    }
    let (header, start) = try Self.header(data, path)
    guard !header.contains("'fortran_order': True") else {
      throw .metadata(
        path: path,
        reason: "is in Fortran order; save numpy.ascontiguousarray(…) of it")
    }
    let dtype = Self.value(of: "descr", in: header)
    guard let size = ["'<f8'": 8, "'<f4'": 4][dtype] else {
      throw .metadata(
        path: path, reason: "holds numbers of the type \(dtype), not float64")
    }
    shape = try Self.shape(header, path)
    var bytes = size
    for length in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: length)
      bytes = overflow ? .max : product
    }
    guard data.count - start == bytes else {
      throw .metadata(
        path: path,
        reason: "has \(data.count - start) bytes of numbers, where its shape "
          + "\(shape) needs \(bytes)")
    }
    name = path
    read = { @Sendable range in
      data.withUnsafeBytes { all in
        range.map { index in
          let place = start + index * size
          return size == 8
            ? all.loadUnaligned(fromByteOffset: place, as: Double.self)
            : Double(all.loadUnaligned(fromByteOffset: place, as: Float.self))
        }
      }
    }
  }

  /// The description at the head of a file, and where the numbers start.
  private static func header(_ data: Data, _ path: String)
    throws(SafetensorsError) -> (String, Int)
  {
    let magic: [UInt8] = [0x93] + Array("NUMPY".utf8)
    let head = [UInt8](data.prefix(12))
    guard head.count == 12, Array(head.prefix(6)) == magic,
      (1...3).contains(head[6])
    else { throw .metadata(path: path, reason: "is no .npy file") }
    let start = head[6] == 1 ? 10 : 12
    let length = head[8..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
    guard start + length <= data.count,
      let text = String(
        data: data.subdata(in: start..<(start + length)), encoding: .utf8)
    else { throw .metadata(path: path, reason: "is a damaged .npy file") }
    return (text, start + length)
  }

  /// What follows a key of the description, to the next comma.
  private static func value(of key: String, in header: String) -> String {
    guard let place = header.range(of: "'\(key)':") else { return "nothing" }
    return header[place.upperBound...].prefix { $0 != "," && $0 != "}" }
      .trimmingCharacters(in: .whitespaces)
  }

  private static func shape(_ header: String, _ path: String)
    throws(SafetensorsError) -> [Int]
  {
    guard let place = header.range(of: "'shape': ("),
      let end = header[place.upperBound...].firstIndex(of: ")")
    else { throw .metadata(path: path, reason: "is a damaged .npy file") }
    let parts = header[place.upperBound..<end].split(separator: ",").map {
      Int($0.trimmingCharacters(in: .whitespaces))
    }
    let shape = parts.compactMap { $0 }
    guard shape.count == parts.count, shape.allSatisfy({ $0 >= 0 }) else {
      throw .metadata(path: path, reason: "is a damaged .npy file")
    }
    return shape
  }
}
