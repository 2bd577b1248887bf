import CKernels
import CMatmul
import Foundation
import TestSupport
import Testing

@testable import Networks

/// What is asked of oneDNN besides products.
@Suite struct OneDNNTests {
  /// Its own numbers: none, one thread, OpenMP, TBB, thread pools, and OpenCL.
  @Test func threadsOfAnotherKindAreRefused() throws {
    let allowed = [0, 1, 2, 4, 8, 512].filter { cm_runtime_status($0) == 0 }
    #expect(allowed == [1, 2])
    let error = refusal(NetworkError.self) {
      try check(cm_runtime_status(4), "create an engine")
    }
    #expect(
      error?.description
        == "oneDNN could not create an engine: it was built for threads of TBB or "
        + "of a pool; a build for OpenMP or for one thread is needed")
    _ = try ComputeEngine(threads: 1)
  }

  /// Inference takes oneDNN's GELU in the product, training `CKernels`', which
  /// leaves the derivative too; Engine.md states how far apart they are.
  @Test func bothGELUsAgree() throws {
    let count = 240_001
    let x = (0..<count).map { Float($0) / 10_000 - 12 }
    var ours = [Float](repeating: 0, count: count)
    var derivative = x
    ck_gelu_forward_f32(&derivative, &ours, count)
    let theirs = try gelu(x)
    var apart = 0.0
    var errors = (ours: 0.0, theirs: 0.0)
    for (index, x) in x.enumerated() {
      let t = Double(x)
      let exact = t * 0.5 * erfc(-t / 2.0.squareRoot())
      let size = max(1, abs(t))
      apart = max(apart, abs(Double(ours[index] - theirs[index])) / size)
      errors.ours = max(errors.ours, abs(Double(ours[index]) - exact) / size)
      errors.theirs = max(
        errors.theirs, abs(Double(theirs[index]) - exact) / size)
    }
    #expect(apart < 5e-7)
    #expect(errors.ours < 2e-7)
    #expect(errors.theirs < 4e-7)
  }

  /// GELU of x, by a product with the number 1.
  private func gelu(_ x: [Float]) throws -> [Float] {
    let engine = try WorkerEngine()
    let product = try Matmul(
      engine, Operand(.f32, x.count, 1), Operand(.f32, 1, 1),
      Operand(.f32, x.count, 1), gelu: true)
    var result = [Float](repeating: 0, count: x.count)
    try product.run(x, [Float(1)], &result)
    return result
  }

  /// The same of whole networks: what a network for training says of tokens,
  /// beside one for inference, relative to the largest of its answers.
  @Test(arguments: [Precision.f32, .bf16])
  func answersAgreeThatTakeEitherGELU(precision: Precision) throws {
    let checkpoint = try Checkpoint(
      path: Repository.path("checkpoints/diffusion.safetensors"))
    let engine = try ComputeEngine(threads: 1)
    let samples = 8
    func answers(isTraining: Bool) throws -> [Float] {
      let network = try Network(
        checkpoint.configuration, engine: engine, precision: precision,
        capacity: samples, isTraining: isTraining)
      _ = network.parameters.elements.update(
        fromContentsOf: checkpoint.parameters)
      try network.parametersChanged()
      let tokens = network.makeTokens()
      for sample in 0..<samples {
        tokens.write(
          sample,
          (0..<network.tokenCount).map { sin(Float($0 * (sample + 1))) / 2 })
      }
      try network.forward(tokens, samples: samples)
      return Array(
        network.outputs.elements.prefix(samples * network.outputCount))
    }
    let ours = try answers(isTraining: true)
    let theirs = try answers(isTraining: false)
    let largest = try #require(theirs.map(abs).max())
    let apart = zip(ours, theirs).map { abs($0 - $1) / largest }.max() ?? 0
    #expect(apart > 0)
    #expect(apart < (precision == .f32 ? 2e-6 : 2e-2))
  }
}
