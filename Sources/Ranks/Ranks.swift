import CRanks

/// The processes that a job runs on: ranks of MPI, or one alone.
///
/// All of them run the same program. What is dealt out is done by its owner and
/// then given to the others, so that each goes on as if it had done all of it;
/// the first alone writes and prints. What takes part in that is called by all,
/// in the same order.
public final class Ranks: @unchecked Sendable {
  /// This process's number.
  public let rank: Int
  /// How many there are.
  public let size: Int
  /// How many there are on this machine.
  public let localSize: Int

  public var isFirst: Bool { rank == 0 }
  public var isAlone: Bool { size == 1 }

  init(rank: Int, size: Int, localSize: Int) {
    self.rank = rank
    self.size = size
    self.localSize = localSize
  }

  /// Those that a launcher started; this one alone where there is none.
  public private(set) nonisolated(unsafe) static var all: Ranks = {
    var (rank, size, local): (Int32, Int32, Int32) = (0, 1, 1)
    cr_launched(&rank, &size, &local)
    return Ranks(rank: Int(rank), size: Int(size), localSize: Int(local))
  }()

  /// Joins the others, once the job is known to be one for all of them.
  ///
  /// - Throws: ``RanksError`` if this program cannot.
  public static func join() throws {
    guard !all.isAlone else { return }
    guard cr_is_built() != 0 else {
      throw RanksError(
        reason: "was started \(all.size) times by mpirun or srun, and built "
          + "without MPI: BVP_MPI=1 swift build -c release --product bvp")
    }
    let status = cr_start()
    guard status == 0 else { throw RanksError(status) }
    var (rank, size): (Int32, Int32) = (0, 0)
    cr_joined(&rank, &size)
    guard rank == all.rank, size == all.size else {
      throw RanksError(
        reason: "was started \(all.size) times, of which MPI knows \(size): "
          + "its launcher is not that of the MPI that this was built with")
    }
  }

  /// Leaves the others out of a job that is done by one.
  public static func stayAlone() {
    all = Ranks(rank: 0, size: 1, localSize: all.localSize)
  }

  /// Ends the whole job, and does not return where there are others.
  public func abort(status: Int32) {
    if !isAlone { cr_abort(status) }
  }

  /// This process's part of 0..<count, or another's.
  public func part(of count: Int, for rank: Int? = nil) -> Range<Int> {
    let rank = rank ?? self.rank
    return (count * rank / size)..<(count * (rank + 1) / size)
  }
}

/// A failure between processes.
public struct RanksError: Error, CustomStringConvertible {
  let reason: String

  init(reason: String) { self.reason = reason }

  init(_ status: Int32) {
    var text = [CChar](repeating: 0, count: 256)
    cr_explain(status, &text, text.count)
    reason =
      "MPI: "
      + String(
        decoding: text.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)),
        as: UTF8.self)
  }

  public var description: String { reason }
}

// MARK: Messages

/// A piece of memory that goes to another process or comes from it.
public struct Message {
  let peer: Int
  let tag: Int
  let memory: UnsafeMutableRawBufferPointer

  /// - Parameters:
  ///   - peer: the other process.
  ///   - tag: tells the messages between two processes apart.
  ///   - memory: what is sent, or receives what the peer sent under the tag.
  public init(peer: Int, tag: Int, _ memory: UnsafeMutableRawBufferPointer) {
    self.peer = peer
    self.tag = tag
    self.memory = memory
  }

  /// The same in pieces that MPI counts in 32 bits.
  fileprivate var pieces: [cr_message] {
    let most = 1 << 30
    return stride(from: 0, to: max(1, memory.count), by: most).map { first in
      cr_message(
        peer: Int32(clamping: peer), tag: Int32(clamping: tag),
        data: memory.baseAddress.map { $0 + first },
        bytes: min(most, memory.count - first))
    }
  }
}

extension Ranks {
  /// Sends and receives; all is done on return.
  ///
  /// - Throws: ``RanksError``.
  public func exchange(sent: [Message], received: [Message]) throws {
    let out = sent.flatMap(\.pieces)
    let into = received.flatMap(\.pieces)
    let status = cr_exchange(out, out.count, into, into.count)
    guard status == 0 else { throw RanksError(status) }
  }

  /// Fills in the parts of an array that others have.
  ///
  /// - Parameters:
  ///   - values: receives them; this process's own part is there.
  ///   - part: where a process's part lies.
  /// - Throws: ``RanksError``.
  public func share<Element: BitwiseCopyable>(
    _ values: UnsafeMutableBufferPointer<Element>, part: (Int) -> Range<Int>
  ) throws {
    guard !isAlone else { return }
    func memory(_ rank: Int) -> UnsafeMutableRawBufferPointer {
      UnsafeMutableRawBufferPointer(
        UnsafeMutableBufferPointer(rebasing: values[part(rank)]))
    }
    let others = (0..<size).filter { $0 != rank }
    try exchange(
      sent: others.filter { _ in !part(rank).isEmpty }.map {
        Message(peer: $0, tag: 1, memory(rank))
      },
      received: others.filter { !part($0).isEmpty }.map {
        Message(peer: $0, tag: 1, memory($0))
      })
  }

  /// The values of all processes, in their order; each brings as many.
  ///
  /// - Throws: ``RanksError``.
  public func gather<Element: BitwiseCopyable>(_ own: [Element]) throws
    -> [Element]
  {
    guard !isAlone else { return own }
    let n = own.count
    var all = [Element](
      unsafeUninitializedCapacity: n * size
    ) { buffer, count in
      for index in 0..<(n * size) {
        (buffer.baseAddress.map { $0 + index })?.initialize(to: own[index % n])
      }
      count = n * size
    }
    try all.withUnsafeMutableBufferPointer {
      try share($0) { (n * $0)..<(n * ($0 + 1)) }
    }
    return all
  }

  /// The values of all processes one after another, of each as many as it has.
  ///
  /// - Parameters:
  ///   - own: this process's.
  ///   - filler: any value.
  /// - Returns: the values, and where those of each process are.
  /// - Throws: ``RanksError``.
  private func join<Element: BitwiseCopyable>(
    _ own: [Element], filler: Element
  ) throws -> (all: [Element], parts: [Range<Int>]) {
    let counts = try gather([own.count])
    let parts = counts.indices.map { rank in
      let start = counts[..<rank].reduce(0, +)
      return start..<(start + counts[rank])
    }
    var all = [Element](repeating: filler, count: counts.reduce(0, +))
    all.replaceSubrange(parts[rank], with: own)
    try all.withUnsafeMutableBufferPointer { try share($0) { parts[$0] } }
    return (all, parts)
  }

  /// The numbers of all processes one after another, of each as many as it has.
  ///
  /// - Throws: ``RanksError``.
  public func join(_ own: [Double]) throws -> [Double] {
    isAlone ? own : try join(own, filler: 0).all
  }

  /// The texts of all processes, in their order.
  ///
  /// - Throws: ``RanksError``.
  public func gather(_ text: String) throws -> [String] {
    guard !isAlone else { return [text] }
    let (all, parts) = try join(Array(text.utf8), filler: 0)
    return parts.map { String(decoding: all[$0], as: UTF8.self) }
  }

  /// The first process's text.
  ///
  /// - Throws: ``RanksError``.
  public func fromFirst(_ text: @autoclosure () throws -> String) throws
    -> String
  {
    guard !isAlone else { return try text() }
    return try gather(isFirst ? text() : "")[0]
  }

  /// Whether it is true of any process.
  ///
  /// - Throws: ``RanksError``.
  public func any(_ holds: Bool) throws -> Bool {
    guard !isAlone else { return holds }
    return try gather([holds ? 1 : 0]).contains(1)
  }

  /// Waits for all processes: for the first, which writes, before a launcher that sees
  /// another end makes an end of it.
  ///
  /// - Throws: ``RanksError``.
  public func wait() throws { _ = try any(false) }

  /// Refuses to go on where processes differ.
  ///
  /// - Parameter facts: what must be the same, and what it is here.
  /// - Throws: ``RanksError`` that names the fact and the process.
  public func agree(on facts: [(name: String, value: String)]) throws {
    guard !isAlone else { return }
    for (name, value) in facts {
      let values = try gather(value)
      guard let other = values.firstIndex(where: { $0 != values[0] }) else {
        continue
      }
      func short(_ text: String) -> String {
        text.count <= 60 && !text.contains("\n") ? " (\(text))" : ""
      }
      throw RanksError(
        reason: "rank \(other) has another \(name)\(short(values[other])) than "
          + "rank 0\(short(values[0]))")
    }
  }
}
