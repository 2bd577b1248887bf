import CKernels
import Parallel
import Ranks

/// The sum of gradients whose chunks were computed by several processes.
///
/// Each process has complete sums over some chunks, subtrees of the one tree
/// over all. For its own slice of the flat buffer it receives those of the
/// others, and goes on with the tree where it stands: the bits are those of one
/// process that computed all chunks.
struct GradientExchange {
  private let tree: GradientTree
  private let ranks: Ranks
  private let chunks: Int
  private let slices: [Range<Int>]
  private let threads: Int

  /// - Parameters:
  ///   - tree: the gradients of the own chunks.
  ///   - ranks: the processes; the chunks are dealt as `Ranks.part(of:for:)`
  ///     has it.
  ///   - chunks: of the whole batch.
  ///   - slices: of the flat buffer, for each process.
  ///   - threads: threads to use.
  init(
    _ tree: GradientTree, ranks: Ranks, chunks: Int, slices: [Range<Int>],
    threads: Int
  ) {
    self.tree = tree
    self.ranks = ranks
    self.chunks = chunks
    self.slices = slices
    self.threads = threads
  }

  /// A complete sum, where it is.
  private struct Sum {
    let chunks: Range<Int>
    /// The values of the own slice.
    let values: AlignedBuffer<Float>
  }

  func run() throws {
    let own = slices[ranks.rank]
    var sums: [Sum] = []
    var received: [Message] = []
    for rank in 0..<ranks.size {
      for range in subtrees(rank) {
        let sum = Sum(
          chunks: range, values: AlignedBuffer(count: own.count))
        sums.append(sum)
        if rank == ranks.rank {
          take(range, into: sum.values, own)
        } else {
          received += messages(rank, range, own) { _, part in
            UnsafeMutableRawBufferPointer(
              start: sum.values.pointer + (part.lowerBound - own.lowerBound),
              count: 4 * part.count)
          }
        }
      }
    }
    var sent: [Message] = []
    for rank in 0..<ranks.size where rank != ranks.rank {
      for range in subtrees(ranks.rank) {
        sent += messages(rank, range, slices[rank], memory(range))
      }
    }
    try ranks.exchange(sent: sent, received: received)
    add(sums, own)
  }

  private func subtrees(_ rank: Int) -> [Range<Int>] {
    GradientTree.sums(of: ranks.part(of: chunks, for: rank), count: chunks)
  }

  /// One message for each segment that a slice touches.
  private func messages(
    _ peer: Int, _ range: Range<Int>, _ slice: Range<Int>,
    _ memory: (Int, Range<Int>) -> UnsafeMutableRawBufferPointer?
  ) -> [Message] {
    tree.segments.indices.compactMap { segment in
      let part = tree.segments[segment].clamped(to: slice)
      guard !part.isEmpty, let memory = memory(segment, part) else {
        return nil
      }
      return Message(
        peer: peer,
        tag: 2 + range.lowerBound * tree.segments.count + segment, memory)
    }
  }

  /// Where an own sum over some chunks lies.
  private func memory(_ range: Range<Int>)
    -> (Int, Range<Int>) -> UnsafeMutableRawBufferPointer?
  {
    { segment, part in
      let start = tree.segments[segment].lowerBound
      // One process that computed all chunks has added them up already.
      let values =
        range == 0..<chunks
        ? tree.gradients + start : tree.waiting(segment, chunks: range)
      return values.map {
        UnsafeMutableRawBufferPointer(
          start: $0 + (part.lowerBound - start), count: 4 * part.count)
      }
    }
  }

  private func take(
    _ range: Range<Int>, into values: AlignedBuffer<Float>, _ own: Range<Int>
  ) {
    let memory = memory(range)
    for segment in tree.segments.indices {
      let part = tree.segments[segment].clamped(to: own)
      guard !part.isEmpty, let source = memory(segment, part)?.baseAddress
      else { continue }
      (values.pointer + (part.lowerBound - own.lowerBound)).update(
        from: source.assumingMemoryBound(to: Float.self), count: part.count)
    }
  }

  /// Adds the sums in the order of the tree, block by block.
  private func add(_ sums: [Sum], _ own: Range<Int>) {
    let block = 1 << 15
    nonisolated(unsafe) let values = Dictionary(
      sums.map { ($0.chunks, $0.values.pointer) },
      uniquingKeysWith: { first, _ in first })
    nonisolated(unsafe) let result = tree.gradients + own.lowerBound
    let chunks = chunks
    let levels = (0..<64).first { 1 << $0 >= chunks } ?? 63
    parallelParts((own.count + block - 1) / block, threads: threads) {
      part, _ in
      let first = part * block
      let count = min(block, own.count - first)
      /// The sum of a node, in the memory of its first subtree.
      func sum(_ level: Int, _ index: Int) -> UnsafeMutablePointer<Float>? {
        let range =
          min(chunks, index << level)..<min(chunks, (index + 1) << level)
        if range.isEmpty { return nil }
        if let own = values[range] { return own + first }
        guard level > 0, let left = sum(level - 1, 2 * index) else {
          return nil
        }
        guard let right = sum(level - 1, 2 * index + 1) else { return left }
        ck_add(left, right, left, count)
        return left
      }
      if let total = sum(levels, 0) {
        (result + first).update(from: total, count: count)
      }
    }
  }
}
