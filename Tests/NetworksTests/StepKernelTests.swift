import CKernels
import Foundation
import Networks
import Testing

/// The optimisers' kernels in Float64, entry by entry.
@Suite(.serialized)
struct StepKernelTests {
  @Test(arguments: [1, 17, 30_011])
  func adamWIsItsDefinition(_ count: Int) {
    let (p, g) = (scrambled(count, 1), scrambled(count, 2))
    let (m, v) = (scrambled(count, 3), scrambled(count, 4).map { $0 * $0 })
    var (p1, m1, v1) = (p, m, v)
    let (lr, beta1, beta2, epsilon): (Float, Float, Float, Float) = (
      3e-2, 0.9, 0.95, 1e-3
    )
    let (decay, scale, c1, c2): (Float, Float, Float, Float) = (
      0.1, 0.7, 0.271, 0.142625
    )
    ck_adamw(
      &p1, g, &m1, &v1, count, lr, beta1, beta2, epsilon, decay, scale, c1, c2)
    let d = { (x: Float) in Double(x) }
    for i in 0..<count {
      let gradient = d(scale) * d(g[i])
      let first = d(beta1) * d(m[i]) + (1 - d(beta1)) * gradient
      let second = d(beta2) * d(v[i]) + (1 - d(beta2)) * gradient * gradient
      let root = (second / d(c2)).squareRoot() + d(epsilon)
      let move = d(lr) * first / d(c1) / root
      let size =
        d(lr) * (abs(d(beta1) * d(m[i])) + abs(gradient)) / d(c1) / root
      let right = (1 - d(lr) * d(decay)) * d(p[i]) - move
      let u = singleRoundoff
      #expect(abs(d(m1[i]) - first) <= 6 * u * (abs(d(m[i])) + abs(gradient)))
      #expect(abs(d(v1[i]) - second) <= 24 * u * second)
      #expect(
        abs(d(p1[i]) - right) <= 6 * u * abs(d(p[i])) + 24 * u * size)
    }
  }

  @Test(arguments: [1, 17, 30_011])
  func nesterovsMomentumLooksAhead(_ count: Int) {
    let (g, m, p) = (
      scrambled(count, 2), scrambled(count, 3), scrambled(count, 4)
    )
    var m1 = m
    var update = [Float](repeating: .nan, count: count)
    ck_nesterov(g, &m1, &update, count, 0.95, 0.5)
    var p1 = p
    ck_apply_update(&p1, update, count, 0.02, 0.4, 0.1)
    let u = singleRoundoff
    for i in 0..<count {
      let gradient = 0.5 * Double(g[i])
      let beta = Double(Float(0.95))
      let momentum = beta * Double(m[i]) + gradient
      let size = abs(Double(m[i])) + abs(gradient)
      #expect(abs(Double(m1[i]) - momentum) <= 4 * u * size)
      #expect(
        abs(Double(update[i]) - gradient - beta * momentum) <= 8 * u * size)
      let right =
        (1 - 0.02 * 0.1) * Double(p[i]) - 0.02 * 0.4 * Double(update[i])
      #expect(abs(Double(p1[i]) - right) <= 8 * u * (abs(Double(p[i])) + 0.02))
    }
  }
}

/// Steps of LSTM and GRU against their equations in Float64.
@Suite(.serialized)
struct RecurrentKernelTests {
  private let samples = 5
  private let hidden = 13
  private let pitch = 31

  /// What a step reads and writes in one direction.
  private struct Direction {
    let gates: Activations
    let hiddenGates: Activations
    let candidate: Activations
    let output: Activations
    let copy: Activations
    let product: AlignedBuffer<Float>
    let biases: [AlignedBuffer<Float>]
    let before: AlignedBuffer<Float>
    let state: AlignedBuffer<Float>
    let dstate: AlignedBuffer<Float>
  }

  private func directions(
    _ cell: RecurrentConfiguration.Cell, _ precision: Precision,
    backward: Bool
  ) -> [Direction] {
    let gates = cell == .lstm ? 4 : 3
    let size = samples * hidden
    return (0..<2).map { r in
      func some(_ count: Int, _ seed: Int, _ size: Double = 1)
        -> AlignedBuffer<Float>
      { AlignedBuffer(scrambled(count, seed + r, size: size)) }
      return Direction(
        // Gates are open or shut in part; after a forward step below 1.
        gates: Activations(
          precision,
          scrambled(gates * size, 10 + r, size: backward ? 0.9 : 3)),
        hiddenGates: Activations(precision, count: 3 * size),
        candidate: Activations(precision, scrambled(size, 20 + r)),
        output: Activations(precision, scrambled(samples * pitch, 30 + r)),
        copy: Activations(precision, scrambled(samples * pitch, 40 + r)),
        product: some((backward ? 1 : gates) * size, 50, 2),
        biases: [some(gates * hidden, 60), some(gates * hidden, 70)],
        before: some(size, 80), state: some(size, 90), dstate: some(size, 100))
    }
  }

  /// Runs a kernel; the first step has neither product nor state.
  private func run(
    _ memory: [Direction], isFirst: Bool,
    _ kernel: (UnsafePointer<ck_recurrent_step>) -> Void
  ) {
    let zeros = AlignedBuffer<Float>(count: 4 * hidden)
    let (a, b) = (memory[0], memory[1])
    var step = ck_recurrent_step()
    step.last = 2
    step.samples = samples
    step.hidden = hidden
    step.pitch = pitch
    step.zeros = UnsafePointer(zeros.pointer)
    step.gates = (a.gates.raw, b.gates.raw)
    step.hidden_gates = (a.hiddenGates.raw, b.hiddenGates.raw)
    step.candidate = (a.candidate.raw, b.candidate.raw)
    step.output = (a.output.raw, b.output.raw)
    step.copy = (a.copy.raw, b.copy.raw)
    func constants(_ place: (Direction) -> AlignedBuffer<Float>)
      -> (UnsafePointer<Float>?, UnsafePointer<Float>?)
    { (UnsafePointer(place(a).pointer), UnsafePointer(place(b).pointer)) }
    step.bias_input = constants { $0.biases[0] }
    step.bias_hidden = constants { $0.biases[1] }
    step.product = isFirst ? (nil, nil) : constants(\.product)
    step.before = isFirst ? (nil, nil) : constants(\.before)
    step.state = (a.state.pointer, b.state.pointer)
    step.dstate = (a.dstate.pointer, b.dstate.pointer)
    withExtendedLifetime((zeros, memory)) { kernel(&step) }
  }

  private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

  private func near(_ a: Double, _ b: Double, _ precision: Precision) -> Bool {
    // Sums of four numbers below 8 and functions whose slope is at most 1.
    abs(a - b) <= 64 * singleRoundoff + 1.01 * precision.roundoff * abs(b)
  }

  @Test(arguments: Precision.allCases, [false, true])
  func anLSTMStepIsItsEquations(_ precision: Precision, _ isFirst: Bool) {
    let memory = directions(.lstm, precision, backward: false)
    let start = memory.map(\.gates.values)
    run(memory, isFirst: isFirst) {
      precision == .f32 ? ck_lstm_forward_f32($0) : ck_lstm_forward_bf16($0)
    }
    var wrong = 0
    for (r, k, j) in places {
      let row = k * hidden + j
      func gate(_ g: Int) -> Double {
        let index = k * 4 * hidden + g * hidden + j
        return start[r][index]
          + memory[r].biases.reduce(0) {
            $0 + Double($1.pointer[g * hidden + j])
          }
          + (isFirst ? 0 : Double(memory[r].product.pointer[index]))
      }
      let (i, f, o) = (sigmoid(gate(0)), sigmoid(gate(1)), sigmoid(gate(3)))
      let g = tanh(gate(2))
      let c =
        i * g + (isFirst ? 0 : f * Double(memory[r].before.pointer[row]))
      let after = memory[r].gates.values
      let h = o * tanh(c)
      let place = k * pitch + j
      let pairs = [
        (memory[r].output.values[place], h),
        (memory[r].copy.values[place], h),
        (after[k * 4 * hidden + j], i),
        (after[k * 4 * hidden + hidden + j], f),
        (after[k * 4 * hidden + 2 * hidden + j], g),
        (after[k * 4 * hidden + 3 * hidden + j], o),
      ]
      wrong += pairs.count { !near($0.0, $0.1, precision) }
      wrong += near(Double(memory[r].state.pointer[row]), c, .f32) ? 0 : 1
    }
    #expect(wrong == 0)
  }

  private var places: [(Int, Int, Int)] {
    (0..<2).flatMap { r in
      (0..<samples).flatMap { k in (0..<hidden).map { (r, k, $0) } }
    }
  }

  @Test(arguments: Precision.allCases, [false, true])
  func anLSTMsBackwardStepIsTheChainRule(
    _ precision: Precision, _ isFirst: Bool
  ) {
    let memory = directions(.lstm, precision, backward: true)
    let start = memory.map(\.gates.values)
    let dstate = memory.map { Array($0.dstate.elements) }
    run(memory, isFirst: isFirst) {
      precision == .f32 ? ck_lstm_backward_f32($0) : ck_lstm_backward_bf16($0)
    }
    var wrong = 0
    for (r, k, j) in places {
      let (row, place) = (k * hidden + j, k * pitch + j)
      let own = (0..<4).map { start[r][k * 4 * hidden + $0 * hidden + j] }
      let (i, f, g, o) = (own[0], own[1], own[2], own[3])
      let t = tanh(Double(memory[r].state.pointer[row]))
      let dh =
        memory[r].output.values[place] + memory[r].copy.values[place]
        + (isFirst ? 0 : Double(memory[r].product.pointer[row]))
      let dc = Double(dstate[r][row]) + dh * o * (1 - t * t)
      let before = isFirst ? 0 : Double(memory[r].before.pointer[row])
      let right = [
        dc * g * i * (1 - i), dc * before * f * (1 - f), dc * i * (1 - g * g),
        dh * t * o * (1 - o),
      ]
      let after = memory[r].gates.values
      for (part, value) in right.enumerated() {
        let found = after[k * 4 * hidden + part * hidden + j]
        wrong += near(found, value, precision) ? 0 : 1
      }
      wrong += near(Double(memory[r].dstate.pointer[row]), dc * f, .f32) ? 0 : 1
    }
    #expect(wrong == 0)
  }

  @Test(arguments: Precision.allCases, [false, true])
  func aGRUStepIsItsEquations(_ precision: Precision, _ isFirst: Bool) {
    let memory = directions(.gru, precision, backward: false)
    let start = memory.map(\.gates.values)
    run(memory, isFirst: isFirst) {
      precision == .f32 ? ck_gru_forward_f32($0) : ck_gru_forward_bf16($0)
    }
    var wrong = 0
    for (r, k, j) in places {
      let (row, place) = (k * hidden + j, k * pitch + j)
      func term(_ g: Int, _ values: AlignedBuffer<Float>) -> Double {
        Double(values.pointer[k * 3 * hidden + g * hidden + j])
      }
      func bias(_ g: Int, _ which: Int) -> Double {
        Double(memory[r].biases[which].pointer[g * hidden + j])
      }
      func input(_ g: Int) -> Double {
        start[r][k * 3 * hidden + g * hidden + j] + bias(g, 0)
      }
      func state(_ g: Int) -> Double {
        bias(g, 1) + (isFirst ? 0 : term(g, memory[r].product))
      }
      let reset = sigmoid(input(0) + state(0))
      let z = sigmoid(input(1) + state(1))
      let m = state(2)
      let n = tanh(input(2) + reset * m)
      let before = isFirst ? 0 : Double(memory[r].before.pointer[row])
      let h = (1 - z) * n + z * before
      let after = memory[r].gates.values
      let pairs = [
        (memory[r].output.values[place], h),
        (memory[r].copy.values[place], h),
        (memory[r].candidate.values[row], m),
        (after[k * 3 * hidden + j], reset),
        (after[k * 3 * hidden + hidden + j], z),
        (after[k * 3 * hidden + 2 * hidden + j], n),
      ]
      wrong += pairs.count { !near($0.0, $0.1, precision) }
      wrong += near(Double(memory[r].state.pointer[row]), h, .f32) ? 0 : 1
    }
    #expect(wrong == 0)
  }

  @Test(arguments: Precision.allCases, [false, true])
  func aGRUsBackwardStepIsTheChainRule(
    _ precision: Precision, _ isFirst: Bool
  ) {
    let memory = directions(.gru, precision, backward: true)
    let start = memory.map(\.gates.values)
    let dstate = memory.map { Array($0.dstate.elements) }
    run(memory, isFirst: isFirst) {
      precision == .f32 ? ck_gru_backward_f32($0) : ck_gru_backward_bf16($0)
    }
    var wrong = 0
    for (r, k, j) in places {
      let (row, place) = (k * hidden + j, k * pitch + j)
      let own = (0..<3).map { start[r][k * 3 * hidden + $0 * hidden + j] }
      let (reset, z, n) = (own[0], own[1], own[2])
      let m = memory[r].candidate.values[row]
      let dh =
        memory[r].output.values[place] + memory[r].copy.values[place]
        + (isFirst ? 0 : Double(memory[r].product.pointer[row]))
        + Double(dstate[r][row])
      let before = isFirst ? 0 : Double(memory[r].before.pointer[row])
      let dn = dh * (1 - z) * (1 - n * n)
      let dz = dh * (before - n) * z * (1 - z)
      let dr = dn * m * reset * (1 - reset)
      for (part, values) in [
        ([dr, dz, dn], memory[r].gates.values),
        ([dr, dz, dn * reset], memory[r].hiddenGates.values),
      ] {
        for (g, value) in part.enumerated() {
          let found = values[k * 3 * hidden + g * hidden + j]
          wrong += near(found, value, precision) ? 0 : 1
        }
      }
      wrong += near(Double(memory[r].dstate.pointer[row]), dh * z, .f32) ? 0 : 1
    }
    #expect(wrong == 0)
  }

  @Test(arguments: Precision.allCases)
  func tokensComeInBothOrdersOfTime(_ precision: Precision) {
    let (samples, n, features) = (3, 7, 5)
    let tokens = Activations(precision, scrambled(samples * n * features, 1))
    let given = tokens.values
    let forward = Activations(precision, count: given.count)
    let backward = Activations(precision, count: given.count)
    switch precision {
    case .f32:
      ck_time_major_f32(
        tokens.floats, forward.floats, backward.floats, samples, n, features)
    case .bf16:
      ck_time_major_bf16(
        tokens.halves, forward.halves, backward.halves, samples, n, features)
    }
    for k in 0..<samples {
      for t in 0..<n {
        for j in 0..<features {
          let value = given[(k * n + t) * features + j]
          #expect(forward.values[(t * samples + k) * features + j] == value)
          let reversed = (n - 1 - t) * samples + k
          #expect(backward.values[reversed * features + j] == value)
        }
      }
    }
  }
}
