/// One worker's share of a network: the activations of a chunk of samples, and
/// the products that compute them; one thread at a time uses it.
protocol NetworkPass: AnyObject {
  /// Computes the answers of a chunk.
  ///
  /// - Parameters:
  ///   - tokens: [samples, n, features] at the network's precision.
  ///   - samples: how many there are.
  ///   - outputs: receives the answers, [samples, n].
  /// - Throws: ``NetworkError`` if a primitive fails.
  func forward(
    _ tokens: UnsafeRawPointer, samples: Int,
    outputs: UnsafeMutablePointer<Float>) throws

  /// Computes the parameters' gradients of the chunk that went forward last.
  ///
  /// - Parameters:
  ///   - tokens: as before.
  ///   - samples: as before.
  ///   - doutputs: the gradient of the answers, [samples, n].
  ///   - gradients: receives the gradients.
  /// - Throws: ``NetworkError`` if a primitive fails.
  func backward(
    _ tokens: UnsafeRawPointer, samples: Int,
    doutputs: UnsafePointer<Float>, _ gradients: ChunkGradients) throws
}

/// The pass of one sample alone, which several workers share: in phases, whose
/// parts are the same whoever does them.
protocol SharedPass: AnyObject, Sendable {
  var phases: Int { get }
  var parts: Int { get }

  /// Does a part of a phase.
  ///
  /// - Parameters:
  ///   - phase: which phase; all of those before are done.
  ///   - part: which part.
  ///   - worker: who does it.
  ///   - tokens: the sample, [n, features] at the network's precision.
  ///   - outputs: receives the answer, n numbers.
  /// - Throws: ``NetworkError`` if a primitive fails.
  func run(
    phase: Int, part: Int, worker: Int, _ tokens: UnsafeRawPointer,
    _ outputs: UnsafeMutablePointer<Float>) throws
}
