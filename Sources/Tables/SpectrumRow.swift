/// An eigenvalue of I − G A, what an approximate inverse G leaves of an error.
public struct SpectrumRow: ResultRow, Equatable {
  /// Whose approximate inverse.
  public var inverse = ""
  public var sample = 0
  /// Its place among the sample's, from 1, the largest modulus first.
  public var number = 0
  public var real = 0.0
  public var imaginary = 0.0
  public var modulus = 0.0

  public init() {}

  public static var fields: [ResultField<SpectrumRow>] {
    [
      .column("inverse", \.inverse), .column("sample", \.sample),
      .column("number", \.number), .column("re", \.real),
      .column("im", \.imaginary), .column("modulus", \.modulus),
    ]
  }
}
