import Dispatch
import Networks

/// Prepares batches on a thread of its own while the network works on the
/// batch before.
///
/// Two batches are held in memory. What a batch holds depends on its sample
/// indices alone.
final class BatchLoader: @unchecked Sendable {
  /// One batch as the network reads it.
  struct Batch {
    let tokens: UnsafePointer<Float>
    let targets: UnsafePointer<Float>
    let samples: Int
  }

  private struct Slot {
    let tokens: AlignedBuffer<Float>
    let targets: AlignedBuffer<Float>
    var samples = 0
    var failure: (any Error)?
  }

  private let source: any SystemSource
  private let encoding: Encoding
  private let noise: TrainingNoise?
  private let seed: UInt64
  private let queue = DispatchQueue(label: "batches", qos: .userInitiated)
  private let group = DispatchGroup()
  // Touched by the queue between `prepare` and `take`, by the caller otherwise.
  private var slots: [Slot]
  private var current = 0
  private var system: SolvedSystem
  private var scales: [Double]

  /// Prepares batches of a source.
  ///
  /// - Parameters:
  ///   - source: the systems.
  ///   - encoding: how they become tokens.
  ///   - capacity: the most systems in a batch.
  ///   - noise: what is done to each before; nil leaves them clean.
  ///   - seed: the noise's seed.
  init(
    _ source: any SystemSource, encoding: Encoding, capacity: Int,
    noise: TrainingNoise? = nil, seed: UInt64 = 0
  ) {
    self.source = source
    self.encoding = encoding
    self.noise = noise
    self.seed = seed
    let n = source.n
    slots = (0..<2).map { _ in
      Slot(
        tokens: AlignedBuffer(count: capacity * n * encoding.features(n)),
        targets: AlignedBuffer(count: capacity * n))
    }
    system = SolvedSystem(n: n)
    scales = Array(repeating: 1, count: n)
  }

  /// Begins to prepare a batch; only one is under way at a time.
  ///
  /// - Parameters:
  ///   - indices: its systems.
  ///   - visit: how many systems were seen before it.
  func prepare(_ indices: [Int], visit: Int) {
    let slot = 1 - current
    queue.async(group: group) { [self] in fill(slot, indices, visit) }
  }

  /// Waits for the batch under way; it stays valid until the next call.
  func take() throws -> Batch {
    group.wait()
    current = 1 - current
    let slot = slots[current]
    if let failure = slot.failure { throw failure }
    return Batch(
      tokens: UnsafePointer(slot.tokens.pointer),
      targets: UnsafePointer(slot.targets.pointer), samples: slot.samples)
  }

  private func fill(_ slot: Int, _ indices: [Int], _ visit: Int) {
    let n = source.n
    slots[slot].samples = indices.count
    slots[slot].failure = nil
    do {
      for (row, index) in indices.enumerated() {
        try source.load(index, into: &system)
        noise?.apply(to: &system, visit: visit + row, seed: seed)
        encoding.encode(
          system.A, system.b, n: n,
          into: slots[slot].tokens.pointer + row * n * encoding.features(n),
          scales: &scales)
        let targets = slots[slot].targets.pointer + row * n
        let gain = encoding.targetGain
        for i in 0..<n { targets[i] = Float(gain * system.u[i]) }
      }
    } catch {
      slots[slot].failure = error
    }
  }
}
