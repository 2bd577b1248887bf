import CKernels
import Networks

/// Muon: momentum orthogonalised by Newton–Schulz iterations for the blocks'
/// weight matrices, AdamW for every other tensor.
///
/// The update of a matrix is the Nesterov momentum U (β = 0.95) replaced by
/// nearly U(UᵀU)^(−1/2) and scaled by 0.2 √max(rows, columns), which gives it
/// the root mean square of an AdamW step. Matrices stacked in one tensor
/// (queries, keys and values; gates) are orthogonalised one by one. Jordan et
/// al., *Muon: An optimizer for hidden layers in neural networks* (2024); the
/// scale is from Liu et al., *Muon is scalable for LLM training* (2025).
public final class Muon: Optimizer {
  public var firstMoment: AlignedBuffer<Float> { adamw.firstMoment }
  public var secondMoment: AlignedBuffer<Float> { adamw.secondMoment }
  public var stepCount: Int {
    get { adamw.stepCount }
    set { adamw.stepCount = newValue }
  }

  private let network: any Network
  private let adamw: AdamW
  private let weightDecay: Double
  private let groups: [Group]
  private static let momentum: Float = 0.95

  /// Matrices of one shape, orthogonalised together.
  private struct Group {
    /// Where each matrix begins in the flat buffer.
    let offsets: [Int]
    let iteration: NewtonSchulz
    /// 0.2 √max(rows, columns).
    let scale: Float
    var size: Int { iteration.rows * iteration.columns }
  }

  public init(
    _ network: any Network, engine: ComputeEngine, constants: AdamWConstants
  ) throws {
    self.network = network
    weightDecay = constants.weightDecay
    adamw = AdamW(network, constants: constants) { !$0.isBlockMatrix }
    var shapes: [[Int]: [Int]] = [:]
    for tensor in network.layout.tensors where tensor.isBlockMatrix {
      let parts = tensor.stacked
      let shape = [tensor.shape[0] / parts, tensor.shape[1]]
      for part in 0..<parts {
        shapes[shape, default: []].append(
          tensor.offset + part * tensor.count / parts)
      }
    }
    groups = try shapes.sorted { $0.key.lexicographicallyPrecedes($1.key) }
      .map { shape, offsets in
        let longest = Float(max(shape[0], shape[1]))
        return Group(
          offsets: offsets,
          iteration: try NewtonSchulz(
            engine, precision: network.precision, count: offsets.count,
            rows: shape[0], columns: shape[1]),
          scale: 0.2 * longest.squareRoot())
      }
  }

  public func step(learningRate: Double, gradientScale: Float) throws {
    adamw.step(learningRate: learningRate, gradientScale: gradientScale)
    for group in groups {
      let updates = group.iteration.matrices.pointer
      for (index, offset) in group.offsets.enumerated() {
        ck_nesterov(
          network.gradients.pointer + offset, firstMoment.pointer + offset,
          updates + index * group.size, group.size, Self.momentum,
          gradientScale)
      }
      try group.iteration.orthogonalize()
      for (index, offset) in group.offsets.enumerated() {
        ck_apply_update(
          network.parameters.pointer + offset, updates + index * group.size,
          group.size, Float(learningRate), group.scale, Float(weightDecay))
      }
    }
  }
}
