import Foundation
import Ranks

/// A safetensors file opened for reading.
///
/// The header is checked in full before anything is allocated for it: its
/// length, JSON, types, shapes and byte ranges, which must follow one another
/// without gap or overlap to the end of the file. Tensors are read from the
/// disk when they are asked for. Reading is thread-safe.
public final class SafetensorsFile: Sendable {
  public let path: String
  /// The tensors in the order of their bytes.
  public let tensors: [TensorInfo]
  public let metadata: [String: String]
  private let descriptor: Int32
  private let bodyOffset: Int

  /// Opens a file and checks its header.
  public init(path: String) throws(SafetensorsError) {
    self.path = path
    let handle = open(path, O_RDONLY | O_CLOEXEC)
    guard handle >= 0 else { throw .system(path, "open the file", errno) }
    do throws(SafetensorsError) {
      var status = stat()
      guard fstat(handle, &status) == 0 else {
        throw .system(path, "read", errno)
      }
      guard status.st_mode & S_IFMT == S_IFREG else {
        throw .system(
          path: path, action: "read", reason: "it is not a regular file")
      }
      let size = Int(status.st_size)
      guard size >= 8 else {
        throw .damaged(path: path, reason: "it has only \(size) bytes")
      }
      let word = try Self.read(handle, path, at: 0, count: 8)
      let length = word.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      guard length <= UInt64(SafetensorsHeader.longest),
        Int(length) <= size - 8
      else {
        throw .damaged(
          path: path, reason: "the header claims to be \(length) bytes long")
      }
      let json = try Self.read(handle, path, at: 8, count: Int(length))
      bodyOffset = 8 + Int(length)
      let header = try SafetensorsHeader(
        json: json, bodySize: size - bodyOffset, path: path)
      tensors = header.tensors
      metadata = header.metadata
    } catch {
      close(handle)
      throw error
    }
    descriptor = handle
  }

  deinit { close(descriptor) }

  /// The tensor called `name`, or nil.
  public subscript(_ name: String) -> TensorInfo? {
    tensors.first { $0.name == name }
  }

  /// A number that tells files apart: of the size, the first mebibyte and the
  /// last 64 KiB (FNV-1a), in hexadecimal digits.
  public func digest() throws(SafetensorsError) -> String {
    let size = bodyOffset + (tensors.last?.byteRange.upperBound ?? 0)
    let head = min(size, 1 << 20)
    let tail = min(size, 1 << 16)
    var digest = Digest()
    digest.add(UInt64(size))
    digest.add(try Self.read(descriptor, path, at: 0, count: head))
    digest.add(try Self.read(descriptor, path, at: size - tail, count: tail))
    return digest.text
  }

  /// The digest of the whole file where other processes must have the same;
  /// elsewhere ``digest()``.
  public func contentDigest() throws(SafetensorsError) -> String {
    Ranks.all.isAlone ? try digest() : try Digest(contentsOf: path).text
  }

  /// The elements of a tensor, or a range of them, as Float64.
  ///
  /// - Throws: if there is no such tensor or it is neither F64, F32 nor BF16.
  public func doubles(_ name: String, _ range: Range<Int>? = nil)
    throws(SafetensorsError) -> [Double]
  {
    let (data, dtype) = try elements(name, range)
    switch dtype {
    case .F64: return Self.array(data, of: Double.self)
    case .F32: return Self.array(data, of: Float.self).map(Double.init)
    default:
      return Self.array(data, of: UInt16.self).map {
        Double(BFloat16.float($0))
      }
    }
  }

  /// The elements of a tensor, or a range of them, as Float32.
  ///
  /// - Throws: if there is no such tensor or it is neither F64, F32 nor BF16.
  public func floats(_ name: String, _ range: Range<Int>? = nil)
    throws(SafetensorsError) -> [Float]
  {
    let (data, dtype) = try elements(name, range)
    switch dtype {
    case .F64: return Self.array(data, of: Double.self).map(Float.init)
    case .F32: return Self.array(data, of: Float.self)
    default: return Self.array(data, of: UInt16.self).map(BFloat16.float)
    }
  }

  private func elements(_ name: String, _ range: Range<Int>?)
    throws(SafetensorsError) -> (Data, DType)
  {
    guard let tensor = self[name] else {
      throw .tensor(path: path, name: name, reason: "is missing")
    }
    guard [.F64, .F32, .BF16].contains(tensor.dtype) else {
      throw .tensor(
        path: path, name: name,
        reason: "is \(tensor.dtype.rawValue); F64, F32 and BF16 are read")
    }
    let range = range ?? 0..<tensor.count
    guard range.lowerBound >= 0, range.upperBound <= tensor.count else {
      throw .tensor(
        path: path, name: name, reason: "has only \(tensor.count) elements")
    }
    let start =
      bodyOffset + tensor.byteRange.lowerBound
      + range.lowerBound * tensor.dtype.size
    let data = try Self.read(
      descriptor, path, at: start, count: range.count * tensor.dtype.size)
    return (data, tensor.dtype)
  }

  private static func array<Element: BitwiseCopyable>(
    _ data: Data, of type: Element.Type
  ) -> [Element] {
    let count = data.count / MemoryLayout<Element>.stride
    return [Element](unsafeUninitializedCapacity: count) { buffer, filled in
      filled = data.copyBytes(to: buffer) / MemoryLayout<Element>.stride
    }
  }

  private static func read(
    _ descriptor: Int32, _ path: String, at offset: Int, count: Int
  ) throws(SafetensorsError) -> Data {
    var data = Data(count: count)
    var done = 0
    while done < count {
      let got = data.withUnsafeMutableBytes {
        pread(
          descriptor, $0.baseAddress.map { $0 + done }, count - done,
          off_t(offset + done))
      }
      let code = errno
      if got < 0 {
        if code == EINTR { continue }
        throw .system(path, "read", code)
      }
      guard got > 0 else {
        throw .damaged(path: path, reason: "it ends too early")
      }
      done += got
    }
    return data
  }
}
