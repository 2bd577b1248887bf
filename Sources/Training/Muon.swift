import CKernels
import Networks
import Parallel

/// Muon: momentum orthogonalised by Newton–Schulz iterations for the blocks'
/// weight matrices, AdamW for every other tensor.
///
/// The update of a matrix is the Nesterov momentum U (β = 0.95) replaced by
/// nearly U(UᵀU)^(−1/2) and scaled by 0.2 √max(rows, columns), which gives it
/// the root mean square of an AdamW step. Matrices stacked in one tensor
/// (queries, keys and values; gates) are orthogonalised one by one. Jordan et
/// al., *Muon: An optimizer for hidden layers in neural networks* (2024); the
/// scale is from Liu et al., *Muon is scalable for LLM training* (2025).
public final class Muon: Optimizer, @unchecked Sendable {
  public var network: Network { adamw.network }
  public var firstMoment: AlignedBuffer<Float> { adamw.firstMoment }
  public var secondMoment: AlignedBuffer<Float> { adamw.secondMoment }
  public var stepCount: Int {
    get { adamw.stepCount }
    set { adamw.stepCount = newValue }
  }

  private let adamw: AdamW
  private let weightDecay: Double
  private let workers: WorkerStates<Iterations>
  private static let momentum: Float = 0.95

  /// A worker's iterations, for each shape of a stack of matrices.
  private final class Iterations {
    var byShape: [[Int]: NewtonSchulz] = [:]
  }

  public init(_ network: Network, constants: AdamWConstants) {
    weightDecay = constants.weightDecay
    adamw = AdamW(network, constants: constants)
    workers = WorkerStates(threads: network.engine.threads) { _ in Iterations()
    }
  }

  public func update(
    _ tensor: ParameterLayout.Tensor, _ step: OptimizerStep, worker: Int
  ) throws {
    guard tensor.isBlockMatrix else {
      return adamw.update(tensor, step, worker: worker)
    }
    let start = tensor.offset
    let iteration = try iteration(tensor, worker)
    ck_nesterov(
      network.gradients.pointer + start, firstMoment.pointer + start,
      iteration.matrices.pointer, tensor.count, Self.momentum,
      step.gradientScale)
    try iteration.orthogonalize()
    // The root mean square of an AdamW step.
    let longest = Float(max(iteration.rows, iteration.columns))
    ck_apply_update(
      network.parameters.pointer + start, iteration.matrices.pointer,
      tensor.count, Float(step.learningRate), 0.2 * longest.squareRoot(),
      Float(weightDecay))
  }

  private func iteration(_ tensor: ParameterLayout.Tensor, _ worker: Int)
    throws -> NewtonSchulz
  {
    let iterations = try workers(worker)
    let rows = tensor.shape[0] / tensor.stacked
    let shape = [tensor.stacked, rows, tensor.shape[1]]
    if let known = iterations.byShape[shape] { return known }
    let made = try NewtonSchulz(
      network.engine, worker: worker, precision: network.precision,
      count: tensor.stacked, rows: rows, columns: tensor.shape[1])
    iterations.byShape[shape] = made
    return made
  }
}
