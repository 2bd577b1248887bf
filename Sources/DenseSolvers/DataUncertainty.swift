/// How far the entries of A and b may be from the true ones: what a
/// regularised solver is told, in place of knowing the solution.
///
/// With errors E in A and e in b that are independent and of zero mean, the
/// true solution leaves the residual Ex − e, and ‖Ex − e‖² is expected to be
/// Σⱼ (Σᵢ var Eᵢⱼ) xⱼ² + Σᵢ var eᵢ.
public struct DataUncertainty: Sendable, Equatable {
  /// Σᵢ var Eᵢⱼ for each column j, n numbers.
  public var columns: [Double]

  /// Σᵢ var eᵢ.
  public var right: Double

  /// Creates an uncertainty from the variances of the errors.
  public init(columns: [Double], right: Double) {
    self.columns = columns
    self.right = right
  }

  /// Returns the uncertainty of data of which every entry has the relative
  /// standard error `level`.
  ///
  /// - Parameters:
  ///   - level: the standard error.
  ///   - A: n × n in column-major order.
  ///   - b: the right-hand side, n numbers.
  ///   - n: the order.
  /// - Returns: the uncertainty.
  public static func relative(
    _ level: Double, A: UnsafePointer<Double>, b: UnsafePointer<Double>, n: Int
  ) -> DataUncertainty {
    func squares(_ values: UnsafePointer<Double>) -> Double {
      var sum = 0.0
      for i in 0..<n { sum += values[i] * values[i] }
      return level * level * sum
    }
    return DataUncertainty(
      columns: (0..<n).map { squares(A + $0 * n) }, right: squares(b))
  }

  /// Whether the errors explain what a solution leaves of b: the discrepancy
  /// principle.
  ///
  /// - Parameters:
  ///   - x: the solution, n numbers.
  ///   - A: n × n in column-major order.
  ///   - b: the right-hand side, n numbers.
  /// - Returns: whether ‖Ax − b‖² is no more than is expected of the errors.
  public func explains(_ x: [Double], A: [Double], b: [Double]) -> Bool {
    let rest = zip(b, product(A, x)).reduce(0.0) {
      let difference = $1.0 - $1.1
      return $0 + difference * difference
    }
    return rest <= expectedResidual(x)
  }

  /// The expectation of ‖Ax − b‖² for a solution x of the true system.
  func expectedResidual(_ x: [Double]) -> Double {
    zip(columns, x).reduce(right) { $0 + $1.0 * $1.1 * $1.1 }
  }
}
