import Foundation
import Networks
import TensorFiles
import TestSupport
import Testing
import Training

/// Ten steps against PyTorch's, from `TestSupport/Golden/make_golden.py`.
@Suite(.serialized)
struct OptimizerTests {
  @Test(arguments: GoldenNetwork.names, OptimizerKind.allCases)
  func tenStepsAgreeWithPyTorch(_ name: String, _ kind: OptimizerKind) throws {
    let golden = try GoldenNetwork(name)
    let file = golden.file
    let engine = try ComputeEngine(threads: 2)
    let network = try golden.network(engine: engine)
    let tokens = try golden.tokens(for: network)
    let optimizer = kind.makeOptimizer(
      network,
      constants: AdamWConstants(weightDecay: golden.number("weight_decay")))
    let targets = try file.floats("targets")
    for _ in 0..<10 {
      _ = try network.trainingPass(
        tokens, targets: targets, rightHandSides: golden.rightHandSides,
        samples: golden.samples)
      let norm = network.gradients.elements.reduce(0.0) {
        $0 + Double($1) * Double($1)
      }.squareRoot()
      let scale = min(1, golden.number("clip") / (norm + 1e-6))
      try optimizer.step(
        learningRate: golden.number("lr"), gradientScale: Float(scale))
      try network.parametersChanged()
    }
    for tensor in network.layout.tensors {
      let start = try file.floats("weights." + tensor.name)
      let expected = try file.floats("\(kind.rawValue).\(tensor.name)")
      let found = Array(network.parameters.elements[tensor.range])
      var held = Array(found.indices)
      if tensor.name.hasSuffix("qkv.bias") {
        // The gradient by the keys' bias, the middle third, is zero: AdamW
        // divides what rounding leaves of it by its own size, so all that holds
        // is that no step is longer than the rate, to 2 %.
        let third = found.count / 3
        held.removeSubrange(third..<(2 * third))
        let longest = 10.2 * golden.number("lr")
        for index in third..<(2 * third) {
          #expect(abs(Double(found[index] - start[index])) < longest)
        }
      }
      func distance(_ a: [Float], _ b: [Float]) -> Double {
        held.reduce(0) { sum, index in
          let difference = Double(a[index]) - Double(b[index])
          return sum + difference * difference
        }.squareRoot()
      }
      // Relative to how far PyTorch moved the tensor.
      let error = distance(found, expected) / distance(expected, start)
      #expect(error < 2e-3, "\(tensor.name): \(error)")
    }
  }

}

/// Newton–Schulz against the same iteration in Float64.
@Suite(.serialized)
struct NewtonSchulzTests {
  private typealias Matrix = [[Double]]

  private func product(_ A: Matrix, _ B: Matrix) -> Matrix {
    A.map { row in
      B[0].indices.map { j in
        row.indices.reduce(0) { $0 + row[$1] * B[$1][j] }
      }
    }
  }

  private func transposed(_ A: Matrix) -> Matrix {
    A[0].indices.map { j in A.map { $0[j] } }
  }

  /// Five iterations, by their definition.
  private func reference(_ A: Matrix) -> Matrix {
    guard A.count <= A[0].count else {
      return transposed(reference(transposed(A)))
    }
    let norm = A.joined().reduce(0) { $0 + $1 * $1 }.squareRoot()
    var X = A.map { $0.map { $0 / norm } }
    for _ in 0..<5 {
      let G = product(X, transposed(X))
      let G2 = product(G, G)
      let P = G.indices.map { i in
        G.indices.map { -4.7750 * G[i][$0] + 2.0315 * G2[i][$0] }
      }
      let PX = product(P, X)
      X = X.indices.map { i in
        X[i].indices.map { 3.4445 * X[i][$0] + PX[i][$0] }
      }
    }
    return X
  }

  /// Singular values by Jacobi's rotations of the shorter side's vectors.
  private func singularValues(_ A: Matrix) -> [Double] {
    var X = A.count <= A[0].count ? A : transposed(A)
    func dot(_ i: Int, _ j: Int) -> Double {
      zip(X[i], X[j]).reduce(0) { $0 + $1.0 * $1.1 }
    }
    for _ in 0..<30 {
      for i in X.indices {
        for j in X.indices where j > i {
          let angle = 0.5 * atan2(2 * dot(i, j), dot(i, i) - dot(j, j))
          let (c, s) = (cos(angle), sin(angle))
          (X[i], X[j]) = (
            zip(X[i], X[j]).map { c * $0 + s * $1 },
            zip(X[i], X[j]).map { c * $1 - s * $0 }
          )
        }
      }
    }
    return X.indices.map { dot($0, $0).squareRoot() }.sorted()
  }

  private func matrix(_ rows: Int, _ columns: Int, _ seed: Int) -> Matrix {
    (0..<rows).map { i in
      (0..<columns).map { j in
        let x =
          sin(12.9898 * Double(i * columns + j + 1) + Double(seed)) * 43758
        // The diagonal keeps the smallest singular value away from zero.
        return Double(Float(x - x.rounded(.down) - 0.5 + (i == j ? 1 : 0)))
      }
    }
  }

  @Test(
    arguments: [(4, 9), (9, 4), (6, 6), (1, 7), (33, 20), (24, 96)],
    Precision.allCases)
  func itBringsEverySingularValueNearOne(
    _ shape: (rows: Int, columns: Int), _ precision: Precision
  ) throws {
    let (rows, columns) = shape
    let size = rows * columns
    let iteration = try NewtonSchulz(
      ComputeEngine(threads: 2), precision: precision, count: 3, rows: rows,
      columns: columns)
    let matrices = (0..<3).map { matrix(rows, columns, $0) }
    for (index, matrix) in matrices.enumerated() {
      for (place, value) in matrix.joined().enumerated() {
        iteration.matrices.pointer[index * size + place] = Float(value)
      }
    }
    try iteration.orthogonalize()
    for (index, matrix) in matrices.enumerated() {
      let start = singularValues(matrix)
      let norm = start.reduce(0) { $0 + $1 * $1 }.squareRoot()
      // Smaller ones would take more than five iterations to grow.
      try #require(start[0] > 4e-3 * norm)
      let found = (0..<rows).map { i in
        (0..<columns).map {
          Double(iteration.matrices.pointer[index * size + i * columns + $0])
        }
      }
      // Jordan's band, and at bf16 the rounding of the operands.
      let slack = precision == .f32 ? 1e-4 : 0.03
      for value in singularValues(found) {
        #expect((0.68 - slack...1.14 + slack).contains(value))
      }
      let expected = reference(matrix)
      for (a, b) in zip(found.joined(), expected.joined()) {
        #expect(abs(a - b) < (precision == .f32 ? 1e-5 : 0.1))
      }
    }
  }
}
