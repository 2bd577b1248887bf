import Dispatch
import Networks

/// Prepares batches on a thread of its own while the network works on the
/// batch before.
///
/// Two batches are held in memory, each where the network will read it. What a
/// batch holds depends on its sample indices alone.
final class BatchLoader: @unchecked Sendable {
  /// One batch as the network reads it.
  struct Batch {
    let tokens: TokenBatch
    let targets: UnsafePointer<Float>
    let samples: Int
  }

  private struct Slot {
    var tokens: TokenBatch
    let targets: AlignedBuffer<Float>
    var samples = 0
    var failure: (any Error)?
  }

  private let reader: any ExampleReader
  private let n: Int
  private let targetGain: Double
  private let queue = DispatchQueue(label: "batches", qos: .userInitiated)
  private let group = DispatchGroup()
  // Touched by the queue between `prepare` and `take`, by the caller otherwise.
  private var slots: [Slot]
  private var current = 0
  private var answer: [Double]

  /// Prepares batches of a source.
  ///
  /// - Parameters:
  ///   - source: the examples.
  ///   - encoding: how they become tokens.
  ///   - network: who will read them.
  /// - Throws: what the source throws.
  init(
    _ source: any ExampleSource, encoding: Encoding, for network: any Network
  ) throws {
    reader = try source.makeReader(encoding)
    n = source.n
    targetGain = encoding.targetGain
    answer = Array(repeating: 0, count: n)
    let count = network.capacity * n
    slots = (0..<2).map { _ in
      Slot(tokens: network.makeTokens(), targets: AlignedBuffer(count: count))
    }
  }

  /// Begins to prepare a batch; only one is under way at a time.
  ///
  /// - Parameters:
  ///   - indices: its examples.
  ///   - visit: how many examples were seen before it.
  ///   - precision: of the products that will read it.
  func prepare(_ indices: [Int], visit: Int, precision: Precision) {
    let slot = 1 - current
    queue.async(group: group) { [self] in
      fill(slot, indices, visit, precision)
    }
  }

  /// Waits for the batch under way; it stays valid until the next call.
  func take() throws -> Batch {
    group.wait()
    current = 1 - current
    let slot = slots[current]
    if let failure = slot.failure { throw failure }
    return Batch(
      tokens: slot.tokens, targets: UnsafePointer(slot.targets.pointer),
      samples: slot.samples)
  }

  private func fill(
    _ slot: Int, _ indices: [Int], _ visit: Int, _ precision: Precision
  ) {
    let old = slots[slot].tokens
    if old.precision != precision {
      slots[slot].tokens = TokenBatch(
        precision: precision, capacity: old.capacity, count: old.count)
    }
    slots[slot].samples = indices.count
    slots[slot].failure = nil
    do {
      for (row, index) in indices.enumerated() {
        try reader.read(
          index, visit: visit + row, into: slots[slot].tokens, sample: row,
          answer: &answer)
        let targets = slots[slot].targets.pointer + row * n
        for i in 0..<n { targets[i] = Float(targetGain * answer[i]) }
      }
    } catch {
      slots[slot].failure = error
    }
  }
}
