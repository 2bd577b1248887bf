import Foundation
import Networks
import Solutions
import TensorFiles
import TestSupport
import Testing

struct EncodingTests {
  // A = [[3, 4], [0, 2]], column-major; its rows have norms 5 and 2.
  private let A: [Double] = [3, 0, 4, 2]
  private let b: [Double] = [10, 6]

  @Test func tokensAreColumnsWithTheirEntryOfB() {
    let raw = SystemEncoding(kind: .raw, matrixGain: 2, vectorGain: 0.5)
    #expect(raw.tokens(A: A, b: b) == [6, 0, 5, 8, 4, 3])
    let scaled = SystemEncoding(
      kind: .equilibrated, matrixGain: 1, vectorGain: 1)
    #expect(scaled.tokens(A: A, b: b) == [0.6, 0, 2, 0.8, 1, 3])
  }

  @Test(arguments: [Encoding.Kind.equilibrated, .raw])
  func calibrationBringsTokensToTheirRMS(_ kind: Encoding.Kind) {
    var calibration = SystemEncoding.Calibration(kind, n: 2)
    calibration.add(A: A, b: b)
    let tokens = calibration.encoding.tokens(A: A, b: b).map(Double.init)
    let matrix = [0, 1, 3, 4].reduce(0) { $0 + tokens[$1] * tokens[$1] } / 4
    let vector = (tokens[2] * tokens[2] + tokens[5] * tokens[5]) / 2
    #expect(abs(matrix.squareRoot() - Encoding.tokenRMS) < 1e-6)
    #expect(abs(vector.squareRoot() - Encoding.tokenRMS) < 1e-6)
  }

  @Test func equilibrationForgetsRowScales() {
    let encoding = SystemEncoding(
      kind: .equilibrated, matrixGain: 3, vectorGain: 7)
    let scaled: [Double] = [3e4, 0, 4e4, 2e-3]
    #expect(
      encoding.tokens(A: A, b: b) == encoding.tokens(A: scaled, b: [1e5, 6e-3]))
  }

  /// c b has the tokens of b, and c times its answer.
  @Test func homogeneousTokensForgetTheSizeOfB() {
    var calibration = SystemEncoding.Calibration(
      .equilibrated, isHomogeneous: true, n: 2)
    calibration.add(A: A, b: b)
    let encoding = calibration.encoding
    func encode(_ c: Double) -> (tokens: [Float], gain: Double) {
      var tokens = [Float](repeating: 0, count: 6)
      var scales = [1.0, 1]
      let gain = encoding.encode(
        A, b.map { c * $0 }, n: 2, into: &tokens, scales: &scales)
      return (tokens, gain)
    }
    let plain = encode(1)
    // What an ordinary system's target is: its solution.
    #expect(abs(plain.gain - 1) < 1e-14)
    let vector = Double(plain.tokens[2])
    let last = Double(plain.tokens[5])
    #expect(abs(vector * vector + last * last - 0.5) < 1e-6)
    for exponent in [-1000, -20, 20, 1000] {
      let scaled = encode(pow(2, Double(exponent)))
      #expect(scaled.tokens == plain.tokens)
      #expect(scaled.gain == plain.gain * pow(2, Double(-exponent)))
    }
    let zero = encode(0)
    #expect(zero.gain == 0 && zero.tokens.allSatisfy(\.isFinite))
  }

  @Test func aZeroRowStaysFinite() {
    let encoding = SystemEncoding(
      kind: .equilibrated, matrixGain: 1, vectorGain: 1)
    let tokens = encoding.tokens(A: [1, 0, 0, 0], b: [1, 1])
    #expect(!tokens.contains { !$0.isFinite })
  }

  private func tokens(
    _ encoding: IterateEncoding, iterate: [Double], product: [Double]
  ) -> [Float] {
    var tokens = [Float](
      repeating: 0,
      count: (encoding.gradientGain == nil ? 2 : 3) * iterate.count)
    encoding.encode(
      iterate: iterate, product: product, gradient: [-1, -2], into: &tokens)
    return tokens
  }

  @Test func anIterateHasTwoNumbersAToken() {
    let encoding = IterateEncoding(
      iterateGain: 2, productGain: 3, targetGain: 5)
    #expect(Encoding.Kind.iterate.features(4) == 2)
    #expect(
      tokens(encoding, iterate: [1, 2], product: [10, 20]) == [30, 2, 60, 4])
    let descent = IterateEncoding(
      iterateGain: 2, productGain: 3, gradientGain: 7, targetGain: 5)
    #expect(Encoding.iterate(descent).kind == .gradient)
    #expect(
      tokens(descent, iterate: [1, 2], product: [10, 20]) == [
        30, 2, -7, 60, 4, -14,
      ])
    var calibration = IterateEncoding.Calibration()
    calibration.add(
      iterate: [3, 4], product: [6, 8], gradient: [], step: [0.1, -0.1])
    let calibrated = calibration.encoding
    let squares = tokens(calibrated, iterate: [3, 4], product: [6, 8])
      .reduce(0) { $0 + $1 * $1 }
    #expect(abs(Double(squares) / 4 - 0.25) < 1e-6)
    #expect(abs(calibrated.targetGain - 10) < 1e-12)
  }

  @Test func theConstantsComeBackFromMetadata() throws {
    let folder = try TemporaryFolder()
    func read(_ metadata: [String: String]) throws -> Encoding {
      let path = folder.path("encoding")
      let writer = try SafetensorsWriter(
        path: path, tensors: [],
        metadata: metadata.merging(["format": "bvp-checkpoint/1"]) { a, _ in a }
      )
      try writer.finish()
      return try Encoding(
        Metadata(SafetensorsFile(path: path), format: .checkpoint))
    }
    let iterate = Encoding.iterate(
      IterateEncoding(iterateGain: 0.1, productGain: 3, targetGain: 1e5))
    let system = Encoding.system(
      SystemEncoding(kind: .raw, matrixGain: 1.0 / 3, vectorGain: 7))
    let homogeneous = Encoding.system(
      SystemEncoding(
        kind: .equilibrated, matrixGain: 0.1, vectorGain: 7, unitGain: 1e-3))
    let factors = Encoding.factors(
      FactorEncoding(
        coefficientGains: [1, 1.0 / 3, 3], fieldGains: [0.1, 2, 1e9],
        PolyaFactorization(nodes: 8)))
    let estimates = Encoding.factors(
      FactorEncoding(
        coefficientGains: [1, 1.0 / 3, 3], fieldGains: [0.1, 2, 1e9],
        PolyaFactorization(nodes: 8),
        estimator: try CoefficientEstimator(nodes: 8, terms: [.K, .V])))
    #expect(estimates.kind == .estimates && factors.kind == .factors)
    let gradient = Encoding.iterate(
      IterateEncoding(
        iterateGain: 0.1, productGain: 3, gradientGain: 0.3, targetGain: 1e5))
    for encoding in [
      iterate, gradient, system, homogeneous, factors, estimates,
    ] {
      #expect(try read(encoding.metadata) == encoding)
      #expect(
        Set(encoding.metadata.keys).isSubset(of: Encoding.metadataKeys))
    }
    for (key, value) in [
      ("target_gain", "0"), ("matrix_gain", "nan"), ("vector_gain", "x"),
      ("encoding", "magic"),
    ] {
      var damaged = iterate.metadata
      damaged[key] = value
      #expect(message { _ = try read(damaged) }.contains(key))
    }
    for (encoding, key, value) in [
      (factors, "field_gains", "1,2"), (factors, "field_gains", "1,x,2,3"),
      (factors, "n", "3"), (estimates, "terms", "K,V,K"),
      (estimates, "terms", "V,K"), (estimates, "n", "2048"),
      (estimates, "terms", "x"), (factors, "coefficient_gains", "1,0,2"),
      (homogeneous, "homogeneous", "maybe"), (iterate, "homogeneous", "true"),
      (system, "target_gain", "2"),
    ] {
      var damaged = encoding.metadata
      damaged[key] = value
      #expect(message { _ = try read(damaged) }.contains(key))
    }
  }
}
