import ArgumentParser
import Foundation
import Parallel
import Systems
import Tables
import TensorFiles

struct ImportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "import",
    abstract: "Make a file of systems A x = b from arrays of your own.",
    discussion: """
      The arrays are tensors A [count, n, n], b [count, n] and x [count, n] (or
      u) of a safetensors file, or .npy files of float64 or float32 in C order;
      one A [n, n] may go with many b. Without x LU solves them. pretrain,
      finetune, evaluate, predict, robustness and calibrate take the file as
      --data, without an equation. Noise leaves the first and the last row
      alone, as those of equations.

      EXAMPLE: NumPy's files

        bvp import --A A.npy --b b.npy --x x.npy --output mine.safetensors

      EXAMPLE: fine-tuning on them

        bvp import train-arrays.safetensors --output train.safetensors
        bvp import test-arrays.safetensors --output test.safetensors
        bvp finetune --data train.safetensors --test-data test.safetensors \\
          --from checkpoints/diffusion.safetensors --output runs/mine
      """)

  @Argument(
    help: "A safetensors file with tensors A, b and x.",
    completion: .file(extensions: ["safetensors"]))
  var arrays: String?

  @Option(
    name: .customLong("A"), help: "The matrices, a .npy file.",
    completion: .file(extensions: ["npy"]))
  var matrices: String?

  @Option(
    name: .customLong("b"), help: "The right-hand sides.",
    completion: .file(extensions: ["npy"]))
  var rightHandSides: String?

  @Option(
    name: .customLong("x"), help: "The solutions. (default: by LU)",
    completion: .file(extensions: ["npy"]))
  var solutions: String?

  @Option(
    name: .shortAndLong, help: "The file to write.", completion: .file())
  var output: String

  @OptionGroup var force: ForceOptions
  @OptionGroup var messages: MessageOptions

  func validate() throws {
    if arrays != nil {
      guard matrices == nil, rightHandSides == nil, solutions == nil else {
        throw ValidationError(
          "a safetensors file and --A, --b, --x exclude each other")
      }
    } else if matrices == nil || rightHandSides == nil {
      throw ValidationError("give a safetensors file, or --A and --b")
    }
  }

  func run() throws {
    try force.check(output)
    let systems = try systems()
    let cancellation = Interrupt.watch()
    let found = try messages.progress(
      "import", total: systems.count, unit: "systems"
    ) { bar in
      try systems.write(to: output, replaces: force.force) {
        try cancellation.check()
        bar.update($0)
      }
    }
    let (residual, system) = found.largestResidual
    if residual > 1e-6, !messages.quiet {
      Console.warning(
        "the largest relative residual is \(NumberFormat.short.text(residual)), "
          + "of system \(system): x is not the solution of A x = b there")
    }
    messages.notice(
      "\(found.count) systems of order \(found.n): \(output)")
  }

  private func systems() throws -> GivenSystems {
    if let arrays {
      let file = try SafetensorsFile(path: arrays)
      // A dataset's x is its nodes; what fits neither way is refused below.
      let there = ["x", "u"].filter { file[$0] != nil }
      let name =
        there.first { file[$0]?.shape == file["b"]?.shape } ?? there.first
      return try GivenSystems(
        A: NumberArray("A", of: file), b: NumberArray("b", of: file),
        x: name.map { try NumberArray($0, of: file) })
    }
    return try GivenSystems(
      A: NumberArray(npy: matrices ?? ""),
      b: NumberArray(npy: rightHandSides ?? ""),
      x: solutions.map { try NumberArray(npy: $0) })
  }
}
