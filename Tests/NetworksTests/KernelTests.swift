import CKernels
import Foundation
import TensorFiles
import Testing

@Suite(.serialized)
struct KernelTests {
  @Test func geluAndItsDerivativeAreExact() {
    var worst = (value: 0.0, derivative: 0.0)
    for step in -1200...1200 {
      let x = Double(step) / 100
      var input = [Float(x)]
      var output: [Float] = [0]
      ck_gelu_forward_f32(&input, &output, 1)
      let probability = 0.5 * erfc(-x / 2.0.squareRoot())
      let density = exp(-x * x / 2) / (2 * Double.pi).squareRoot()
      worst.value = max(
        worst.value, abs(Double(output[0]) - x * probability) / max(1, abs(x)))
      worst.derivative = max(
        worst.derivative, abs(Double(input[0]) - probability - x * density))
    }
    #expect(worst.value < 3e-7)
    #expect(worst.derivative < 5e-7)
  }

  @Test func bf16RoundsToNearestEvenAndKeepsNaN() {
    let values: [Float] = [
      1, 1.00390625, 1.01171875, -3.14159, 0, -0.0, .infinity, .nan, 1e-30,
      3.4e38, .greatestFiniteMagnitude,
    ]
    var halves = [UInt16](repeating: 0, count: values.count)
    ck_bf16_from_f32(values, &halves, values.count)
    for (value, half) in zip(values, halves) {
      if value.isNaN {
        #expect(BFloat16.float(half).isNaN)
      } else {
        #expect(half == BFloat16.bits(value), "\(value)")
      }
    }
    // 1 + 2⁻⁸ lies half-way between 1 and 1 + 2⁻⁷: it goes to the even one.
    #expect(BFloat16.float(halves[1]) == 1)
    #expect(BFloat16.float(halves[2]) == 1.015625)
  }

  @Test func longSumsOfSquaresKeepTheirDigits() {
    let values = (0..<100_003).map { Float(($0 * 7919) % 1009) / 1009 - 0.3 }
    let expected = values.reduce(0.0) { $0 + Double($1) * Double($1) }
    let sum = ck_sum_of_squares(values, values.count)
    #expect(abs(sum - expected) < 1e-6 * expected)
  }
}
