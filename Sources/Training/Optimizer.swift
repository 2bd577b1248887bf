import CKernels
import Networks

/// The optimisers there are.
public enum OptimizerKind: String, CaseIterable, Sendable {
  case adamw
  case muon

  /// Makes an optimiser of this kind for a network.
  ///
  /// - Parameters:
  ///   - network: whose parameters it changes.
  ///   - engine: where its products run.
  ///   - constants: AdamW's, for all tensors or those that Muon leaves.
  /// - Returns: the optimiser, before its first step.
  /// - Throws: `NetworkError` if a primitive cannot be made.
  public func makeOptimizer(
    _ network: any Network, engine: ComputeEngine, constants: AdamWConstants
  ) throws -> any Optimizer {
    switch self {
    case .adamw: AdamW(network, constants: constants)
    case .muon: try Muon(network, engine: engine, constants: constants)
    }
  }
}

/// Changes a network's parameters by their gradients.
///
/// The state is two flat buffers of the parameters' layout and the number of
/// steps taken: that is all a checkpoint has to keep.
public protocol Optimizer: AnyObject {
  /// The first moments (AdamW) or the momentum (Muon's matrices).
  var firstMoment: AlignedBuffer<Float> { get }
  /// The second moments; unused for Muon's matrices.
  var secondMoment: AlignedBuffer<Float> { get }
  /// Steps taken so far.
  var stepCount: Int { get set }
  /// Takes one step.
  ///
  /// - Parameters:
  ///   - learningRate: of this step.
  ///   - gradientScale: what the gradients are multiplied by first (clipping).
  /// - Throws: `NetworkError` if a primitive fails.
  func step(learningRate: Double, gradientScale: Float) throws
}

/// AdamW's constants.
public struct AdamWConstants: Sendable, Equatable {
  public var beta1 = 0.9
  public var beta2 = 0.95
  public var epsilon = 1e-8
  /// Decoupled decay of the blocks' weight matrices; biases, norms, positions
  /// and the two ends are not decayed.
  public var weightDecay = 0.0

  public init(weightDecay: Double = 0) { self.weightDecay = weightDecay }
}

/// Stretches of the flat buffer that share one weight decay.
struct DecaySegment {
  var range: Range<Int>
  var weightDecay: Double

  /// The layout cut into stretches as long as possible; tensors for which
  /// `isIncluded` is false are left out.
  static func segments(
    _ layout: ParameterLayout, weightDecay: Double,
    isIncluded: (ParameterLayout.Tensor) -> Bool
  ) -> [DecaySegment] {
    var result: [DecaySegment] = []
    for tensor in layout.tensors where isIncluded(tensor) {
      let decay = tensor.isBlockMatrix ? weightDecay : 0
      let padded =
        tensor.offset..<(tensor.offset + (tensor.count + 15) / 16 * 16)
      if let last = result.last, last.range.upperBound == padded.lowerBound,
        last.weightDecay == decay
      {
        result[result.count - 1].range =
          last.range.lowerBound..<padded.upperBound
      } else {
        result.append(DecaySegment(range: padded, weightDecay: decay))
      }
    }
    return result
  }
}

/// AdamW: Loshchilov and Hutter, *Decoupled Weight Decay Regularization*,
/// ICLR 2019.
public final class AdamW: Optimizer {
  public let firstMoment: AlignedBuffer<Float>
  public let secondMoment: AlignedBuffer<Float>
  public var stepCount = 0
  private let network: any Network
  private let constants: AdamWConstants
  private let segments: [DecaySegment]

  public convenience init(_ network: any Network, constants: AdamWConstants) {
    self.init(network, constants: constants) { _ in true }
  }

  init(
    _ network: any Network, constants: AdamWConstants,
    isIncluded: (ParameterLayout.Tensor) -> Bool
  ) {
    self.network = network
    self.constants = constants
    firstMoment = AlignedBuffer(count: network.layout.length)
    secondMoment = AlignedBuffer(count: network.layout.length)
    segments = DecaySegment.segments(
      network.layout, weightDecay: constants.weightDecay,
      isIncluded: isIncluded)
  }

  public func step(learningRate: Double, gradientScale: Float) {
    stepCount += 1
    let correction1 = 1 - power(constants.beta1, stepCount)
    let correction2 = 1 - power(constants.beta2, stepCount)
    for segment in segments {
      let start = segment.range.lowerBound
      ck_adamw(
        network.parameters.pointer + start, network.gradients.pointer + start,
        firstMoment.pointer + start, secondMoment.pointer + start,
        segment.range.count, Float(learningRate), Float(constants.beta1),
        Float(constants.beta2), Float(constants.epsilon),
        Float(segment.weightDecay), gradientScale, Float(correction1),
        Float(correction2))
    }
  }

  /// base to a whole power, by squaring.
  private func power(_ base: Double, _ exponent: Int) -> Double {
    var result = 1.0
    var square = base
    var rest = exponent
    while rest > 0 {
      if rest & 1 == 1 { result *= square }
      square *= square
      rest >>= 1
    }
    return result
  }
}
