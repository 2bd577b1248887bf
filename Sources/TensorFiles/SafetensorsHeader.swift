import Foundation

/// The header of a safetensors file: JSON that maps each tensor's name to its
/// type, shape and byte range, and `__metadata__` to strings.
struct SafetensorsHeader {
  /// The tensors in the order of their bytes.
  var tensors: [TensorInfo]
  var metadata: [String: String]

  /// The longest header that is read, as in the reference implementation.
  static let longest = 100_000_000

  // MARK: Reading

  /// Checks a header against the number of bytes that follow it.
  init(json: Data, bodySize: Int, path: String) throws(SafetensorsError) {
    func damaged(_ reason: String) -> SafetensorsError {
      .damaged(path: path, reason: reason)
    }
    let parsed: Any?
    do {
      parsed = try OutsideJSON.object(json)
    } catch let failure as OutsideJSON.Failure {
      throw damaged("the header \(failure)")
    } catch {
      // Whatever is wrong with it, it is no header.
      parsed = nil
    }
    guard let object = parsed as? [String: Any] else {
      throw damaged("the header is not a JSON object")
    }
    metadata = [:]
    tensors = []
    for (name, value) in object {
      if name == "__metadata__" {
        guard let strings = value as? [String: String] else {
          throw damaged("__metadata__ does not map names to strings")
        }
        metadata = strings
      } else {
        tensors.append(try Self.tensor(name, value, path: path))
      }
    }
    tensors.sort {
      ($0.byteRange.lowerBound, $0.byteRange.upperBound, $0.name)
        < ($1.byteRange.lowerBound, $1.byteRange.upperBound, $1.name)
    }
    var end = 0
    for tensor in tensors {
      guard tensor.byteRange.lowerBound == end else {
        throw damaged(
          "there is a gap or an overlap before tensor '\(tensor.name)'")
      }
      end = tensor.byteRange.upperBound
    }
    guard end == bodySize else {
      throw damaged("the tensors take \(end) bytes, the file has \(bodySize)")
    }
  }

  private static func tensor(_ name: String, _ value: Any, path: String)
    throws(SafetensorsError) -> TensorInfo
  {
    func damaged(_ reason: String) -> SafetensorsError {
      .damaged(path: path, reason: "tensor '\(name)' \(reason)")
    }
    guard let entry = value as? [String: Any],
      let type = entry["dtype"] as? String,
      let shape = integers(entry["shape"]),
      let offsets = integers(entry["data_offsets"]), offsets.count == 2
    else { throw damaged("lacks a dtype, a shape or data_offsets") }
    guard let dtype = DType(rawValue: type) else {
      throw damaged("has the unknown dtype '\(type)'")
    }
    guard shape.allSatisfy({ $0 >= 0 }) else {
      throw damaged("has a negative dimension")
    }
    guard offsets[0] >= 0, offsets[1] >= offsets[0] else {
      throw damaged("has its bytes end before they begin")
    }
    var bytes = dtype.size
    for dimension in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: dimension)
      guard !overflow else { throw damaged("is larger than any memory") }
      bytes = product
    }
    guard bytes == offsets[1] - offsets[0] else {
      throw damaged(
        "of shape \(shape) takes \(bytes) bytes, not \(offsets[1] - offsets[0])"
      )
    }
    return TensorInfo(
      name: name, dtype: dtype, shape: shape,
      byteRange: offsets[0]..<offsets[1])
  }

  /// Whole numbers, exactly; nil for anything else.
  private static func integers(_ value: Any?) -> [Int]? {
    guard let numbers = value as? [NSNumber] else { return nil }
    var result: [Int] = []
    for number in numbers {
      guard let integer = Int(number.stringValue) else { return nil }
      result.append(integer)
    }
    return result
  }

  // MARK: Writing

  /// Lays tensors out one after another.
  init(
    laying tensors: [(String, DType, [Int])], metadata: [String: String]
  ) {
    var end = 0
    self.tensors = tensors.map { name, dtype, shape in
      let bytes = shape.reduce(dtype.size, *)
      defer { end += bytes }
      return TensorInfo(
        name: name, dtype: dtype, shape: shape, byteRange: end..<(end + bytes))
    }
    self.metadata = metadata
  }

  /// The length word and the JSON, padded with spaces to a multiple of 64
  /// bytes, or to `size` if that is given; nil if it does not fit.
  func encoded(size: Int? = nil) -> Data? {
    var parts: [String] = []
    if !metadata.isEmpty {
      let entries = metadata.sorted { $0.key < $1.key }.map {
        "\(Self.quoted($0.key)):\(Self.quoted($0.value))"
      }
      parts.append("\"__metadata__\":{\(entries.joined(separator: ","))}")
    }
    for tensor in tensors {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      let range = tensor.byteRange
      parts.append(
        "\(Self.quoted(tensor.name)):{\"dtype\":\"\(tensor.dtype.rawValue)\","
          + "\"shape\":[\(shape)],\"data_offsets\":"
          + "[\(range.lowerBound),\(range.upperBound)]}")
    }
    var json = Data("{\(parts.joined(separator: ","))}".utf8)
    let total = size ?? (8 + json.count + 63) / 64 * 64
    guard 8 + json.count <= total else { return nil }
    json.append(Data(repeating: 0x20, count: total - 8 - json.count))
    var length = UInt64(json.count).littleEndian
    return withUnsafeBytes(of: &length) { Data($0) } + json
  }

  /// A JSON string.
  private static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": result += "\\\""
      case "\\": result += "\\\\"
      case "\n": result += "\\n"
      case "\r": result += "\\r"
      case "\t": result += "\\t"
      case _ where scalar.value < 0x20:
        let code = String(scalar.value, radix: 16)
        result += "\\u" + String(repeating: "0", count: 4 - code.count) + code
      default: result.unicodeScalars.append(scalar)
      }
    }
    return result + "\""
  }
}
