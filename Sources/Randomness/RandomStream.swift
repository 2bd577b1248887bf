/// The streams of random numbers there are: everything that is drawn has one of
/// its own, so that no draw depends on what is drawn beside it.
///
/// The numbers are part of every dataset's and checkpoint's identity: they may
/// be added to, never changed.
public enum RandomStream: Hashable, Sendable {
  /// Parameter `j` of an equation's sample; the index is the sample's.
  case parameter(Int)
  /// Field `j` of an equation's sample.
  case field(Int)
  /// The first weights of a network; the index is the tensor's.
  case initialization
  /// The order of the samples; the index is the epoch's.
  case sampleOrder
  /// Noise on the matrix; the index is the sample's.
  case matrixNoise
  /// Noise on the right-hand side; the index is the sample's.
  case vectorNoise
  /// The level of the noise that a network is trained with; the index counts
  /// the samples seen.
  case trainingNoiseLevel
  /// The seed of another right-hand side for a sample's matrix; the index is the
  /// right-hand side's.
  case rightHandSide
  /// A random solution of a sample's system; the index is the sample's.
  case randomSolution
  /// The matrix of a p-norm problem; the index is the problem's.
  case pNormMatrix
  /// Its right-hand side.
  case pNormVector
  /// Its starting point.
  case pNormStart
  /// Whatever a benchmark feeds.
  case benchmark

  /// The number that a generator's counter holds.
  var number: UInt32 {
    switch self {
    case .parameter(let j): UInt32(truncatingIfNeeded: j)
    case .field(let j): 0x2000_0000 + UInt32(truncatingIfNeeded: j)
    case .initialization: 0x4000_0001
    case .sampleOrder: 0x4000_0002
    case .matrixNoise: 0x4000_0003
    case .vectorNoise: 0x4000_0004
    case .trainingNoiseLevel: 0x4000_0005
    case .rightHandSide: 0x4000_0006
    case .randomSolution: 0x4000_0007
    case .pNormMatrix: 0x4000_0010
    case .pNormVector: 0x4000_0011
    case .pNormStart: 0x4000_0012
    case .benchmark: 0x4000_0020
    }
  }

  /// What is combined by exclusive or with the seed of the noise that a network
  /// is trained with, so that test noise of the same seed has not been seen.
  public static let trainingNoiseSalt: UInt64 = 0x7472_6169_6e00_0000
}
