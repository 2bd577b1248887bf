import Networks
import Parallel

/// Writes the examples of a batch to where the network's workers read them,
/// each chunk by the worker that will go on with it.
///
/// What a batch holds depends on its sample indices alone.
final class BatchReader: Sendable {
  private let readers: ReaderStates
  /// An answer and its context, which training does not need.
  private let scratch: WorkerStates<AlignedBuffer<Double>>
  private let n: Int
  /// Targets and right-hand sides of a sample.
  private let counts: (answers: Int, rightHandSides: Int)

  /// Prepares to read a source.
  ///
  /// - Parameters:
  ///   - source: the examples.
  ///   - encoding: how they become tokens.
  ///   - network: what reads them.
  init(_ source: any ExampleSource, encoding: Encoding, for network: Network) {
    let n = source.n
    let threads = network.engine.threads
    self.n = n
    counts = (network.answerCount, network.rightHandSideCount)
    readers = ReaderStates(source, encoding, threads: threads)
    let context = encoding.contextCount(n)
    scratch = WorkerStates(threads: threads) { _ in
      AlignedBuffer(count: n + context)
    }
  }

  /// The reading of a batch.
  ///
  /// - Parameters:
  ///   - indices: its examples.
  ///   - visit: how many examples were seen before it.
  /// - Returns: what the network asks for its chunks.
  func reading(_ indices: [Int], visit: Int) -> Network.Reading {
    { [self] rows, examples, worker in
      let reader = try readers(worker)
      let answer = try scratch(worker).pointer
      for (sample, row) in rows.enumerated() {
        try reader.read(
          indices[row], visit: visit + row, into: examples.tokens,
          sample: sample,
          ExampleMemory(
            answer: answer, context: answer + n,
            targets: ExampleMemory.Targets(
              values: examples.targets.pointer + sample * counts.answers,
              weight: examples.weights.pointer + sample,
              rightHandSides: examples.rightHandSides.pointer
                + sample * counts.rightHandSides)))
      }
    }
  }
}
