import Foundation
import Tables

/// A formula of the equation language, compiled to a list of element-wise
/// steps over registers.
///
/// A register holds one number or one number a node. Whatever depends on
/// parameters alone is computed once, not once a node.
struct Expression: Sendable, Equatable {
  /// A place for a value: a number, or a vector over the nodes.
  ///
  /// Scalars are the parameters, then constants and intermediate results;
  /// vectors are x, the fields, then intermediate results.
  enum Register: Equatable {
    case scalar(Int)
    case vector(Int)
  }

  struct Step: Equatable {
    let operation: ExpressionOperation
    let operands: (Register, Register, Register)
    let result: Register

    static func == (a: Step, b: Step) -> Bool {
      a.operation == b.operation && a.operands == b.operands
        && a.result == b.result
    }
  }

  /// The formula as it was written.
  let text: String

  private let program: ExpressionProgram

  /// Whether both compute the same in the same way, however they are spelled.
  static func == (a: Expression, b: Expression) -> Bool {
    a.program == b.program
  }

  /// Compiles `text`, in which the names of `scope` are allowed.
  init(_ text: String, scope: ExpressionScope) throws(ExpressionError) {
    self.text = text
    var parser = try ExpressionParser(text, scope: scope)
    program = try parser.parse()
  }

  /// Creates the formula of a number.
  init(constant value: Double) {
    text = NumberFormat.exact.text(value)
    program = ExpressionProgram(
      constants: [value], inputScalars: 0, inputVectors: 1)
  }

  /// Whether the formula has one of these parameters, by their index, or any
  /// field.
  func depends(onParameters indices: Set<Int>) -> Bool {
    func isRandom(_ register: Register) -> Bool {
      switch register {
      case .scalar(let i): indices.contains(i)
      case .vector(let i): (1..<program.inputVectors).contains(i)
      }
    }
    return isRandom(program.result)
      || program.steps.contains {
        isRandom($0.operands.0) || isRandom($0.operands.1)
          || isRandom($0.operands.2)
      }
  }

  /// The value of an expression without x, fields or parameters.
  var constant: Double { value(parameters: []) }

  /// Returns the value of an expression without x and fields.
  ///
  /// - Precondition: the expression's scope had no x and no fields.
  func value(parameters: [Double]) -> Double {
    var result = 0.0
    withUnsafeMutablePointer(to: &result) {
      evaluate(parameters: parameters, x: nil, fields: nil, count: 1, into: $0)
    }
    return result
  }

  /// Writes the values at `count` nodes into `result`.
  ///
  /// - Parameters:
  ///   - parameters: the parameters' values.
  ///   - x: the nodes, [count].
  ///   - fields: the fields' values at the nodes, [fields, count].
  ///   - count: the number of nodes.
  ///   - result: room for the values, [count].
  func evaluate(
    parameters: [Double], x: UnsafePointer<Double>?,
    fields: UnsafePointer<Double>?, count: Int,
    into result: UnsafeMutablePointer<Double>
  ) {
    precondition(parameters.count >= program.inputScalars)
    let scalars = program.constants.count
    let inputs = program.inputVectors
    let room = scalars + program.temporaryVectors * count
    withUnsafeTemporaryAllocation(of: Double.self, capacity: room + 1) {
      guard let base = $0.baseAddress else { return }
      for i in 0..<scalars {
        base[i] =
          i < program.inputScalars ? parameters[i] : program.constants[i]
      }
      // Only registers that the program names are ever looked up, so that a
      // missing input is never read.
      func address(_ register: Register) -> UnsafeMutablePointer<Double> {
        switch register {
        case .scalar(let i): base + i
        case .vector(let i) where i >= inputs:
          base + scalars + (i - inputs) * count
        case .vector(0): UnsafeMutablePointer(mutating: x) ?? base
        case .vector(let i):
          fields.map { UnsafeMutablePointer(mutating: $0) + (i - 1) * count }
            ?? base
        }
      }
      for step in program.steps {
        ElementwiseKernel(step: step, count: count, address: address).run()
      }
      let value = address(program.result)
      let stride = program.result.stride
      for i in 0..<count { result[i] = value[i * stride] }
    }
  }
}

/// A compiled expression: what to compute, in which order, in which registers.
struct ExpressionProgram: Equatable {
  /// The initial values of the scalar registers; those of the parameters,
  /// which come first, are placeholders.
  var constants: [Double]

  /// The number of scalar registers for the parameters.
  let inputScalars: Int

  /// The number of vector registers for x and the fields.
  let inputVectors: Int

  /// The number of vector registers for intermediate results.
  var temporaryVectors = 0

  var steps: [Expression.Step] = []
  var result = Expression.Register.scalar(0)
}

extension Expression.Register {
  /// The distance between neighbouring nodes' values: a scalar has one value
  /// for all.
  var stride: Int {
    switch self {
    case .scalar: 0
    case .vector: 1
    }
  }
}

/// One step of a program on its operands' memory.
private struct ElementwiseKernel {
  let operation: ExpressionOperation
  let count: Int
  let out: UnsafeMutablePointer<Double>
  let a: UnsafeMutablePointer<Double>
  let b: UnsafeMutablePointer<Double>
  let c: UnsafeMutablePointer<Double>
  let strides: (Int, Int, Int)

  init(
    step: Expression.Step, count: Int,
    address: (Expression.Register) -> UnsafeMutablePointer<Double>
  ) {
    operation = step.operation
    self.count = step.result.stride == 0 ? 1 : count
    out = address(step.result)
    a = address(step.operands.0)
    b = address(step.operands.1)
    c = address(step.operands.2)
    strides = (
      step.operands.0.stride, step.operands.1.stride, step.operands.2.stride
    )
  }

  func run() {
    switch operation {
    case .negate: unary { -$0 }
    case .abs: unary { Swift.abs($0) }
    case .sqrt: unary { $0.squareRoot() }
    case .exp: unary { Foundation.exp($0) }
    case .log: unary { Foundation.log($0) }
    case .sin: unary { Foundation.sin($0) }
    case .cos: unary { Foundation.cos($0) }
    case .tan: unary { Foundation.tan($0) }
    case .tanh: unary { Foundation.tanh($0) }
    case .sinh: unary { Foundation.sinh($0) }
    case .cosh: unary { Foundation.cosh($0) }
    default: runWithSeveralOperands()
    }
  }

  private func runWithSeveralOperands() {
    switch operation {
    case .add: binary { $0 + $1 }
    case .subtract: binary { $0 - $1 }
    case .multiply: binary { $0 * $1 }
    case .divide: binary { $0 / $1 }
    case .power: binary { pow($0, $1) }
    case .minimum: binary { $0 < $1 ? $0 : $1 <= $0 ? $1 : .nan }
    case .maximum: binary { $0 > $1 ? $0 : $1 >= $0 ? $1 : .nan }
    case .less: binary { $0 < $1 ? 1 : 0 }
    case .lessOrEqual: binary { $0 <= $1 ? 1 : 0 }
    case .greater: binary { $0 > $1 ? 1 : 0 }
    case .greaterOrEqual: binary { $0 >= $1 ? 1 : 0 }
    case .indicator: ternary { $1 <= $0 && $0 <= $2 ? 1 : 0 }
    default: ternary { $0 != 0 ? $1 : $2 }
    }
  }

  @inline(__always)
  private func unary(_ f: (Double) -> Double) {
    for i in 0..<count { out[i] = f(a[i * strides.0]) }
  }

  @inline(__always)
  private func binary(_ f: (Double, Double) -> Double) {
    for i in 0..<count { out[i] = f(a[i * strides.0], b[i * strides.1]) }
  }

  @inline(__always)
  private func ternary(_ f: (Double, Double, Double) -> Double) {
    for i in 0..<count {
      out[i] = f(a[i * strides.0], b[i * strides.1], c[i * strides.2])
    }
  }
}
