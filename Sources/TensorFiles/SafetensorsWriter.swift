import Foundation
import Ranks

/// Writes a safetensors file tensor by tensor, in any order and in pieces, which
/// several threads may write at once.
///
/// Shapes are known from the start, the values of metadata may still change
/// while the file is written: ``finish(metadata:)`` puts the header in place.
/// Until then nothing appears under the file's name.
public final class SafetensorsWriter: @unchecked Sendable {
  private let file: AtomicFile
  private var header: SafetensorsHeader
  private let headerSize: Int
  private let places: [String: TensorInfo]
  /// The bytes of the tensors that were written.
  private var written = IndexSet()
  private var isShared = false
  private let lock = NSLock()

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - path: the file that ``finish(metadata:)`` replaces.
  ///   - tensors: name, type and row-major shape of each.
  ///   - metadata: strings; those that will change must be at least as long
  ///     here as they will be in the end.
  ///   - replaces: whether a file at `path` is replaced.
  /// - Throws: ``SafetensorsError``, as ``AtomicFile`` does.
  public convenience init(
    path: String, tensors: [(String, DType, [Int])],
    metadata: [String: String] = [:], replaces: Bool = true
  ) throws(SafetensorsError) {
    self.init(
      try AtomicFile(path: path, replaces: replaces), tensors: tensors,
      metadata: metadata)
    let size = tensors.reduce(0.0) {
      $0 + $1.2.reduce(Double($1.1.size)) { $0 * Double($1) }
    }
    try file.requireSpace(size)
  }

  /// Begins in a file that is empty yet.
  public init(
    _ file: AtomicFile, tensors: [(String, DType, [Int])],
    metadata: [String: String] = [:]
  ) {
    header = SafetensorsHeader(laying: tensors, metadata: metadata)
    headerSize = header.encoded()?.count ?? 0
    places = Dictionary(
      header.tensors.map { ($0.name, $0) },
      uniquingKeysWith: { first, _ in first })
    self.file = file
  }

  /// Lets all processes of a job write, each its own rows.
  ///
  /// All of them call it, and ``finish(metadata:)``.
  ///
  /// - Throws: ``SafetensorsError`` if one cannot open the file, `RanksError`.
  public func share() throws {
    guard !Ranks.all.isAlone else { return }
    try file.share()
    isShared = true
  }

  /// Writes elements as they lie in memory.
  ///
  /// - Parameters:
  ///   - name: the tensor.
  ///   - element: the index of the first in the flattened tensor.
  ///   - bytes: little-endian elements.
  /// - Throws: ``SafetensorsError`` if they do not fit or cannot be written.
  public func write(
    _ name: String, at element: Int = 0, bytes: UnsafeRawBufferPointer
  ) throws(SafetensorsError) {
    let tensor = try place(name)
    let offset = element * tensor.dtype.size
    guard offset >= 0, offset + bytes.count <= tensor.byteRange.count else {
      throw .tensor(
        path: file.path, name: name, reason: "cannot hold so many elements")
    }
    let start = tensor.byteRange.lowerBound + offset
    try file.write(bytes, at: headerSize + start)
    lock.withLock {
      written.insert(integersIn: start..<(start + bytes.count))
    }
  }

  /// Writes numbers into an F64 tensor.
  public func write(
    _ name: String, at element: Int = 0, doubles: some Collection<Double>
  ) throws(SafetensorsError) {
    try require(name, .F64)
    try write(name, element, ContiguousArray(doubles))
  }

  /// Writes numbers into an F32 tensor, or rounded into a BF16 one.
  public func write(
    _ name: String, at element: Int = 0, floats: some Collection<Float>
  ) throws(SafetensorsError) {
    if try place(name).dtype == .BF16 {
      try write(name, element, ContiguousArray(floats.map(BFloat16.bits)))
    } else {
      try require(name, .F32)
      try write(name, element, ContiguousArray(floats))
    }
  }

  /// Writes the header and gives the file its name.
  ///
  /// - Parameter metadata: replaces the values given at the start.
  /// - Throws: ``SafetensorsError`` if the file cannot be written, or a tensor
  ///   has not been in full.
  public func finish(metadata: [String: String]? = nil)
    throws(SafetensorsError)
  {
    if isShared {
      try file.flush()
      try collect()
    }
    guard Ranks.all.isFirst else { return }
    for tensor in header.tensors
    where !tensor.byteRange.isEmpty
      && !written.contains(integersIn: tensor.byteRange)
    {
      throw .tensor(
        path: file.path, name: tensor.name, reason: "was not written in full")
    }
    if let metadata { header.metadata = metadata }
    guard let encoded = header.encoded(size: headerSize) else {
      throw .damaged(path: file.path, reason: "the metadata grew too long")
    }
    var failure: SafetensorsError?
    encoded.withUnsafeBytes { bytes in
      do throws(SafetensorsError) {
        try file.write(bytes, at: 0)
      } catch { failure = error }
    }
    if let failure { throw failure }
    try file.commit()
  }

  /// What all of them have written.
  private func collect() throws(SafetensorsError) {
    let own = written.rangeView.map { "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: " ")
    do {
      for text in try Ranks.all.gather(own) {
        for range in text.split(separator: " ") {
          let ends = range.split(separator: "-").compactMap { Int($0) }
          if ends.count == 2, ends[0] <= ends[1] {
            written.insert(integersIn: ends[0]..<ends[1])
          }
        }
      }
    } catch {
      throw .system(path: file.path, action: "write", reason: "\(error)")
    }
  }

  private func write<Element: BitwiseCopyable>(
    _ name: String, _ element: Int, _ values: ContiguousArray<Element>
  ) throws(SafetensorsError) {
    var failure: SafetensorsError?
    values.withUnsafeBytes { bytes in
      do throws(SafetensorsError) {
        try write(name, at: element, bytes: bytes)
      } catch { failure = error }
    }
    if let failure { throw failure }
  }

  private func place(_ name: String) throws(SafetensorsError) -> TensorInfo {
    guard let tensor = places[name] else {
      throw .tensor(path: file.path, name: name, reason: "was not announced")
    }
    return tensor
  }

  private func require(_ name: String, _ dtype: DType) throws(SafetensorsError)
  {
    let tensor = try place(name)
    guard tensor.dtype == dtype else {
      throw .tensor(
        path: file.path, name: name,
        reason: "is \(tensor.dtype.rawValue), not \(dtype.rawValue)")
    }
  }
}
