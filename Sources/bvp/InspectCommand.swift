import ArgumentParser
import Chebyshev
import Datasets
import DenseSolvers
import Equations
import Foundation
import Networks
import TensorFiles
import Training

struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract: "Show what a safetensors file holds.",
    discussion: """
      Any safetensors file; of a dataset also the condition numbers of its
      first systems and how well its grid resolves the solutions.

      EXAMPLE:

        bvp inspect test.safetensors
      """)

  @Argument(help: "A safetensors file.")
  var file: String

  @Option(help: "Systems of a dataset to take condition numbers of.")
  var samples = 100

  @Flag(help: "Print JSON, with the metadata in full.")
  var json = false

  func validate() throws {
    guard samples >= 0 else {
      throw ValidationError("--samples must not be negative")
    }
  }

  func run() throws {
    let tensors = try SafetensorsFile(path: file)
    var facts: [(String, String)] = []
    var diagnostics: Diagnostics?
    switch tensors.metadata["format"] ?? "" {
    case let format where format.hasPrefix("bvp-dataset/"):
      let reader = try DatasetReader(path: file)
      let found = try Diagnostics(reader, limit: samples)
      facts = Self.facts(reader, found)
      diagnostics = found
    case let format where format.hasPrefix("bvp-checkpoint/"):
      facts = Self.facts(try Checkpoint(path: file))
    default: break
    }
    if json {
      try printJSON(
        Description(
          metadata: tensors.metadata,
          tensors: tensors.tensors.map {
            .init(name: $0.name, dtype: $0.dtype.rawValue, shape: $0.shape)
          },
          condition_number: diagnostics?.condition, tail: diagnostics?.tail))
    } else {
      show(tensors, facts)
    }
  }

  private func show(_ tensors: SafetensorsFile, _ facts: [(String, String)]) {
    var lines = facts
    let known = Set(facts.map(\.0))
    for (key, value) in tensors.metadata.sorted(by: { $0.key < $1.key })
    where !known.contains(key) {
      let text = value.contains("\n") ? Self.extent(value) : value
      lines.append((key, text))
    }
    let width = lines.map(\.0.count).max() ?? 0
    for (key, value) in lines {
      let pad = String(repeating: " ", count: width - key.count)
      Console.print("\(key)\(pad)  \(value)")
    }
    if !lines.isEmpty { Console.print("") }
    var table = Table(["tensor", "dtype", "shape", "bytes"], leading: 3)
    for tensor in tensors.tensors {
      let shape = tensor.shape.map(String.init).joined(separator: " × ")
      table.add([
        tensor.name, tensor.dtype.rawValue, shape, "\(tensor.byteRange.count)",
      ])
    }
    table.print()
  }

  /// What stands for a text of several lines.
  private static func extent(_ text: String) -> String {
    let lines = text.split(separator: "\n").count
    return "(\(lines) lines; --json shows them)"
  }

  private static func facts(_ reader: DatasetReader, _ found: Diagnostics)
    -> [(String, String)]
  {
    let summary = reader.equation.summary
    var facts = [
      ("dataset", "\(summary.name): \(summary.equation)"),
      ("samples", "\(reader.count)"),
      ("nodes", "\(reader.n)"),
    ]
    if let condition = found.condition, let tail = found.tail {
      let count = min(reader.count, found.count)
      facts.append(
        (
          "κ₂(A)",
          "median \(short(condition.median)), p10 \(short(condition.p10)), "
            + "p90 \(short(condition.p90)) (first \(count))"
        ))
      facts.append(
        (
          "tail of u",
          "median \(short(tail.median)), p90 \(short(tail.p90)): last Chebyshev "
            + "coefficients over the largest"
        ))
    }
    return facts
  }

  private static func facts(_ checkpoint: Checkpoint) -> [(String, String)] {
    [
      ("network", checkpoint.configuration.summary),
      (
        "tokens",
        "\(checkpoint.encoding.kind.rawValue), gains "
          + "\(short(checkpoint.encoding.matrixGain)) and "
          + "\(short(checkpoint.encoding.vectorGain))"
      ),
    ]
  }

  /// The keys are a contract with scripts.
  private struct Description: Encodable {
    struct Tensor: Encodable {
      let name: String
      let dtype: String
      let shape: [Int]
    }

    let metadata: [String: String]
    let tensors: [Tensor]
    let condition_number: Metrics.Distribution?
    let tail: Metrics.Distribution?
  }
}

/// The condition numbers of a dataset's first systems and the decay of their
/// solutions' Chebyshev coefficients.
private struct Diagnostics {
  let count: Int
  let condition: Metrics.Distribution?
  let tail: Metrics.Distribution?

  init(_ reader: DatasetReader, limit: Int) throws {
    let source = DatasetSource(reader, limit: limit)
    var system = SolvedSystem(n: reader.n)
    var conditions: [Double] = []
    var tails: [Double] = []
    let workspace = Workspace()
    count = source.limit
    for index in 0..<source.limit {
      try source.load(index, into: &system)
      conditions.append(
        try conditionNumber(system.A, n: reader.n, workspace: workspace))
      tails.append(
        ChebyshevSeries(values: system.u, on: reader.equation.domain).tail)
    }
    condition = conditions.isEmpty ? nil : Metrics.Distribution(conditions)
    tail = tails.isEmpty ? nil : Metrics.Distribution(tails)
  }
}
