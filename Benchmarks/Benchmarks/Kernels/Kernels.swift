import Benchmark
import CKernels
import Chebyshev
import DenseSolvers
import Equations
import Networks
import Systems

/// The kernels that a training step, a dataset and an evaluation spend their
/// time in, at the paper's sizes unless a name says otherwise.
let benchmarks: @Sendable () -> Void = {
  Benchmark.defaultConfiguration = .init(
    metrics: [.wallClock, .throughput], timeUnits: .microseconds,
    warmupIterations: 3, maxDuration: .seconds(2), maxIterations: 10_000)

  // MARK: Networks

  for precision in Precision.allCases {
    Benchmark("attention, 64 samples, \(precision)") { benchmark in
      let (n, width, heads, samples) = (64, 256, 8, 64)
      let bytes = samples * n * width * 4
      let qkv = AlignedBuffer<UInt8>(count: 3 * bytes)
      let out = AlignedBuffer<UInt8>(count: bytes)
      let scratch = AlignedBuffer<Float>(
        count: ck_attention_scratch(n, width, heads))
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        switch precision {
        case .f32:
          qkv.pointer.withMemoryRebound(to: Float.self, capacity: 1) { qkv in
            out.pointer.withMemoryRebound(to: Float.self, capacity: 1) {
              ck_attention_forward_f32(
                qkv, $0, nil, scratch.pointer, samples, n, width, heads, 0,
                n, 0)
            }
          }
        case .bf16:
          qkv.pointer.withMemoryRebound(to: UInt16.self, capacity: 1) { qkv in
            out.pointer.withMemoryRebound(to: UInt16.self, capacity: 1) {
              ck_attention_forward_bf16(
                qkv, $0, nil, scratch.pointer, samples, n, width, heads, 0,
                n, 0)
            }
          }
        }
      }
    }

    Benchmark("training pass, compact, 32 samples, \(precision)") { benchmark in
      let network = try Network(
        .algebraformer(AlgebraformerConfiguration()),
        engine: ComputeEngine(threads: 2), precision: precision, capacity: 32,
        isTraining: true)
      try network.initialize(seed: 0)
      let tokens = network.makeTokens()
      let targets = [Float](repeating: 1, count: 32 * 64)
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        blackHole(
          try network.trainingPass(tokens, targets: targets, samples: 32))
      }
    }

    Benchmark("Newton–Schulz, 6 of 512 × 128, \(precision)") { benchmark in
      let iteration = try NewtonSchulz(
        ComputeEngine(threads: 2), precision: precision, count: 6, rows: 512,
        columns: 128)
      for index in 0..<iteration.matrices.count {
        iteration.matrices.pointer[index] = Float(index % 7) - 3
      }
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations { try iteration.orthogonalize() }
    }
  }

  Benchmark("GELU and its derivative, 4096 × 1024, bf16") { benchmark in
    let count = 4096 * 1024
    let x = AlignedBuffer<UInt16>(count: count)
    let y = AlignedBuffer<UInt16>(count: count)
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      ck_gelu_forward_bf16(x.pointer, y.pointer, count)
    }
  }

  // MARK: Data

  Benchmark("sample, assemble and encode a system") { benchmark in
    let source = SystemExamples(
      try EquationSource(
        Equation.load("diffusion"), nodes: 64, seed: 0, count: nil))
    let encoding = Encoding.system(
      SystemEncoding(kind: .equilibrated, matrixGain: 1, vectorGain: 1))
    let reader = try source.makeReader(encoding)
    let tokens = TokenBatch(precision: .bf16, capacity: 1, count: 64 * 65)
    let answer = AlignedBuffer<Double>(count: 64)
    let context = AlignedBuffer<Double>(count: encoding.contextCount(64))
    let example = ExampleMemory(
      answer: answer.pointer, context: context.pointer)
    benchmark.startMeasurement()
    for index in benchmark.scaledIterations {
      try reader.read(
        index, visit: index, into: tokens, sample: 0, example)
    }
  }

  for solver in DenseSolver.allCases {
    Benchmark("\(solver.summary), n = 64") { benchmark in
      let system = try EquationSource(
        Equation.load("diffusion"), nodes: 64, seed: 0, count: 1
      ).system(0)
      let workspace = Workspace()
      var x = [Double](repeating: 0, count: 64)
      benchmark.startMeasurement()
      for _ in benchmark.scaledIterations {
        try solver.solve(
          A: system.A, b: system.b, n: 64, x: &x, workspace: workspace)
      }
      blackHole(x)
    }
  }

  Benchmark("Chebyshev transform of 4096 vectors, n = 64") { benchmark in
    let values = (0..<(4096 * 64)).map { Double($0 % 101) }
    benchmark.startMeasurement()
    for _ in benchmark.scaledIterations {
      blackHole(try vals2coeffs(values, n: 64))
    }
  }
}
