import CParallel
import Foundation

/// Work that does not fit into memory; it is refused before it begins.
public struct MemoryShortage: Error, Equatable, CustomStringConvertible {
  /// What was to be done.
  public let work: String
  /// The bytes that it needs.
  public let needed: Double
  /// The bytes that there are.
  public let available: Double
  /// Whether it is the buffers of BLAS that find no room.
  public var isOfBLAS = false

  public var description: String {
    func size(_ bytes: Double) -> String {
      let units = ["bytes", "kB", "MB", "GB", "TB", "PB"]
      var value = bytes
      var unit = 0
      while value >= 1000, unit + 1 < units.count {
        value /= 1000
        unit += 1
      }
      return String(format: unit == 0 ? "%.0f " : "%.1f ", value) + units[unit]
    }
    return "\(work): needs \(size(needed)) of memory; there are "
      + "\(size(available))"
  }
}

/// The memory of this process, and how much of it a block of work takes.
public enum Memory {
  /// What blocks of systems take in all, where one alone does not take more.
  static let blockBytes = 256 * 1_048_576

  /// The bytes that the process may still take: what the machine has, the
  /// limits of its control groups, and that of its address space.
  public static var available: Double {
    available(
      meminfo: "/proc/meminfo", statm: "/proc/self/statm",
      group: ControlGroup(), addressSpace: addressSpaceLimit)
  }

  static func available(
    meminfo: String, statm: String, group: ControlGroup, addressSpace: Double?
  ) -> Double {
    var rests: [Double] = []
    if let free = ControlGroup.field("MemAvailable", of: meminfo) {
      rests.append(1024 * free)
    }
    if let rest = group.memory { rests.append(rest) }
    if let addressSpace {
      let pages = ControlGroup.text(statm)?.split(separator: " ").first
      let used = pages.flatMap { Double($0) }.map { $0 * pageSize } ?? 0
      rests.append(max(0, addressSpace - used))
    }
    return rests.min() ?? .infinity
  }

  /// Refuses work that needs more bytes than there are.
  ///
  /// - Parameters:
  ///   - bytes: what it needs.
  ///   - work: what it is, for the message.
  /// - Throws: ``MemoryShortage`` with the size needed and the size there is.
  public static func require(
    _ bytes: Double, for work: @autoclosure () -> String
  ) throws(MemoryShortage) {
    // What is small needs no look at the system's files.
    guard bytes > 1_048_576 else { return }
    let available = available
    guard bytes <= available else {
      throw MemoryShortage(work: work(), needed: bytes, available: available)
    }
  }

  /// Refuses to go on where the address space has no room for the buffers of BLAS.
  ///
  /// OpenBLAS takes one for each thread that calls it and each of its own, and
  /// where there is no room looks for some without end.
  ///
  /// - Parameter threads: who calls BLAS.
  /// - Throws: ``MemoryShortage`` with the size needed and the size there is.
  public static func requireBLASBuffers(threads: Int) throws(MemoryShortage) {
    guard let roomForBLAS else { return }
    let buffers = ThreadPool.processorCount - 1 + threads
    let needed = Double(buffers) * 134_500_000
    guard needed <= roomForBLAS else {
      throw MemoryShortage(
        work: threads == 1 ? "BLAS" : "BLAS on \(threads) threads",
        needed: needed, available: roomForBLAS, isOfBLAS: true)
    }
  }

  /// What a limited address space had left before the first of these buffers;
  /// nil where it is not limited.
  private static let roomForBLAS: Double? = addressSpaceLimit.map {
    let pages = ControlGroup.text("/proc/self/statm")?.split(separator: " ")
      .first
    return max(0, $0 - (pages.flatMap { Double($0) } ?? 0) * pageSize)
  }

  /// The rows of a block: so many that they stay below the bytes for blocks,
  /// one for each thread that finds a processor at least.
  ///
  /// - Parameters:
  ///   - most: the rows that suit rows of no size.
  ///   - bytes: of a row.
  ///   - threads: who works on them.
  /// - Returns: the rows, at least 1.
  public static func blockRows(_ most: Int, bytes: Double, threads: Int) -> Int
  {
    let fitting = Double(blockBytes) / max(1, bytes)
    let rows = fitting < Double(most) ? Int(fitting) : most
    let working = min(threads, ThreadPool.processorCount)
    return max(1, min(most, max(rows, working)))
  }

  private static var pageSize: Double { Double(sysconf(Int32(_SC_PAGESIZE))) }

  private static var addressSpaceLimit: Double? {
    let limit = cp_address_space()
    return limit < 0 ? nil : limit
  }
}
