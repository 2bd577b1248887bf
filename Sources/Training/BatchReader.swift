import Networks
import Parallel

/// Writes the examples of a batch to where the network's workers read them,
/// each chunk by the worker that will go on with it.
///
/// What a batch holds depends on its sample indices alone.
final class BatchReader: Sendable {
  private let readers: ReaderStates
  private let answers: WorkerStates<AlignedBuffer<Double>>
  private let n: Int
  /// The gain of an ordinary example.
  private let unit: Double

  /// Prepares to read a source.
  ///
  /// - Parameters:
  ///   - source: the examples.
  ///   - encoding: how they become tokens.
  ///   - threads: the workers.
  init(_ source: any ExampleSource, encoding: Encoding, threads: Int) {
    n = source.n
    unit = encoding.targetGain
    readers = ReaderStates(source, encoding, threads: threads)
    let n = n
    answers = WorkerStates(threads: threads) { _ in AlignedBuffer(count: n) }
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
      let answer = try answers(worker).pointer
      for (sample, row) in rows.enumerated() {
        let gain = try reader.read(
          indices[row], visit: visit + row, into: examples.tokens,
          sample: sample, answer: answer)
        let targets = examples.targets.pointer + sample * n
        // Errors count as those of the answers, whatever was scaled.
        let weight = gain == 0 ? 0 : unit / gain
        examples.weights.pointer[sample] = Float(weight * weight)
        for i in 0..<n { targets[i] = Float(gain * answer[i]) }
      }
    }
  }
}
