/// What formulas are functions of, at points: a sample's parameters and fields,
/// and, of a nonlinear equation, the solution so far.
struct FormulaInputs {
  let parameters: [Double]
  let x: UnsafeBufferPointer<Double>
  /// The fields and their derivatives, [rows, points].
  var fields: UnsafePointer<Double>?
  /// The row of each field, of which its derivatives follow.
  var firstRows: [Int] = []
  var u: UnsafePointer<Double>?
  var du: UnsafePointer<Double>?

  /// Writes the formula's values at the points into `values`, [points].
  func evaluate(
    _ expression: Expression, into values: UnsafeMutablePointer<Double>
  ) {
    expression.evaluate(
      parameters: parameters, count: x.count, into: values
    ) {
      switch $0 {
      case .x: x.baseAddress
      case .field(let index, let order):
        fields.map { $0 + (firstRows[index] + order) * x.count }
      case .u: u
      case .du: du
      }
    }
  }
}
