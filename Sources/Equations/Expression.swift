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
  /// vectors are the inputs that the formula has, then intermediate results.
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

  /// What the formula says.
  let tree: ExpressionTree

  private let program: ExpressionProgram

  /// Whether both compute the same in the same way, however they are spelled.
  static func == (a: Expression, b: Expression) -> Bool {
    a.program == b.program
  }

  /// Compiles `text`, in which the names of `scope` are allowed.
  init(_ text: String, scope: ExpressionScope) throws(ExpressionError) {
    self.text = text
    var parser = try ExpressionParser(text, scope: scope)
    tree = try parser.parse()
    program = ExpressionProgram(tree, parameters: scope.parameters.count)
  }

  /// Compiles a tree of `parameters` parameters at most.
  init(_ tree: ExpressionTree, parameters: Int) {
    text = ""
    self.tree = tree
    program = ExpressionProgram(tree, parameters: parameters)
  }

  /// Creates the formula of a number.
  init(constant value: Double) {
    text = NumberFormat.exact.text(value)
    tree = .number(value)
    program = ExpressionProgram(tree, parameters: 0)
  }

  /// Whether the formula has one of these parameters, by their index, or any
  /// field.
  func depends(onParameters indices: Set<Int>) -> Bool {
    tree.contains {
      switch $0 {
      case .parameter(let index): indices.contains(index)
      case .input(let input): input != .x
      case .number, .operation: false
      }
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
      evaluate(parameters: parameters, count: 1, into: $0) { _ in nil }
    }
    return result
  }

  /// Writes the values at `count` nodes into `result`.
  ///
  /// - Parameters:
  ///   - parameters: the parameters' values.
  ///   - count: the number of nodes.
  ///   - result: room for the values, [count].
  ///   - input: the values of what the formula is a function of, [count].
  func evaluate(
    parameters: [Double], count: Int,
    into result: UnsafeMutablePointer<Double>,
    input: (ExpressionInput) -> UnsafePointer<Double>?
  ) {
    precondition(parameters.count >= program.inputScalars)
    let scalars = program.constants.count
    let inputs = program.inputs.map { input($0) }
    let room = scalars + program.temporaryVectors * count
    withUnsafeTemporaryAllocation(of: Double.self, capacity: room + 1) {
      guard let base = $0.baseAddress else { return }
      for i in 0..<scalars {
        base[i] =
          i < program.inputScalars ? parameters[i] : program.constants[i]
      }
      func address(_ register: Register) -> UnsafeMutablePointer<Double> {
        switch register {
        case .scalar(let i): base + i
        case .vector(let i) where i >= inputs.count:
          base + scalars + (i - inputs.count) * count
        case .vector(let i):
          // An input that is missing is one that the scope does not allow.
          inputs[i].map { UnsafeMutablePointer(mutating: $0) } ?? base
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
    case .erf: unary { Foundation.erf($0) }
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
