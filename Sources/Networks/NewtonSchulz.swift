import CKernels
import Parallel

/// Five Newton–Schulz iterations that bring the singular values of a stack of
/// matrices near 1, X ← aX + (bA + cA²)X with A = XXᵀ.
///
/// The coefficients (3.4445, −4.7750, 2.0315) are Jordan's: they grow small
/// singular values fastest and leave all of them within about (0.7, 1.2).
public final class NewtonSchulz {
  public let rows: Int
  public let columns: Int
  /// The stack, [count, rows, columns]: filled by the caller, replaced by
  /// ``orthogonalize()``.
  public let matrices: AlignedBuffer<Float>

  private let kernels: ElementKernels
  private let count: Int
  private let gram: AlignedBuffer<Float>
  private let polynomial: AlignedBuffer<Float>
  private let product: AlignedBuffer<Float>
  /// The operands of the products: X, and A or its polynomial.
  private let left: AlignedBuffer<UInt8>
  private let right: AlignedBuffer<UInt8>
  private let formGram: Matmul
  private let squareGram: Matmul
  private let multiply: Matmul
  private var isWide: Bool { rows <= columns }

  /// Prepares the iteration.
  ///
  /// - Parameters:
  ///   - engine: where it runs, for one worker of it.
  ///   - worker: which worker.
  ///   - precision: of the operands of its products; X itself and all sums are
  ///     Float32, and the iteration corrects what rounding does to them.
  ///   - count: matrices in the stack.
  ///   - rows: of each.
  ///   - columns: of each.
  /// - Throws: ``NetworkError`` if a primitive cannot be made.
  public init(
    _ engine: ComputeEngine, worker: Int = 0, precision: Precision, count: Int,
    rows: Int, columns: Int
  ) throws {
    let engine = try engine.workers(worker)
    self.count = count
    self.rows = rows
    self.columns = columns
    kernels = ElementKernels(precision: precision)
    let order = min(rows, columns)
    matrices = AlignedBuffer(count: count * rows * columns)
    product = AlignedBuffer(count: count * rows * columns)
    gram = AlignedBuffer(count: count * order * order)
    polynomial = AlignedBuffer(count: count * order * order)
    left = AlignedBuffer(count: matrices.count * precision.stride)
    right = AlignedBuffer(count: gram.count * precision.stride)
    let X = Operand(precision, count, rows, columns)
    let A = Operand(precision, count, order, order)
    let sums = Operand(.f32, count, order, order)
    let isWide = rows <= columns
    // A tall X is treated as its transpose would be: A = XᵀX, X ← X(…).
    formGram = try Matmul(
      engine, isWide ? X : X.transposed, isWide ? X.transposed : X, sums)
    squareGram = try Matmul(engine, A, A, sums, sum: 1)
    multiply = try Matmul(
      engine, isWide ? A : X, isWide ? X : A,
      Operand(.f32, count, rows, columns), sum: 1)
  }

  /// Replaces every matrix of the stack.
  public func orthogonalize() throws {
    let (a, b, c): (Float, Float, Float) = (3.4445, -4.7750, 2.0315)
    let X = matrices.pointer
    let Y = product.pointer
    let size = rows * columns
    for index in 0..<count {
      let matrix = X + index * size
      let norm = ck_sum_of_squares(matrix, size).squareRoot()
      ck_scale(matrix, matrix, Float(1 / (norm + 1e-7)), size)
    }
    for _ in 0..<5 {
      let operand = left.pointer
      kernels.narrow(X, operand, count: matrices.count)
      try formGram.run(operand, operand, gram.pointer)
      kernels.narrow(gram.pointer, right.pointer, count: gram.count)
      ck_scale(gram.pointer, polynomial.pointer, b / c, gram.count)
      try squareGram.run(right.pointer, right.pointer, polynomial.pointer)
      kernels.narrow(polynomial.pointer, right.pointer, count: gram.count)
      ck_scale(X, Y, a / c, matrices.count)
      try multiply.run(
        isWide ? right.pointer : operand, isWide ? operand : right.pointer, Y)
      ck_scale(Y, X, c, matrices.count)
    }
  }
}
