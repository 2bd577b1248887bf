import CKernels
import Networks
import Parallel

/// The optimisers there are.
public enum OptimizerKind: String, CaseIterable, Sendable {
  case adamw
  case muon

  /// Makes an optimiser of this kind for a network.
  ///
  /// - Parameters:
  ///   - network: whose parameters it changes.
  ///   - constants: AdamW's, for all tensors or those that Muon leaves.
  /// - Returns: the optimiser, before its first step.
  public func makeOptimizer(_ network: Network, constants: AdamWConstants)
    -> any Optimizer
  {
    switch self {
    case .adamw: AdamW(network, constants: constants)
    case .muon: Muon(network, constants: constants)
    }
  }
}

/// What a step of an optimiser depends on besides the gradients.
public struct OptimizerStep: Sendable {
  /// Counted from 1.
  public var number: Int
  public var learningRate: Double
  /// What the gradients are multiplied by first (clipping).
  public var gradientScale: Float
}

/// Changes a network's parameters by their gradients.
///
/// The state is two flat buffers of the parameters' layout and the number of
/// steps taken: that is all a checkpoint has to keep. A tensor is changed by
/// its own gradient and state alone, so that they can be dealt out.
public protocol Optimizer: AnyObject, Sendable {
  var network: Network { get }
  /// The first moments (AdamW) or the momentum (Muon's matrices).
  var firstMoment: AlignedBuffer<Float> { get }
  /// The second moments; unused for Muon's matrices.
  var secondMoment: AlignedBuffer<Float> { get }
  /// Steps taken so far.
  var stepCount: Int { get set }

  /// Changes one tensor.
  ///
  /// - Parameters:
  ///   - tensor: of the network's layout.
  ///   - step: the step.
  ///   - worker: who does it.
  /// - Throws: `NetworkError` if a primitive fails.
  func update(
    _ tensor: ParameterLayout.Tensor, _ step: OptimizerStep, worker: Int) throws
}

extension Optimizer {
  /// Takes one step; `Network.parametersChanged()` is still to be called.
  ///
  /// - Parameters:
  ///   - learningRate: of this step.
  ///   - gradientScale: what the gradients are multiplied by first (clipping).
  ///   - tensors: those to be changed, by their numbers in the layout; nil is
  ///     all.
  /// - Throws: `NetworkError` if a primitive fails.
  public func step(
    learningRate: Double, gradientScale: Float, tensors: Range<Int>? = nil
  ) throws {
    stepCount += 1
    let step = OptimizerStep(
      number: stepCount, learningRate: learningRate,
      gradientScale: gradientScale)
    let all = network.layout.tensors
    // The large ones first, so that all threads end together.
    let order = all[tensors ?? 0..<all.count].sorted { $0.count > $1.count }
    try parallelTasks(order.count, threads: network.engine.threads) {
      index, worker in
      try self.update(order[index], step, worker: worker)
    }
  }
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

/// AdamW: Loshchilov and Hutter, *Decoupled Weight Decay Regularization*,
/// ICLR 2019.
public final class AdamW: Optimizer, @unchecked Sendable {
  public let network: Network
  public let firstMoment: AlignedBuffer<Float>
  public let secondMoment: AlignedBuffer<Float>
  public var stepCount = 0
  private let constants: AdamWConstants

  public init(_ network: Network, constants: AdamWConstants) {
    self.network = network
    self.constants = constants
    firstMoment = AlignedBuffer(count: network.layout.length)
    secondMoment = AlignedBuffer(count: network.layout.length)
  }

  public func update(
    _ tensor: ParameterLayout.Tensor, _ step: OptimizerStep, worker: Int
  ) {
    let correction1 = 1 - power(constants.beta1, step.number)
    let correction2 = 1 - power(constants.beta2, step.number)
    let start = tensor.offset
    ck_adamw(
      network.parameters.pointer + start, network.gradients.pointer + start,
      firstMoment.pointer + start, secondMoment.pointer + start,
      tensor.count, Float(step.learningRate), Float(constants.beta1),
      Float(constants.beta2), Float(constants.epsilon),
      tensor.isBlockMatrix ? Float(constants.weightDecay) : 0,
      step.gradientScale, Float(correction1), Float(correction2))
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
