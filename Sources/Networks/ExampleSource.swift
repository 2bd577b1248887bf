import Parallel
import Systems

/// What a network learns from or is measured on: tokens, and the answers that
/// are right.
///
/// Example i is a pure function of the source and i.
public protocol ExampleSource: Sendable {
  /// Tokens in an example, and numbers in its answer.
  var n: Int { get }
  /// How many there are; nil is without end.
  var count: Int? { get }
  /// What this is, for recipes and checkpoints.
  var identity: String { get }
  /// Which samples these are; nil where nobody can tell.
  var origin: SampleOrigin? { get }
  /// Tells the file that the examples are read from apart from others; empty
  /// where there is none.
  var digest: String { get }
  /// The same of the whole of the file, which takes longer; of a job with one
  /// process no more than ``digest``.
  var contentDigest: String { get }
  /// What the systems are that the examples are made of; nil where they are made of
  /// none, or of some without end.
  ///
  /// - Throws: what the source of the systems throws.
  func systemDigests(threads: Int) throws -> SystemDigests?

  /// An encoding of a kind, with constants that suit these examples.
  ///
  /// - Parameters:
  ///   - kind: which.
  ///   - isHomogeneous: whether c times the right-hand side is to give c times the
  ///     answer.
  /// - Returns: the encoding.
  /// - Throws: ``NetworkError/mismatch(_:)`` if they have no such encoding, or
  ///   what the examples throw.
  func calibrated(_ kind: Encoding.Kind, isHomogeneous: Bool) throws -> Encoding

  /// Whoever encodes examples, with memory of its own.
  ///
  /// - Throws: ``NetworkError/mismatch(_:)`` if the encoding is of other
  ///   examples.
  func makeReader(_ encoding: Encoding) throws -> any ExampleReader
}

/// Encodes a source's examples, on one thread.
public protocol ExampleReader: AnyObject {
  /// Writes the tokens of an example to where a network reads them.
  ///
  /// - Parameters:
  ///   - index: which example.
  ///   - visit: how many examples the network has seen before it; whatever is
  ///     new each time depends on it.
  ///   - tokens: receives the tokens.
  ///   - sample: their place in the batch.
  ///   - example: receives all else.
  /// - Throws: an error that names the example if it cannot be made.
  func read(
    _ index: Int, visit: Int, into tokens: TokenBatch, sample: Int,
    _ example: ExampleMemory
  ) throws
}

/// Where a reader writes what belongs to an example besides its tokens.
public struct ExampleMemory {
  /// The right answer, n numbers.
  let answer: UnsafeMutablePointer<Double>
  /// What an answer is made of besides a network's outputs,
  /// `Encoding.contextCount(_:)` numbers.
  let context: UnsafeMutablePointer<Double>
  /// What the network is to say; nil where nobody asks.
  let targets: Targets?

  /// Where what a network is to say goes.
  public struct Targets {
    /// The network's outputs, or, where these are a matrix, its products with
    /// right-hand sides.
    let values: UnsafeMutablePointer<Float>
    /// The weight of the squared errors.
    let weight: UnsafeMutablePointer<Float>
    /// The right-hand sides.
    let rightHandSides: UnsafeMutablePointer<Float>

    public init(
      values: UnsafeMutablePointer<Float>, weight: UnsafeMutablePointer<Float>,
      rightHandSides: UnsafeMutablePointer<Float>
    ) {
      self.values = values
      self.weight = weight
      self.rightHandSides = rightHandSides
    }
  }

  public init(
    answer: UnsafeMutablePointer<Double>,
    context: UnsafeMutablePointer<Double>, targets: Targets? = nil
  ) {
    self.answer = answer
    self.context = context
    self.targets = targets
  }

  /// Takes an answer whose multiple by a gain is the target.
  public func set(_ values: some Sequence<Double>, gain: Double) {
    context[0] = gain
    for (i, value) in values.enumerated() {
      answer[i] = value
      targets?.values[i] = Float(gain * value)
    }
    targets?.weight.pointee = 1
  }
}

/// A reader for each worker.
public typealias ReaderStates = WorkerStates<any ExampleReader>

extension WorkerStates where State == any ExampleReader {
  /// Readers of a source, made when they are wanted.
  public convenience init(
    _ source: any ExampleSource, _ encoding: Encoding, threads: Int
  ) {
    self.init(threads: threads) { _ in try source.makeReader(encoding) }
  }
}

extension ExampleSource {
  public var origin: SampleOrigin? { nil }
  public var digest: String { "" }
  public var contentDigest: String { digest }
  public func systemDigests(threads: Int) throws -> SystemDigests? { nil }

  /// Whether a sample belongs to both, by where they are from or, of two files, by
  /// what is in them.
  ///
  /// - Throws: what the systems' sources throw.
  public func shares(
    with other: any ExampleSource, threads: Int = 1
  ) throws -> Bool {
    if let own = origin, let its = other.origin, own.shares(with: its) {
      return true
    }
    guard !digest.isEmpty, !other.digest.isEmpty,
      let own = try systemDigests(threads: threads),
      let its = try other.systemDigests(threads: threads)
    else { return false }
    return own.shares(with: its)
  }

  /// Which samples these are, and what those of a file are: what is noted of them
  /// when somebody has learned from them.
  ///
  /// - Throws: what the systems' source throws.
  public func learnedOrigin(threads: Int) throws -> SampleOrigin? {
    var result = origin
    if !digest.isEmpty { result?.digests = try systemDigests(threads: threads) }
    return result
  }

  /// An encoding of a kind that is not homogeneous.
  public func calibrated(_ kind: Encoding.Kind) throws -> Encoding {
    try calibrated(kind, isHomogeneous: false)
  }

  /// How many of the first examples constants are taken from.
  public var calibrationCount: Int { min(1000, count ?? 1000) }
}
