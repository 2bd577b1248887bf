import CKernels
import Foundation

/// The sum of the chunks' gradients, by a binary tree in the order of the
/// chunks: which chunks are added first does not depend on who computed them.
///
/// Node (l, i) is the sum over the chunks from i · 2ˡ on, 2ˡ of them or as many
/// as there are. The flat buffer is cut into segments, such as the blocks of a
/// network, that are summed on their own: a segment of a chunk is added to its
/// neighbour while it is still in the processor's cache, and its memory goes to
/// the next one.
final class GradientTree: @unchecked Sendable {
  /// A sum of chunks of one segment.
  struct Node: Hashable {
    let segment: Int
    let level: Int
    let index: Int

    /// The chunks that it is the sum of, of `count` in all.
    func chunks(of count: Int) -> Range<Int> {
      min(count, index << level)..<min(count, (index + 1) << level)
    }
    var sibling: Node { Node(segment: segment, level: level, index: index ^ 1) }
    var parent: Node {
      Node(segment: segment, level: level + 1, index: index >> 1)
    }
  }

  let segments: [Range<Int>]
  /// The segments that share memory: those whose tensors lie alike, as what is
  /// between the tensors is zero.
  private let kinds: [[Int]]
  let gradients: UnsafeMutablePointer<Float>
  private let lock = NSLock()
  private var chunks = 0
  private var waiting: [Node: AlignedBuffer<Float>] = [:]
  /// The children of the root that wait, in the memory of the gradients.
  private var halves: Set<Node> = []
  /// Memory that nobody uses, by the kind of segment.
  private var free: [[Int]: [AlignedBuffer<Float>]] = [:]

  /// Prepares sums over segments of a flat buffer, which receives them.
  init(
    _ segments: [Range<Int>], of layout: ParameterLayout,
    into gradients: UnsafeMutablePointer<Float>
  ) {
    self.segments = segments
    self.gradients = gradients
    kinds = segments.map { segment in
      layout.tensors.filter { segment.contains($0.offset) }.flatMap {
        [$0.offset - segment.lowerBound, $0.count]
      }
    }
  }

  /// Begins anew.
  ///
  /// - Parameter chunks: of the whole batch.
  func begin(chunks: Int) {
    for (node, buffer) in waiting { release(buffer, node.segment) }
    waiting.removeAll(keepingCapacity: true)
    halves.removeAll(keepingCapacity: true)
    self.chunks = chunks
  }

  /// Memory for a chunk's gradient of a segment.
  func memory(_ segment: Int) -> AlignedBuffer<Float> {
    let buffer = lock.withLock { free[kinds[segment]]?.popLast() }
    return buffer ?? AlignedBuffer(count: segments[segment].count)
  }

  private func release(_ buffer: AlignedBuffer<Float>, _ segment: Int) {
    free[kinds[segment], default: []].append(buffer)
  }

  /// Adds a chunk's gradient of a segment, and takes its memory back.
  func add(_ buffer: AlignedBuffer<Float>, _ segment: Int, chunk: Int) {
    add(buffer, Node(segment: segment, level: 0, index: chunk))
  }

  /// Adds a sum, which may complete others.
  func add(_ buffer: AlignedBuffer<Float>, _ node: Node) {
    var node = node
    let range = segments[node.segment]
    let total = gradients + range.lowerBound
    while node.chunks(of: chunks) != 0..<chunks {
      let isBelowRoot = node.parent.chunks(of: chunks) == 0..<chunks
      guard !node.sibling.chunks(of: chunks).isEmpty else {
        node = node.parent
        continue
      }
      if isBelowRoot {
        // The first of the two lies where the sum will be.
        return lock.withLock {
          if halves.remove(node.sibling) == nil {
            halves.insert(node)
            total.update(from: buffer.pointer, count: range.count)
          } else {
            ck_add(buffer.pointer, total, total, range.count)
          }
          release(buffer, node.segment)
        }
      }
      let other = lock.withLock {
        let other = waiting.removeValue(forKey: node.sibling)
        if other == nil { waiting[node] = buffer }
        return other
      }
      guard let other else { return }
      ck_add(buffer.pointer, other.pointer, buffer.pointer, range.count)
      lock.withLock { release(other, node.segment) }
      node = node.parent
    }
    total.update(from: buffer.pointer, count: range.count)
    lock.withLock { release(buffer, node.segment) }
  }

  /// The sum over some chunks of a segment, if it is one that waits for others.
  func waiting(_ segment: Int, chunks range: Range<Int>)
    -> UnsafeMutablePointer<Float>?
  {
    func isIt(_ node: Node) -> Bool {
      node.segment == segment && node.chunks(of: chunks) == range
    }
    if halves.contains(where: isIt) {
      return gradients + segments[segment].lowerBound
    }
    return waiting.first { isIt($0.key) }?.value.pointer
  }

  /// The chunks of the sums that are complete where the chunks `own` of `count`
  /// are, ascending.
  static func sums(of own: Range<Int>, count: Int) -> [Range<Int>] {
    var result: [Range<Int>] = []
    var first = own.lowerBound
    while first < own.upperBound {
      var size = 1
      while size < count, first.isMultiple(of: 2 * size),
        min(count, first + 2 * size) <= own.upperBound
      { size *= 2 }
      let range = first..<min(count, first + size)
      result.append(range)
      first = range.upperBound
    }
    return result
  }
}

/// Where a pass leaves the gradients of a chunk, segment by segment.
struct ChunkGradients {
  let tree: GradientTree
  let chunk: Int

  /// Lets `body` write a segment's gradients, all of them, and adds them up.
  func write(_ segment: Int, _ body: (SegmentGradients) throws -> Void)
    rethrows
  {
    let buffer = tree.memory(segment)
    try body(
      SegmentGradients(
        pointer: buffer.pointer, start: tree.segments[segment].lowerBound))
    tree.add(buffer, segment, chunk: chunk)
  }
}

/// A segment's gradients, by the parameters' places in the flat buffer.
struct SegmentGradients {
  let pointer: UnsafeMutablePointer<Float>
  let start: Int

  func callAsFunction(_ offset: Int) -> UnsafeMutablePointer<Float> {
    pointer + (offset - start)
  }
}
