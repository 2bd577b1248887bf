import Networks
import Testing

struct EncodingTests {
  // A = [[3, 4], [0, 2]], column-major; its rows have norms 5 and 2.
  private let A: [Double] = [3, 0, 4, 2]
  private let b: [Double] = [10, 6]

  @Test func tokensAreColumnsWithTheirEntryOfB() {
    let raw = Encoding(kind: .raw, matrixGain: 2, vectorGain: 0.5)
    #expect(raw.tokens(A: A, b: b) == [6, 0, 5, 8, 4, 3])
    let scaled = Encoding(kind: .equilibrated, matrixGain: 1, vectorGain: 1)
    #expect(scaled.tokens(A: A, b: b) == [0.6, 0, 2, 0.8, 1, 3])
  }

  @Test(arguments: [Encoding.Kind.equilibrated, .raw])
  func calibrationBringsTokensToTheirRMS(_ kind: Encoding.Kind) {
    let encoding = Encoding.calibrated(kind, n: 2) { take in
      try? take(A, b)
    }
    let tokens = encoding.tokens(A: A, b: b).map(Double.init)
    let matrix = [0, 1, 3, 4].reduce(0) { $0 + tokens[$1] * tokens[$1] } / 4
    let vector = (tokens[2] * tokens[2] + tokens[5] * tokens[5]) / 2
    #expect(abs(matrix.squareRoot() - 0.5) < 1e-6)
    #expect(abs(vector.squareRoot() - 0.5) < 1e-6)
  }

  @Test func equilibrationForgetsRowScales() {
    let encoding = Encoding(kind: .equilibrated, matrixGain: 3, vectorGain: 7)
    let scaled: [Double] = [3e4, 0, 4e4, 2e-3]
    #expect(
      encoding.tokens(A: A, b: b) == encoding.tokens(A: scaled, b: [1e5, 6e-3]))
  }

  @Test func aZeroRowStaysFinite() {
    let encoding = Encoding(kind: .equilibrated, matrixGain: 1, vectorGain: 1)
    let tokens = encoding.tokens(A: [1, 0, 0, 0], b: [1, 1])
    #expect(!tokens.contains { !$0.isFinite })
  }

  @Test func anIterateHasTwoNumbersAToken() {
    let encoding = Encoding(
      kind: .iterate, matrixGain: 2, vectorGain: 3, targetGain: 5)
    #expect(encoding.features(4) == 2)
    #expect(
      encoding.tokens(A: [1, 2], b: [10, 20]) == [30, 2, 60, 4])
    let calibrated = Encoding.calibrated(.iterate, n: 2) { take in
      try? take([3, 4], [6, 8])
    }
    let tokens = calibrated.tokens(A: [3, 4], b: [6, 8])
    let squares = tokens.reduce(0) { $0 + $1 * $1 }
    #expect(abs(Double(squares) / 4 - 0.25) < 1e-6)
  }

  @Test func theConstantsComeBackFromMetadata() throws {
    let encoding = Encoding(
      kind: .iterate, matrixGain: 0.1, vectorGain: 3, targetGain: 1e5)
    #expect(try Encoding(metadata: encoding.metadata) == encoding)
    var damaged = encoding.metadata
    damaged["target_gain"] = "0"
    #expect(throws: Encoding.MetadataFailure.self) {
      try Encoding(metadata: damaged)
    }
    damaged["target_gain"] = nil
    damaged["matrix_gain"] = "nan"
    #expect(throws: Encoding.MetadataFailure.self) {
      try Encoding(metadata: damaged)
    }
  }
}
