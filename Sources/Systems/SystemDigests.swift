import Foundation
import Parallel

/// Systems known by what is in them: a digest of 64 bits of each A and b, so that one
/// is known again in whatever file it lies, beside whatever others.
///
/// Entries count as Float32 numbers, in which arrays of anyone's may be kept. Of more
/// than ``most`` systems the smallest digests stand for all: since digests are as good
/// as random, k of m systems are missed with the probability (1 − ``most``/m)ᵏ.
public struct SystemDigests: Sendable, Equatable {
  /// How many are kept: 128 KiB of them.
  public static let most = 1 << 14

  /// They ascend.
  private let values: [UInt64]

  /// How many there are.
  public var count: Int { values.count }

  /// Takes the digests of some systems.
  public init(_ digests: some Sequence<UInt64>) {
    values = Array(Set(digests).sorted().prefix(Self.most))
  }

  /// Takes the first systems of a source.
  ///
  /// - Parameters:
  ///   - source: the systems.
  ///   - count: how many of them.
  ///   - threads: threads to use.
  /// - Throws: what the source throws.
  public init(
    of source: any SystemSource, count: Int, threads: Int
  ) throws {
    var digests = [UInt64](repeating: 0, count: count)
    try digests.withUnsafeMutableBufferPointer { digests in
      nonisolated(unsafe) let digests = digests
      try parallelChunks(count: count, threads: threads) { rows, _ in
        let workspace = SystemWorkspace()
        var system = SolvedSystem(n: source.n)
        for row in rows {
          try source.load(row, into: &system, workspace: workspace)
          digests[row] = Self.digest(of: system)
        }
      }
    }
    self.init(digests)
  }

  /// The digest of a system, whatever its solution.
  public static func digest(of system: SolvedSystem) -> UInt64 {
    var hash = UInt64(system.n)
    func add(_ values: [Double]) {
      for value in values {
        // Both zeros are one.
        let number = Float(value)
        hash = mixed(hash ^ (number == 0 ? 0 : UInt64(number.bitPattern)))
      }
    }
    add(system.A)
    add(system.b)
    return mixed(hash)
  }

  /// The finaliser of SplitMix64: Steele, Lea and Flood, *Fast splittable pseudorandom
  /// number generators*, OOPSLA 2014.
  private static func mixed(_ word: UInt64) -> UInt64 {
    var word = word &+ 0x9e37_79b9_7f4a_7c15
    word = (word ^ (word >> 30)) &* 0xbf58_476d_1ce4_e5b9
    word = (word ^ (word >> 27)) &* 0x94d0_49bb_1331_11eb
    return word ^ (word >> 31)
  }

  /// Whether a system belongs to both.
  public func shares(with other: SystemDigests) -> Bool {
    !Set(values).isDisjoint(with: other.values)
  }
}

// MARK: Files

extension SystemDigests: Codable {
  /// Reads them: base64 of little-endian integers.
  public init(from decoder: any Decoder) throws {
    let container = try decoder.singleValueContainer()
    guard let data = Data(base64Encoded: try container.decode(String.self)),
      data.count.isMultiple(of: 8)
    else {
      throw DecodingError.dataCorruptedError(
        in: container, debugDescription: "no base64 of 64-bit integers")
    }
    let bytes = [UInt8](data)
    self.init(
      stride(from: 0, to: bytes.count, by: 8).map { start in
        bytes[start..<start + 8].reversed().reduce(0) { $0 << 8 | UInt64($1) }
      })
  }

  public func encode(to encoder: any Encoder) throws {
    var data = Data(capacity: 8 * values.count)
    for value in values {
      withUnsafeBytes(of: value.littleEndian) { data.append(contentsOf: $0) }
    }
    var container = encoder.singleValueContainer()
    try container.encode(data.base64EncodedString())
  }
}
