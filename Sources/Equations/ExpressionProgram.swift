/// A compiled expression: what to compute, in which order, in which registers.
struct ExpressionProgram: Equatable, Sendable {
  /// The initial values of the scalar registers; those of the parameters,
  /// which come first, are placeholders.
  private(set) var constants: [Double]

  /// The number of scalar registers for the parameters.
  let inputScalars: Int

  /// What the first vector registers hold.
  private(set) var inputs: [ExpressionInput] = []

  /// The number of vector registers for intermediate results.
  private(set) var temporaryVectors = 0

  private(set) var steps: [Expression.Step] = []
  private(set) var result = Expression.Register.scalar(0)

  /// Compiles a tree, operands from left to right.
  init(_ tree: ExpressionTree, parameters: Int) {
    constants = [Double](repeating: 0, count: parameters)
    inputScalars = parameters
    inputs = Self.inputs(of: tree)
    var free: [Int] = []
    result = emit(tree, &free)
  }

  private static func inputs(of tree: ExpressionTree) -> [ExpressionInput] {
    switch tree {
    case .number, .parameter: []
    case .input(let input): [input]
    case .operation(_, let operands):
      operands.reduce(into: []) { found, operand in
        found += inputs(of: operand).filter { !found.contains($0) }
      }
    }
  }

  /// Appends the steps of a tree and returns its result's register; operands
  /// that no later step needs give theirs back, the result taking the first of
  /// them.
  private mutating func emit(
    _ tree: ExpressionTree, _ free: inout [Int]
  ) -> Expression.Register {
    switch tree {
    case .number(let value): return newScalar(value)
    case .parameter(let index): return .scalar(index)
    case .input(let input): return .vector(inputs.firstIndex(of: input) ?? 0)
    case .operation(let operation, let operands):
      let registers = operands.map { emit($0, &free) }
      for case .vector(let i) in registers.reversed() where i >= inputs.count {
        free.append(i)
      }
      let result =
        registers.contains { $0.stride == 1 } ? takeVector(&free) : newScalar(0)
      let a = registers[0]
      let b = registers.count > 1 ? registers[1] : a
      let c = registers.count > 2 ? registers[2] : a
      steps.append(
        Expression.Step(
          operation: operation, operands: (a, b, c), result: result))
      return result
    }
  }

  private mutating func newScalar(_ value: Double) -> Expression.Register {
    constants.append(value)
    return .scalar(constants.count - 1)
  }

  private mutating func takeVector(_ free: inout [Int]) -> Expression.Register {
    if let vector = free.popLast() { return .vector(vector) }
    temporaryVectors += 1
    return .vector(inputs.count + temporaryVectors - 1)
  }
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
