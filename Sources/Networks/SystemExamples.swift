import Foundation
import Systems

/// Linear systems as a network's examples: the answer is the solution.
public struct SystemExamples: ExampleSource {
  private let source: any SystemSource
  private let noise: TrainingNoise?
  private let rightHandSides: RightHandSides
  private let seed: UInt64
  private let digests = DigestMemory()

  public var n: Int { source.n }
  public var count: Int? { source.count }
  public var identity: String { source.identity }
  public var origin: SampleOrigin? { source.origin }
  public var digest: String { source.digest }
  public var contentDigest: String { source.contentDigest }

  /// Takes the systems of a source.
  ///
  /// - Parameters:
  ///   - source: the systems.
  ///   - noise: what is done to each before it is encoded; nil leaves them
  ///     clean. Solutions stay the clean ones.
  ///   - rightHandSides: what a network that says a matrix learns it by.
  ///   - seed: of the noise and of random right-hand sides.
  public init(
    _ source: any SystemSource, noise: TrainingNoise? = nil,
    rightHandSides: RightHandSides = RightHandSides(), seed: UInt64 = 0
  ) {
    self.source = source
    self.noise = noise
    self.rightHandSides = rightHandSides
    self.seed = seed
  }

  public func systemDigests(threads: Int) throws -> SystemDigests? {
    try digests.value { try source.systemDigests(threads: threads) }
  }

  public func calibrated(_ kind: Encoding.Kind, isHomogeneous: Bool) throws
    -> Encoding
  {
    guard kind.isOfSystems else {
      throw NetworkError.mismatch(
        "the encoding '\(kind.rawValue)' is not one of linear systems")
    }
    if kind.isOfFields {
      return try calibratedFactors(isNoisy: kind == .estimates)
    }
    if kind == .coefficients { return try calibratedOperators() }
    var calibration = SystemEncoding.Calibration(
      kind, isHomogeneous: isHomogeneous, n: n)
    try forEachCalibration { _, system, _ in
      calibration.add(A: system.A, b: system.b)
    }
    return .system(calibration.encoding)
  }

  /// Hands out the systems that constants are taken from, with their indices.
  private func forEachCalibration(
    _ body: (Int, SolvedSystem, SystemWorkspace) throws -> Void
  ) throws {
    var system = SolvedSystem(n: n)
    let workspace = SystemWorkspace()
    for index in 0..<calibrationCount {
      try source.load(index, into: &system, workspace: workspace)
      try body(index, system, workspace)
    }
  }

  private func calibratedOperators() throws -> Encoding {
    var calibration = OperatorEncoding.Calibration(n: n)
    try forEachCalibration { _, system, _ in calibration.add(system) }
    return .coefficients(calibration.encoding)
  }

  private func calibratedFactors(isNoisy: Bool) throws -> Encoding {
    var calibration = FactorEncoding.Calibration(
      n: n, corrections: noise == nil ? 1 : 0, isNoisy: isNoisy)
    try forEachCalibration { index, system, workspace in
      do {
        try calibration.add(system.A, workspace.solver)
      } catch {
        throw SystemError.sample(
          name: identity, index: index, reason: "\(error)")
      }
    }
    return .factors(try calibration.encoding())
  }

  public func makeReader(_ encoding: Encoding) throws -> any ExampleReader {
    try encoding.requireSystems()
    return SystemReader(source, encoding, noise, rightHandSides, seed)
  }
}

/// What the systems are, once somebody has looked.
private final class DigestMemory: @unchecked Sendable {
  private var known: SystemDigests??
  private let lock = NSLock()

  func value(_ find: () throws -> SystemDigests?) throws -> SystemDigests? {
    try lock.withLock {
      if let known { return known }
      let found = try find()
      known = .some(found)
      return found
    }
  }
}

private final class SystemReader: ExampleReader {
  private let source: any SystemSource
  private let encoding: Encoding
  private let noise: TrainingNoise?
  private let rightHandSides: RightHandSides
  private let seed: UInt64
  private let workspace = SystemWorkspace()
  private var system: SolvedSystem
  private var scales: [Double]

  init(
    _ source: any SystemSource, _ encoding: Encoding,
    _ noise: TrainingNoise?, _ rightHandSides: RightHandSides, _ seed: UInt64
  ) {
    self.source = source
    self.encoding = encoding
    self.noise = noise
    self.rightHandSides = rightHandSides
    self.seed = seed
    system = SolvedSystem(n: source.n)
    scales = Array(repeating: 1, count: source.n)
  }

  func read(
    _ index: Int, visit: Int, into tokens: TokenBatch, sample: Int,
    _ example: ExampleMemory
  ) throws {
    try source.load(index, into: &system, workspace: workspace)
    let clean = noise == nil ? nil : system
    let weight =
      noise?.apply(to: &system, visit: visit, seed: seed) ?? 1
    for i in 0..<source.n { example.answer[i] = system.u[i] }
    tokens.write(sample) {
      encoding.encode(
        system.A, system.b, n: source.n, into: $0, context: example.context,
        scales: &scales)
    }
    guard let targets = example.targets else { return }
    do {
      if case .coefficients(let encoding) = encoding {
        let drawn = try rightHandSides.draw(
          from: source, index, visit: visit,
          seed: seed, clean ?? system, workspace: workspace)
        encoding.writeTargets(drawn, scales: example.context, targets)
        targets.weight.pointee *= Float(weight)
        return
      }
      targets.weight.pointee =
        try encoding.writeTargets(
          clean ?? system, context: example.context,
          workspace: workspace.solver,
          into: targets.values) * Float(weight)
    } catch {
      throw SystemError.sample(
        name: source.identity, index: index, reason: "\(error)")
    }
  }
}
