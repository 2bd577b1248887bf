import Networks
import Systems

/// The steps of Newton trajectories as a network's examples: the tokens are an
/// iterate and its problem's Aᵀb, the answer is the step.
public struct TrajectoryExamples: ExampleSource {
  private let dataset: NewtonDataset
  private let limit: Int

  public var n: Int { dataset.n }
  public var count: Int? { limit }
  public let identity: String
  public var digest: String { dataset.digest }
  public var contentDigest: String { dataset.contentDigest }
  public var origin: SampleOrigin? { dataset.origin(steps: limit) }

  /// Takes the steps of a dataset.
  ///
  /// - Parameters:
  ///   - dataset: the trajectories.
  ///   - limit: how many steps to use, from the first; all unless given.
  public init(_ dataset: NewtonDataset, limit: Int? = nil) {
    self.dataset = dataset
    self.limit = min(limit ?? dataset.count, dataset.count)
    let last = dataset.firstProblem + dataset.problems - 1
    let law = dataset.law
    identity =
      "newton p = \(law.p), \(law.rows) × \(law.columns), "
      + "seed \(dataset.seed), problems \(dataset.firstProblem) to \(last), "
      + "\(self.limit) steps"
  }

  public func calibrated(_ kind: Encoding.Kind, isHomogeneous: Bool) throws
    -> Encoding
  {
    guard !kind.isOfSystems, !isHomogeneous else {
      throw NetworkError.mismatch(
        "the encoding '\(kind.rawValue)'\(isHomogeneous ? ", homogeneous," : "") "
          + "is not one of iterates")
    }
    if kind == .gradient { try requireGradients() }
    var calibration = IterateEncoding.Calibration(
      hasGradient: kind == .gradient)
    for index in 0..<calibrationCount {
      let example = dataset.example(index)
      calibration.add(
        iterate: example.iterate, product: example.product,
        gradient: example.gradient, step: example.step)
    }
    return .iterate(calibration.encoding)
  }

  /// Throws unless the file has gradients.
  func requireGradients() throws {
    guard !dataset.gradients.isEmpty else {
      throw NetworkError.mismatch(
        "\(dataset.path): has no gradients; bvp newton generate writes them now"
      )
    }
  }

  public func makeReader(_ encoding: Encoding) throws -> any ExampleReader {
    guard case .iterate(let encoding) = encoding else {
      throw NetworkError.mismatch("the network did not learn Newton steps")
    }
    if encoding.gradientGain != nil { try requireGradients() }
    return TrajectoryReader(dataset, encoding)
  }
}

private final class TrajectoryReader: ExampleReader {
  private let dataset: NewtonDataset
  private let encoding: IterateEncoding

  init(_ dataset: NewtonDataset, _ encoding: IterateEncoding) {
    self.dataset = dataset
    self.encoding = encoding
  }

  func read(
    _ index: Int, visit: Int, into tokens: TokenBatch, sample: Int,
    _ memory: ExampleMemory
  ) {
    let example = dataset.example(index)
    tokens.write(sample) {
      encoding.encode(
        iterate: example.iterate, product: example.product,
        gradient: example.gradient, into: $0)
    }
    memory.set(example.step, gain: encoding.targetGain)
  }
}
